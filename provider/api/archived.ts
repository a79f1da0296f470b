import { z } from "zod";
import { excerpt } from "./terminal-text";

/** The time of an archive. An unknown form of the time still counts as archived, an empty value does not. */
export const archivedAt = z
  .unknown()
  .transform((value) => (value ? (typeof value === "string" ? value : JSON.stringify(value)) : nothing(value)))
  .optional();

function nothing(value: unknown): null | undefined {
  return value === undefined ? undefined : null;
}

const longestTime = 100;

/** The words for an object that somebody archived, after its name. Some answers show no time. */
export function wasArchived(at?: string | null): string {
  return at == null ? "is archived" : `was archived at ${excerpt(at, longestTime)}`;
}
