import { excerpt } from "./terminal-text";

/** The words for an object that somebody archived, after its name. Some answers show no time. */
export function wasArchived(at?: string | null): string {
  return at == null ? "is archived" : `was archived at ${excerpt(at)}`;
}
