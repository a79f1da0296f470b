import { type OutputsOf, Reference } from "../../provider/resource/kind/field";
import { mapMembers, membersOf, type Properties, valueIn } from "../../provider/resource/kind/program-values";
import { type NamedObject, namedObjects } from "../../provider/resource/kind/references";
import type { ManagedResource } from "../stack";
import { shown } from "../words";
import type { Described } from "./import-kind";
import { type Names, namesOf } from "./names";
import {
  type PlainSecrets,
  plainSecretsIn,
  type Setting,
  type WriteOnly,
  type WrittenSecrets,
  writtenSecrets,
} from "./write-only";

export interface ImportedObject {
  readonly object: Described;
  readonly names: Names;
  /** The inputs in the program, with references to objects that it declares earlier. */
  readonly written: Properties;
  readonly secrets: WrittenSecrets;
  readonly plainSecrets: PlainSecrets;
}

/** An object that cannot be imported, with the reason. */
export interface LeftOut {
  readonly id: string;
  readonly name?: string | undefined;
  readonly reasons: readonly string[];
  /** Nobody asked for this one: it is in a list that was read. */
  readonly isUnasked?: true;
}

export interface Plan {
  /** The objects, each after the objects to which it refers. */
  readonly taken: readonly ImportedObject[];
  readonly leftOut: readonly LeftOut[];
}

interface Planning {
  readonly managed: readonly ManagedResource[];
  /** The managed objects whose constants the program imports. */
  readonly wired: { has(id: string): boolean };
  readonly isCopy: boolean;
  /** The objects that were read, managed ones too. */
  readonly read: readonly Described[];
}

/**
 * Declares each object unchanged, or its copy. Leaves out objects that `check` of this version would refuse, and copies that no program
 * can create.
 */
export function planned(objects: readonly Described[], planning: Partial<Planning> = {}): Plan {
  const { managed = [], isCopy = false, read = objects, wired = new Set() } = planning;
  const originals = new Map(read.map((object) => [object.id, object]));
  const newest = new Map(
    [...managed, ...read].map((one) => [one.id, one.outputs["version"] ?? one.outputs["latestVersion"]]),
  );
  // The program refers by its id alone to a managed object whose constant nobody knows, so it needs no outputs of it.
  const declared = new Map<string, Properties>(
    managed.map(({ id, outputs }) => [id, wired.has(id) ? (originals.get(id)?.outputs ?? outputs) : {}]),
  );
  // The object follows the newest version of such a managed object, but keeps an older one.
  const followed = new Set(managed.flatMap(({ id }) => (wired.has(id) ? [] : id)));
  const following = (id: string, version: number | string) =>
    followed.has(id) && !(Number(version) < Number(newest.get(id))) ? undefined : version;
  const isSound = ({ failures }: Described) => failures.length === 0;
  const sound = objects
    .filter(isSound)
    .map((object) => (isCopy ? copyOf(object, newest) : withVersions(object, following)));
  const names = namesOf(
    sound.map(({ id, name, kind: { noun } }) => ({ id, name, noun })),
    managed,
  );
  const settings = new Set<string>();
  const known = new Map<string, Setting>();
  const leftOut = objects
    .filter((object) => !isSound(object))
    .map(({ id, name, failures }) => ({ id, name, reasons: failures }));
  const taken = inOrder(sound).flatMap((object) => {
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
    const secrets = writtenSecrets(object.writeOnly, identifier, settings);
    const plainSecrets = plainSecretsIn(written, identifier, settings, known);
    return [{ object, names: given, written, secrets, plainSecrets }];
  });
  return { taken, leftOut };
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

export function referencesIn(value: unknown): string[] {
  if (value instanceof Reference) {
    return [value.id];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(referencesIn) : [];
}

/** What a program of copies declares in place of the object: its arguments without what only the original has. */
function copyOf(object: Described, newest: ReadonlyMap<string, unknown>): Described {
  // A copy has one version, the first, with the content of the newest one.
  const { changed, ...copied } = withVersions(object, (id, version) => newest.get(id) ?? version, object.kind.inCopy);
  const notes = changed.map(
    ({ kind: { noun }, id, version }) =>
      `it uses version ${version?.number} of ${noun} ${id}; its copy uses the copy of version ${newest.get(id)}`,
  );
  return {
    ...copied,
    // A copy has secrets of its own, from settings, so the program knows all of them.
    writeOnly: new Map([...object.writeOnly].map(([value, writeOnly]) => [value, ofCopy(writeOnly)])),
    ignored: new Map(),
    notes: [...object.notes, ...(object.lostInCopy === undefined ? [] : [object.lostInCopy]), ...notes],
  };
}

function ofCopy({ caveats, optional, ...writeOnly }: WriteOnly): WriteOnly {
  return { ...writeOnly, caveats, lines: caveats, placeholder: undefined, optional: [], settable: optional };
}

function withVersions(
  object: Described,
  versionOf: (id: string, version: number | string) => unknown,
  more: Properties = {},
): Described & { readonly changed: readonly NamedObject[] } {
  const changed: NamedObject[] = [];
  let inputs: unknown = { ...object.inputs, ...more };
  for (const named of namedObjects(object.kind.named ?? [], object.inputs)) {
    const { path = [], number = "" } = named.version ?? {};
    const version = versionOf(named.id, number);
    if (named.version !== undefined && String(version) !== String(number)) {
      inputs = replacedAt(inputs, path, version);
      changed.push(named);
    }
  }
  const declared = membersOf(inputs);
  const referring = (outputsOf: OutputsOf) => object.referring(outputsOf, declared);
  return { ...object, inputs: declared, outputs: { ...object.outputs, ...declared }, referring, changed };
}

function replacedAt(value: unknown, [step, ...rest]: readonly PropertyKey[], version: unknown): unknown {
  return step === undefined
    ? version
    : mapMembers(value, (member, name) => (name === String(step) ? replacedAt(member, rest, version) : member));
}

/** Why a program cannot create the copy after the `declared` objects: it names others. Empty if it can. */
function outside(
  object: Described,
  declared: { has(id: string): boolean },
  originals: ReadonlyMap<string, Described>,
): string[] {
  const names = namedObjects(object.kind.named ?? [], object.inputs).filter(
    // Qoder's own skills and models are the same in each account.
    ({ kind, path, id }) => kind.isCatalogue !== true && !declared.has(id) && !isOfCatalogue(object.inputs, path),
  );
  return names.map(({ kind, id }) => {
    const named = originals.get(id);
    const what = `it uses the ${kind.noun} ${shown(named ?? { id })}`;
    return named === undefined
      ? `${what}, which is not among the copies. Select it as well, or change the original`
      : `${what}, which cannot be created before it: that one is left out, or uses this one`;
  });
}

function isOfCatalogue(inputs: Properties, path: readonly PropertyKey[]): boolean {
  return membersOf(valueIn(inputs, path.slice(0, -1)))["type"] === "qoder";
}
