import { z } from "zod";
import { invalid } from "./errors";
import { characters, isObject } from "./parse";
import type { JsonObject } from "./wire";

export const metadata = z.record(z.string(), z.unknown());

/** The limits in "Conventions: schemas": 16 keys of 64 characters, with values of 512. */
const MAX_KEYS = 16;
const MAX_KEY_LENGTH = 64;
const MAX_VALUE_LENGTH = 512;

/** The values that delete their key: null in an update, none in a create. */
export type Deletions = readonly (null | "")[];

export function deletions(isCreate: boolean): Deletions {
  return isCreate ? [] : [null];
}

export function mergedMetadata(current: JsonObject, patch: JsonObject, deletions: Deletions): JsonObject {
  const merged = { ...current };
  for (const [key, value] of Object.entries(patch)) {
    if (deletions.some((deletion) => deletion === value)) delete merged[key];
    else merged[key] = checkedValue(key, value);
  }
  // The limit counts for the result, because a patch may delete one key and add another. Objects do not count: they are
  // settings of the server.
  if (Object.values(merged).filter((value) => !isObject(value)).length > MAX_KEYS) {
    throw invalid(`metadata must hold at most ${MAX_KEYS} keys.`, "metadata");
  }
  return merged;
}

/** Merges objects at every depth, and replaces all other values. */
export function mergedObjects(current: unknown, given: unknown): unknown {
  if (!isObject(current) || !isObject(given)) return given;
  const merged = { ...current };
  for (const [key, value] of Object.entries(given)) merged[key] = mergedObjects(current[key], value);
  return merged;
}

function checkedValue(key: string, value: unknown): string {
  const param = `metadata.${key}`;
  if (key === "" || characters(key) > MAX_KEY_LENGTH) {
    throw invalid(`metadata keys must have 1-${MAX_KEY_LENGTH} characters.`, "metadata");
  }
  if (typeof value !== "string") throw invalid("metadata values must be strings.", param);
  if (characters(value) > MAX_VALUE_LENGTH) {
    throw invalid(`metadata values must have at most ${MAX_VALUE_LENGTH} characters.`, param);
  }
  return value;
}
