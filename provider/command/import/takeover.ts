import { Reference } from "../../resource/fields/generated";
import type { Properties } from "../../resource/program-values";
import type { Described } from "./described";
import { type PlainSecrets, plainSecretsIn, type WrittenSecrets, writtenSecrets } from "./untold";

/** A live object that the program takes over. */
export interface Takeover {
  readonly object: Described;
  readonly names: Names;
  /** The inputs in the program, with references to objects that it declares earlier. */
  readonly written: Properties;
  readonly secrets: WrittenSecrets;
  /** The settings in place of values that look like secrets. */
  readonly plainSecrets: PlainSecrets;
}

/** An object that cannot be taken over, with the reason. */
export interface LeftOut {
  readonly id: string;
  readonly name?: string | undefined;
  readonly reasons: readonly string[];
}

export interface Plan {
  /** The objects, each after the objects to which it refers. */
  readonly taken: readonly Takeover[];
  readonly leftOut: readonly LeftOut[];
}

/** Declares each object unchanged, and leaves out objects that `check` of this version would refuse. */
export function planned(objects: readonly Described[]): Plan {
  const sound = objects.filter(({ failures }) => failures.length === 0);
  const names = namesOf(sound.map(({ id, name, kind: { noun } }) => ({ id, name, noun })));
  const declared = new Map<string, Described>();
  const settings = new Set<string>();
  const taken = inOrder(sound).flatMap((object) => {
    const written = object.referring((id) => declared.get(id)?.outputs);
    declared.set(object.id, object);
    const given = names.get(object.id);
    if (given === undefined) {
      return [];
    }
    const { identifier } = given;
    const secrets = writtenSecrets(object.untold, identifier, settings);
    return [{ object, names: given, written, secrets, plainSecrets: plainSecretsIn(written, identifier, settings) }];
  });
  const unsound = objects.filter(({ failures }) => failures.length > 0);
  return { taken, leftOut: unsound.map(({ id, name, failures }) => ({ id, name, reasons: failures })) };
}

/**
 * The objects, each after the objects to which it refers. In a circle the last object has an id in place of its reference.
 */
function inOrder(objects: readonly Described[]): Described[] {
  const byId = new Map(objects.map((object) => [object.id, object]));
  const met = new Set<Described>();
  const placed: Described[] = [];
  const place = (object: Described): void => {
    if (met.has(object)) {
      return;
    }
    met.add(object);
    for (const id of referencesIn(object.referring((named) => byId.get(named)?.outputs))) {
      const named = byId.get(id);
      if (named !== undefined) {
        place(named);
      }
    }
    placed.push(object);
  };
  objects.forEach(place);
  return placed;
}

/** The ids of the objects that the value refers to. */
export function referencesIn(value: unknown): string[] {
  if (value instanceof Reference) {
    return [value.id];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(referencesIn) : [];
}

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
}

/**
 * Readable names by id. Resource names are unique within a kind, because the URN contains the type; constants are unique over
 * all kinds. If two names collide, the earlier object keeps its name.
 */
export function namesOf(objects: readonly Named[]): ReadonlyMap<string, Names> {
  const resources = new Map<string, Set<string>>();
  const identifiers = new Map<string, string>();
  const claim = (object: Named): readonly [string, Names] => {
    const { id, noun } = object;
    const ofKind = resources.get(noun) ?? new Set();
    const resource = free(resourceName(object), "-", ofKind);
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

function free(wanted: string, joint: string, taken: { has(name: string): boolean }): string {
  let candidate = wanted;
  for (let number = 2; taken.has(candidate); number += 1) {
    candidate = `${wanted}${joint}${number}`;
  }
  return candidate;
}

function identifierOf(resource: string, noun: string): string {
  // `GITHUB_TOKEN` becomes `githubToken`.
  const readable = /[a-z]/.test(resource) ? resource : resource.toLowerCase();
  const [first = "", ...others] = readable.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  const start = first === first.toUpperCase() ? first.toLowerCase() : lowerFirst(first);
  const identifier = `${start}${pascalCase(others)}`;
  if (/^[0-9]/.test(identifier)) {
    return `${lowerFirst(pascalCase([noun]))}${identifier}`;
  }
  return reserved.has(identifier) ? `${identifier}${pascalCase([noun])}` : identifier;
}

function pascalCase(words: readonly string[]): string {
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
