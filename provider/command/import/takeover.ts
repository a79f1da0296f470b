import { Reference } from "../../resource/fields/generated";
import type { Properties } from "../../resource/program-values";
import { copyOf, outside } from "./copy";
import type { Described } from "./described";
import { type Constant, type Existing, nothingExists, resourceKey } from "./existing";
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
  /** Nobody asked for this one: it is in a list that was read. */
  readonly isUnasked?: true;
}

export interface Plan {
  /** The objects, each after the objects to which it refers. */
  readonly taken: readonly Takeover[];
  readonly leftOut: readonly LeftOut[];
  /** The number of objects whose copies the program declares already. */
  readonly copied: number;
  /** The constants of the existing program, by the ids of their objects. */
  readonly constants: ReadonlyMap<string, Constant | undefined>;
}

interface Planning {
  readonly existing: Existing;
  /** Whether the program creates copies. */
  readonly isCopy: boolean;
  /** The objects that were read, managed ones too. */
  readonly read: readonly Described[];
}

/**
 * Declares each object unchanged, or its copy, beside the existing program. Leaves out objects that `check` of this version would
 * refuse, and copies that no program can create.
 */
export function planned(objects: readonly Described[], planning: Partial<Planning> = {}): Plan {
  const { existing = nothingExists, isCopy = false, read = objects } = planning;
  const originals = new Map(read.map((object) => [object.id, object]));
  const isSound = ({ failures }: Described) => failures.length === 0;
  const sound = objects.filter(isSound).map((object) => (isCopy ? copyOf(object, originals) : object));
  const names = namesOf(
    sound.map(({ id, name, kind: { noun, label } }) => ({ id, name, noun, label })),
    isCopy ? nothingExists : existing,
  );
  const keyOf = ({ id, kind }: Described) => resourceKey(kind.label, names.get(id)?.resource ?? "");
  const copied = isCopy ? sound.filter((object) => existing.resources.has(keyOf(object))) : [];
  const constants = new Map(
    isCopy ? copied.map((object) => [object.id, existing.resources.get(keyOf(object))]) : existing.ids,
  );
  const named = [...constants].flatMap(([id, constant]) => (constant === undefined ? [] : [id]));
  const declared = new Map(named.map((id) => [id, originals.get(id)?.outputs ?? {}]));
  const settings = new Set(isCopy ? [] : existing.settings);
  const leftOut = objects
    .filter((object) => !isSound(object))
    .map(({ id, name, failures }) => ({ id, name, reasons: failures }));
  const taken = inOrder(sound.filter((object) => !copied.includes(object))).flatMap((object) => {
    const { id, name } = object;
    const given = names.get(id);
    const reasons = isCopy ? outside(object, declared, originals) : [];
    if (given === undefined || reasons.length > 0) {
      leftOut.push({ id, name, reasons });
      return [];
    }
    const written = object.referring((one) => declared.get(one));
    declared.set(id, object.outputs);
    const { identifier } = given;
    const secrets = writtenSecrets(object.untold, identifier, settings);
    return [{ object, names: given, written, secrets, plainSecrets: plainSecretsIn(written, identifier, settings) }];
  });
  return { taken, leftOut, copied: copied.length, constants };
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
