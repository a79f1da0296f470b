import type { z } from "zod";
import { isObject, mapMembers, without } from "./program-values";

type Path = readonly PropertyKey[];

/**
 * The places of members that a program cannot write. The API is in beta, so its replies may have members that no page of this version has
 * ("Conventions: versioning").
 */
export function unknownMembers(schema: z.ZodType, value: unknown): Path[] {
  return (schema.safeParse(value).error?.issues ?? []).flatMap(placesOf);
}

function placesOf(issue: z.core.$ZodIssue): Path[] {
  // Of the alternatives of a union, only one takes the members of an object.
  const inner: readonly Path[] =
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => [key])
      : issue.code === "invalid_union"
        ? (issue.errors.map((errors) => errors.flatMap(placesOf)).find((places) => places.length > 0) ?? [])
        : [];
  return inner.map((path) => [...issue.path, ...path]);
}

/** The value without the members that a program cannot write. */
export function writable(schema: z.ZodType, value: unknown): unknown {
  return typeof value === "object" && value !== null ? withoutMembers(value, unknownMembers(schema, value)) : value;
}

function withoutMembers(value: unknown, places: readonly Path[]): unknown {
  if (places.length === 0) {
    return value;
  }
  const inner = mapMembers(value, (member, name) =>
    withoutMembers(
      member,
      places.flatMap(([first, ...rest]) => (String(first) === name && rest.length > 0 ? [rest] : [])),
    ),
  );
  const names = places.flatMap(([name, ...rest]) => (rest.length === 0 ? [String(name)] : []));
  return isObject(inner) ? without(inner, names) : inner;
}
