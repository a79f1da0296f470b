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
