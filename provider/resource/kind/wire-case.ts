import { z } from "zod";
import { asJson, type Json } from "../../api/schema";

/**
 * The members of a structured argument under their API names. Only for shapes whose keys are API names, never for maps whose
 * keys belong to the user (`metadata`, `environmentVariables`). The values of `verbatim` members belong to the user too and
 * stay unchanged.
 */
export function toWireCase(value: unknown, verbatim: readonly string[] = []): Json {
  return renamed(value, wireName, verbatim);
}

export function wireName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The reverse of {@link toWireCase}. `verbatim` holds API names. */
export function fromWireCase(value: unknown, verbatim: readonly string[] = []): Json {
  return renamed(value, (name) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()), verbatim);
}

// Leaves out null members: the API answers null for a member that was not set.
function renamed(value: unknown, rename: (name: string) => string, verbatim: readonly string[]): Json {
  if (Array.isArray(value)) {
    return value.map((element) => renamed(element, rename, verbatim));
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
    const inner = ([name, member]: [string, unknown]) =>
      verbatim.includes(name) ? asJson(member) : renamed(member, rename, verbatim);
    return Object.fromEntries(entries.map((entry) => [rename(entry[0]), inner(entry)]));
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}

const members = z.record(z.string(), z.unknown());

/**
 * The reason why the `known` members alone cannot describe an object of a reply; undefined if all other members are empty.
 * Requests carry the value as a whole, so a program that leaves a member out removes it with its next change.
 */
export function strangeMembers(value: unknown, known: readonly string[]): string | undefined {
  const held = members.safeParse(value);
  if (!held.success) {
    return strangeShape;
  }
  const strange = Object.entries(held.data).filter(([name, member]) => !known.includes(name) && !isEmpty(member));
  return strange.length === 0
    ? undefined
    : `has members that this version does not know: ${strange.map(([name]) => name).join(", ")}`;
}

export const strangeShape = "has a shape that this version does not know";

export function isEmpty(value: unknown): boolean {
  return value == null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}
