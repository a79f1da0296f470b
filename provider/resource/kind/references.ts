import { z } from "zod";
import type { Collection } from "../../api/object-list";
import { type NamedKind, namingKinds } from "../../kinds/table";
import { containsUnknown, isObject, type Properties } from "./program-values";
import { wireName } from "./wire-case";

export interface NamedObject {
  readonly path: readonly PropertyKey[];
  readonly kind: NamedKind;
  readonly id: string;
  readonly version: { readonly path: readonly PropertyKey[]; readonly number: number | string } | undefined;
}

/**
 * Finds the declaration of the object that an argument names; undefined if this command does not declare it, or has not met its id.
 * A preview does not know the id of a new object. The declaration is then found if it is the only one of its kind, among those that the
 * program uses for the arguments if the program says so.
 */
export interface FindDeclaration {
  (kind: NamedKind, id: unknown): FoundDeclaration | undefined;
  /** Every declaration of the kind until now. */
  all(kind: NamedKind): readonly FoundDeclaration[];
}

export interface FoundDeclaration {
  readonly name: string;
  readonly inputs: Properties;
  /** The names of the arguments that hold secrets. */
  readonly secrets: readonly string[];
  /** True if the program changes the arguments of the object; absent for an object that only the service shows. */
  readonly isChanging?: boolean;
  /** Finds what this object names, also by an id that is unknown yet; absent for an object that only the service shows. */
  readonly find?: FindDeclaration;
}

interface Place {
  readonly at: readonly string[];
  readonly kind: NamedKind;
}

/** The objects that the arguments name, without those whose ids are unknown. */
export function namedObjects(places: readonly Place[], given: Properties): NamedObject[] {
  return places.flatMap(({ at, kind }) => valuesAt(given, at).flatMap(({ path, value }) => named(path, value, kind)));
}

export interface Users {
  readonly kind: Collection & NamedKind;
  /** The ids of the objects of the kind that the reply about a user names. */
  namedBy(user: object): readonly string[];
  /** The kinds of which a user runs versions that may need objects of the kind themselves. */
  readonly running: readonly Users[];
  /** These versions: what runs is a version, and not what its object has become since. */
  runs(user: object): readonly RunVersion[];
}

export interface RunVersion {
  readonly id: string;
  readonly version: number | string;
  /** The kind of the object, as a user. */
  readonly users: Users;
}

/** The kinds whose live objects need objects of this kind, because they name one or run a version of an object that names one. */
export function usersOf(named: NamedKind): Users[] {
  const names = (kind: NamedKind, places: readonly Place[]) => places.some((place) => isSame(place.kind, kind));
  const naming = namingKinds.filter((user) => names(named, user.named));
  const all: readonly Users[] = namingKinds.map(({ named: places, ...kind }) => ({
    kind,
    namedBy: (user) => inReply(places, named, user).map(({ id }) => id),
    get running() {
      return all.filter((one) => naming.some((other) => isSame(one.kind, other)) && names(one.kind, places));
    },
    runs(user) {
      return this.running.flatMap((users) =>
        inReply(places, users.kind, user).flatMap(({ id, version }) =>
          version === undefined ? [] : [{ id, version: version.number, users }],
        ),
      );
    },
  }));
  return all.filter((one) => naming.some((other) => isSame(one.kind, other)) || one.running.length > 0);
}

function isSame(one: NamedKind, other: NamedKind): boolean {
  return one.collection === other.collection;
}

/** The objects of the kind that a reply names: at the same places as the arguments of a program. */
function inReply(places: readonly Place[], named: NamedKind, reply: object): NamedObject[] {
  const kind = { ...named, idMember: wireName(named.idMember ?? "id") };
  const own = places.filter((place) => isSame(place.kind, named));
  return namedObjects(
    own.map(({ at }) => ({ at: at.map(wireName), kind })),
    { ...reply },
  );
}

interface Placed {
  readonly path: readonly PropertyKey[];
  readonly value: unknown;
}

function valuesAt(value: unknown, at: readonly string[], path: readonly PropertyKey[] = []): Placed[] {
  const [step, ...rest] = at;
  if (step === undefined) {
    return [{ path, value }];
  }
  if (step === "*") {
    return Array.isArray(value) ? value.flatMap((one, index) => valuesAt(one, rest, [...path, index])) : [];
  }
  return isObject(value) && Object.hasOwn(value, step) ? valuesAt(value[step], rest, [...path, step]) : [];
}

const number = z.union([z.int(), z.string().regex(/^\d+$/)]);
const versioned = z.object({ id: z.string(), version: number.optional().catch(undefined) });

function named(path: readonly PropertyKey[], value: unknown, kind: NamedKind): NamedObject[] {
  const { idMember = "id" } = kind;
  const reference = versioned.safeParse({ ...Object(value), id: Object(value)[idMember] }).data;
  const id = typeof value === "string" ? value : reference?.id;
  if (id === undefined || containsUnknown(id)) {
    return [];
  }
  const version =
    reference?.version === undefined ? undefined : { path: [...path, "version"], number: reference.version };
  return [{ path: typeof value === "string" ? path : [...path, idMember], kind, id, version }];
}
