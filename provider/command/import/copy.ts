import { namedObjects } from "../../resource/named";
import { membersOf, type Properties } from "../../resource/program-values";
import { shown } from "../words";
import type { Described } from "./described";
import type { WriteOnly } from "./write-only";

/** What a program of copies declares in place of the object: its arguments without what only the original has. */
export function copyOf(object: Described, originals: ReadonlyMap<string, Described>): Described {
  const { inputs, notes } = withNewestVersions(object, originals);
  return {
    ...object,
    inputs,
    // A copy has secrets of its own, from settings, so the program knows all of them.
    writeOnly: new Map([...object.writeOnly].map(([value, writeOnly]) => [value, ofCopy(writeOnly)])),
    ignored: new Map(),
    notes: [...object.notes, ...(object.lostInCopy === undefined ? [] : [object.lostInCopy]), ...notes],
    referring: (outputsOf) => object.referring(outputsOf, inputs),
  };
}

function ofCopy({ caveats, optional, ...writeOnly }: WriteOnly): WriteOnly {
  return { ...writeOnly, caveats, lines: caveats, placeholder: undefined, optional: [], settable: optional };
}

/** A copy has one version, the first, with the content of the newest one. */
function withNewestVersions(object: Described, originals: ReadonlyMap<string, Described>) {
  let { inputs } = object;
  const notes: string[] = [];
  for (const { kind, id, version } of namedObjects(object.kind.named ?? [], inputs)) {
    const { outputs } = originals.get(id) ?? {};
    const newest = outputs?.["version"] ?? outputs?.["latestVersion"];
    if (version !== undefined && newest !== undefined && String(version.number) !== String(newest)) {
      inputs = membersOf(replacedAt(inputs, version.path, newest));
      notes.push(
        `it names version ${version.number} of ${kind.noun} ${id}; its copy names the copy of version ${newest}`,
      );
    }
  }
  return { inputs, notes };
}

function replacedAt(value: unknown, [step, ...rest]: readonly PropertyKey[], version: unknown): unknown {
  if (step === undefined) {
    return version;
  }
  const replaced = (key: PropertyKey, one: unknown) => (key === step ? replacedAt(one, rest, version) : one);
  return Array.isArray(value)
    ? value.map((one, index) => replaced(index, one))
    : Object.fromEntries(Object.entries(Object(value)).map(([name, one]) => [name, replaced(name, one)]));
}

/** Why a program cannot create the copy after the `declared` objects: it names others. Empty if it can. */
export function outside(
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
    const what = `it names the ${kind.noun} ${shown(named ?? { id })}`;
    return named === undefined
      ? `${what}, which is not among the copies. Select it as well, or change the original`
      : `${what}, which cannot be created before it: that one is left out, or names this one`;
  });
}

function isOfCatalogue(inputs: Properties, path: readonly PropertyKey[]): boolean {
  const holder = path.slice(0, -1).reduce<unknown>((value, step) => Object(value)[step], inputs);
  return Object(holder).type === "qoder";
}
