import { createHash } from "node:crypto";
import type { JsonObject } from "../../api/schema";

/** How often a declaration may be destroyed and created again while the service remembers the keys (24 hours). */
export const mostLives = 50;

/**
 * The key of a create, in the form of a UUIDv4 ("Conventions: idempotency"). The same declaration with the same body in the same
 * places (the workspace, and the object that the new one stands inside) gives the same key in every process, so a create whose answer
 * was lost is found again instead of repeated. `life` counts the objects of this declaration that cannot be taken, while the service still remembers their keys.
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

// The order of members depends on who put the body together, and must not make another key of the same create.
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
}
