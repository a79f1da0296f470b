import { type Existing, nothingExists, resourceKey } from "./existing";

/** The names of an object in the program. */
export interface Names {
  /** The Pulumi resource name: the last part of the URN, and the name that people see in a preview. */
  readonly resource: string;
  /** The constant that holds the resource. */
  readonly identifier: string;
}

interface Named {
  readonly id: string;
  readonly name?: string | undefined;
  /** The noun of its kind. */
  readonly noun: string;
  /** The class of its kind. */
  readonly label?: string;
}

/**
 * Readable names by id. Resource names are unique within a kind, because the URN contains the type; constants are unique over
 * all kinds. If two names collide, the earlier object keeps its name.
 */
export function namesOf(
  objects: readonly Named[],
  existing: Pick<Existing, "resources" | "identifiers"> = nothingExists,
): ReadonlyMap<string, Names> {
  const resources = new Map<string, Set<string>>();
  const identifiers = new Map([...existing.identifiers].map((identifier) => [identifier, ""]));
  const claim = (object: Named): readonly [string, Names] => {
    const { id, noun, label = "" } = object;
    const ofKind = resources.get(noun) ?? new Set();
    const has = (name: string) => ofKind.has(name) || existing.resources.has(resourceKey(label, name));
    const resource = free(resourceName(object), "-", { has });
    resources.set(noun, ofKind.add(resource));
    const short = identifierOf(resource, noun);
    const isOfOtherKind = identifiers.has(short) && identifiers.get(short) !== noun;
    const identifier = free(isOfOtherKind ? `${short}${pascalCase([noun])}` : short, "", identifiers);
    identifiers.set(identifier, noun);
    return [id, { resource, identifier }];
  };
  // Names that can stay unchanged come before names that collide with them only after they were made readable.
  const kept = objects.filter(isKept);
  const made = objects.filter((object) => !isKept(object));
  return new Map([...kept, ...made].map(claim));
}

const longest = 64;

function isKept({ name }: Named): boolean {
  return name !== undefined && name.length <= longest && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name);
}

function resourceName(object: Named): string {
  const { id, name = "", noun } = object;
  if (isKept(object)) {
    return name;
  }
  const words = name
    .normalize("NFKD")
    .replace(/[\p{M}'’]/gu, "")
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  const readable = words?.join("-").slice(0, longest).replace(/-$/, "") ?? "";
  return /[a-z]/.test(readable)
    ? readable
    : `${noun}-${id.replace(/[^A-Za-z0-9]/g, "").slice(-8)}`.replaceAll(" ", "-");
}

/** The first of the names NAME, NAME-2, NAME-3 and so on that is not taken. */
export function free(wanted: string, joint: string, taken: { has(name: string): boolean }): string {
  let candidate = wanted;
  for (let number = 2; taken.has(candidate); number += 1) {
    candidate = `${wanted}${joint}${number}`;
  }
  return candidate;
}

function identifierOf(resource: string, noun: string): string {
  const identifier = camelCase(resource);
  if (/^[0-9]/.test(identifier)) {
    return `${lowerFirst(pascalCase([noun]))}${identifier}`;
  }
  return reserved.has(identifier) ? `${identifier}${pascalCase([noun])}` : identifier;
}

/** `GITHUB_TOKEN` becomes `githubToken`. */
export function camelCase(text: string): string {
  const readable = /[a-z]/.test(text) ? text : text.toLowerCase();
  const [first = "", ...others] = readable.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return `${first === first.toUpperCase() ? first.toLowerCase() : lowerFirst(first)}${pascalCase(others)}`;
}

export function pascalCase(words: readonly string[]): string {
  return words
    .flatMap((word) => word.split(" "))
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join("");
}

function lowerFirst(word: string): string {
  return word.slice(0, 1).toLowerCase() + word.slice(1);
}

/**
 * The names that no constant of a module may have (ECMAScript 12.7.2, TS2397, CommonJS), and the names in the comments of the
 * program.
 */
const reserved = new Set(
  [
    "await break case catch class const continue debugger default delete do else enum export extends false finally for",
    "function if import in instanceof new null return super switch this throw true try typeof var void while with yield",
    "let static implements interface package private protected public arguments eval",
    "undefined globalThis exports module require",
    "pulumi config",
  ].flatMap((line) => line.split(" ")),
);
