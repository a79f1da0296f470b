import { z } from "zod";
import type { Collection } from "../api/object-list";
import type { Listed } from "../api/schema";
import { type NamedKind, namingKinds } from "../kinds/table";
import { wireName } from "./fields/wire-case";
import { containsUnknown, isObject, type Properties } from "./program-values";

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
export type FindDeclaration = (kind: NamedKind, id: unknown) => FoundDeclaration | undefined;

export interface FoundDeclaration {
  readonly name: string;
  readonly inputs: Properties;
  /** The names of the arguments that hold secrets. */
  readonly secrets: readonly string[];
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
  readonly kind: Collection;
  /** The query for objects that name this id; undefined if the API has none. */
  readonly filter: string | undefined;
  readonly namedBy: (user: Listed) => readonly string[];
}

/** The kinds whose live objects need objects of this kind. Their replies name them at the same places as their arguments. */
export function usersOf(named: NamedKind): Users[] {
  const kind = { ...named, idMember: wireName(named.idMember ?? "id") };
  return namingKinds.flatMap((user) => {
    const own = user.named.filter((place) => place.kind.collection === named.collection);
    const places = own.map(({ at }) => ({ at: at.map(wireName), kind }));
    const namedBy = (reply: object) => namedObjects(places, { ...reply }).map(({ id }) => id);
    return own.length === 0 ? [] : [{ kind: user, filter: own.length === 1 ? own[0]?.filter : undefined, namedBy }];
  });
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
