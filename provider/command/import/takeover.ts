import { Reference } from "../../resource/fields/reference";
import type { Properties } from "../../resource/program-values";
import type { Described } from "./import-kind";
import { type Names, namesOf } from "./names";

/** A live object that is taken over. */
export interface Takeover {
  readonly object: Described;
  readonly names: Names;
  /** The inputs as the program writes them, with references to objects that it declares before. */
  readonly written: Properties;
}

/** An object that cannot be taken over, and why. */
export interface LeftOut {
  readonly id: string;
  readonly name?: string | undefined;
  readonly reasons: readonly string[];
}

export interface Plan {
  /** Each after those which it refers to. */
  readonly taken: readonly Takeover[];
  readonly leftOut: readonly LeftOut[];
}

/** Declares each object as it is; one that this version's own check would refuse is left out. */
export function planned(objects: readonly Described[]): Plan {
  const sound = objects.filter(({ failures }) => failures.length === 0);
  const names = namesOf(sound.map(({ id, name, kind: { noun } }) => ({ id, name, noun })));
  const declared = new Map<string, Described>();
  const taken = inOrder(sound).flatMap((object) => {
    const written = object.referring((id) => declared.get(id)?.outputs);
    declared.set(object.id, object);
    const given = names.get(object.id);
    return given === undefined ? [] : [{ object, names: given, written }];
  });
  const unsound = objects.filter(({ failures }) => failures.length > 0);
  return { taken, leftOut: unsound.map(({ id, name, failures }) => ({ id, name, reasons: failures })) };
}

/** Each after those which it names. Of a circle, the one that is met last does without its reference. */
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
