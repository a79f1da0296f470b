import type { Json } from "../api/schema";

/**
 * Members of a structured argument in the API's spelling. Only for shapes whose keys are API names; never for maps
 * whose keys belong to the user (`metadata`, `environmentVariables`).
 */
export function toWireCase(value: unknown): Json {
  return renamed(value, (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

/** The reverse of {@link toWireCase}. */
export function fromWireCase(value: unknown): Json {
  return renamed(value, (name) => name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase()));
}

// An absent member and null are one: the API answers null for what was not set.
function renamed(value: unknown, rename: (name: string) => string): Json {
  if (Array.isArray(value)) {
    return value.map((element) => renamed(element, rename));
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
    return Object.fromEntries(entries.map(([name, member]) => [rename(name), renamed(member, rename)]));
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? value : null;
}
