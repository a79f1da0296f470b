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

export const strangeShape = "has a shape that this version does not know";

export function isEmpty(value: unknown): boolean {
  return value == null || value === "" || (typeof value === "object" && Object.keys(value).length === 0);
}
