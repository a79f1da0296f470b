import { z } from "zod";
import { asJson, type Json } from "../../api/schema";

/**
 * Members of a structured argument in the API's spelling. Only for shapes whose keys are API names; never for maps
 * whose keys belong to the user (`metadata`, `environmentVariables`). What stands
 * in a member of `verbatim` belongs to the user, too.
 */
export function toWireCase(value: unknown, verbatim: readonly string[] = []): Json {
  return renamed(value, wireName, verbatim);
}

export function wireName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The reverse of {@link toWireCase}; `verbatim` in the API's spelling. */
export function fromWireCase(value: unknown, verbatim: readonly string[] = []): Json {
  return renamed(value, (name) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()), verbatim);
}

// An absent member and null are one: the API answers null for what was not set.
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

const serverOwned = ["id", "createdAt", "updatedAt", "processedAt"];

/**
 * Without the members by which the service keeps track of its own copy of an event or a resource, as it does in sessions
 * ("Sessions: resources").
 */
export function withoutServerOwned<Value extends { readonly type: string }>(value: Value) {
  const members = Object.entries(value).filter(([name]) => !serverOwned.includes(name));
  return { ...Object.fromEntries(members), type: value.type };
}

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
    : `has members that this version does not know: ${strange.map(([name]) => name).join(", ")}`;
}

export const strangeShape = "has a shape that this version does not know";

function isEmpty(value: unknown): boolean {
  return value == null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}
