import { kinds } from "../../provider/kinds/table";

export interface Names {
  /** The Pulumi resource name: the last part of the URN, and the name that people see in a preview. */
  readonly resource: string;
  readonly identifier: string;
}

interface Named {
  readonly id: string;
  readonly name?: string | undefined;
  readonly noun: string;
}

/**
 * Readable names by id. Resource names are unique within a kind, because the URN contains the type; constants are unique among
 * all names of the module. If two names collide, the earlier object keeps its name. The resources that `managed` names exist already:
 * their constants are taken as well, so that the settings of two programs differ.
 */
export function namesOf(
  objects: readonly Named[],
  managed: readonly { readonly kind: { readonly noun: string }; readonly resourceName: string }[] = [],
): ReadonlyMap<string, Names> {
  const resources = new Set(managed.map(({ kind, resourceName }) => `${kind.noun} ${resourceName}`));
  const bindings = new Map(taken.map((name) => [name, ""]));
  for (const { kind, resourceName } of managed) {
    bindings.set(identifierOf(resourceName, kind.noun), kind.noun);
  }
  const claim = (object: Named): readonly [string, Names] => {
    const { id, noun } = object;
    const resource = free(resourceName(object), "-", { has: (name) => resources.has(`${noun} ${name}`) });
    resources.add(`${noun} ${resource}`);
    const short = identifierOf(resource, noun);
    const isOfOther = bindings.has(short) && bindings.get(short) !== noun;
    const identifier = free(isOfOther ? `${short}${pascalCase([noun])}` : short, "", bindings);
    bindings.set(identifier, noun);
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
  return /^[0-9]/.test(identifier) ? `${lowerFirst(pascalCase([noun]))}${identifier}` : identifier;
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

/** What a generated module imports, and its own constant for the settings of the stack. */
export const library = { settings: "config", sdk: "pulumi", check: "requireSettings" } as const;

/** The names that no constant of an object may have: ECMAScript 12.7.2, TS2397, the variables of a CommonJS module, `library`. */
const taken = [
  "await break case catch class const continue debugger default delete do else enum export extends false finally for",
  "function if import in instanceof new null return super switch this throw true try typeof var void while with yield",
  "let static implements interface package private protected public arguments eval",
  "undefined globalThis exports module require",
  ...Object.values(library),
  ...Object.values(kinds).map(({ label }) => label),
].flatMap((line) => line.split(" "));
