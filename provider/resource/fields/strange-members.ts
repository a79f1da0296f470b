import { z } from "zod";

const members = z.record(z.string(), z.unknown());

/**
 * Why an object of a reply cannot be described by these members alone; undefined where the others say nothing. What a program
 * leaves out of a value that is sent whole, the next change takes away.
 */
export function strangeMembers(value: unknown, known: readonly string[]): string | undefined {
  const held = members.safeParse(value);
  if (!held.success) {
    return strangeShape;
  }
  const strange = Object.entries(held.data).filter(([name, member]) => !known.includes(name) && !isEmpty(member));
  return strange.length === 0
    ? undefined
    : `has what this version does not know: ${strange.map(([name]) => name).join(", ")}`;
}

export const strangeShape = "has a shape that this version does not know";

function isEmpty(value: unknown): boolean {
  return value == null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}
