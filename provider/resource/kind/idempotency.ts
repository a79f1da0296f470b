import { createHash } from "node:crypto";
import type { JsonObject } from "../../api/schema";

/**
 * The key of a create, in the form of a UUIDv4 ("Conventions: idempotency"). The same declaration with the same body, in the same
 * workspace and the same enclosing object, has the same key in every process. After a lost answer, another try of the create therefore
 * returns the object instead of making a second one. `generation` counts the earlier objects of this declaration that are archived or
 * belong to another resource, while the service still remembers their keys.
 */
export function idempotencyKey(
  origin: string,
  body: JsonObject,
  generation: number,
  ...places: readonly (string | undefined)[]
): string {
  const digest = createHash("sha256")
    .update(canonical([origin, body, generation, ...places.filter((place) => place !== undefined)]))
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
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
}
