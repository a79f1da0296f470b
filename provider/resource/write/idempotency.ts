import { createHash } from "node:crypto";
import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { JsonObject } from "../../api/schema";
import { replaceFile } from "./replace-file";

/** How often a declaration may be destroyed and created again while the service remembers the keys (24 hours). */
export const mostLives = 50;

/**
 * The key of a create, in the form of a UUIDv4 ("Conventions: idempotency"). The same declaration with the same body, in the same
 * workspace and the same enclosing object, has the same key in every process. After a lost answer, another try of the create therefore
 * returns the object instead of making a second one. `life` counts the earlier objects of this declaration that are archived or
 * belong to another resource, while the service still remembers their keys.
 */
export function idempotencyKey(
  origin: string,
  body: JsonObject,
  life: number,
  ...places: readonly (string | undefined)[]
): string {
  const digest = createHash("sha256")
    .update(canonical([origin, body, life, ...places.filter((place) => place !== undefined)]))
    .digest("hex");
  const variant = ((Number.parseInt(digest.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `4${digest.slice(13, 16)}`,
    `${variant}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join("-");
}

// Sorts the members: their order depends on the code that builds the body, and must not change the key.
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
}

// If a command is killed between the start of a run and its answer, the state does not know about the run, and another start costs
// money. A file on this machine, whose name is a key, records that the start began.

function fileOf(key: string): string {
  return join(tmpdir(), `pulumi-qoder-begun-${key}`);
}

/** Forgets the request: its outcome is about to reach the state. */
export function end(key: string): void {
  try {
    rmSync(fileOf(key), { force: true });
  } catch {
    // If the file stays, the next `up` looks for the run once more.
  }
}

/** `id`: the started run, as soon as it is known. */
const noteSchema = z.object({ about: z.string(), facts: z.looseObject({ id: z.string().optional() }) });

function noteIn(key: string): z.infer<typeof noteSchema> | undefined {
  try {
    return noteSchema.parse(JSON.parse(readFileSync(fileOf(key), "utf8")));
  } catch {
    return undefined;
  }
}

/**
 * Records facts about the request `about` in the file with this key, in place of those about an earlier request. After a kill at any
 * moment, the file contains the earlier facts or these: without a note, the next `up` would start a second run.
 */
export function write(key: string, about: string, facts: object): void {
  try {
    replaceFile(fileOf(key), JSON.stringify({ about, facts }), 0o600);
  } catch {
    // The disk is full, or the folder is not writable: the earlier note stays, and the key prevents a second effect.
  }
}

/** The facts that an earlier command recorded about the request, and did not end. */
export function read(key: string, about: string): unknown {
  const note = noteIn(key);
  return note?.about === about ? note.facts : undefined;
}

/** Removes the note about the start of this run: the state has the run. */
export function endOf(key: string, id: string): void {
  if (noteIn(key)?.facts.id === id) {
    end(key);
  }
}
