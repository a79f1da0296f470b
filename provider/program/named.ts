import * as pulumi from "@pulumi/pulumi";
import { isComputed } from "./inputs";
import type { NamingPlace } from "./named-kinds";
import { isOfType } from "./resource";

/**
 * What a program may write in place of an id: the resource, or what a look-up found. The states and the requests have the id
 * either way.
 */
export type Named<Resource, Found = never> = pulumi.Input<string | Resource | Found>;

/** The arguments with ids in place of the resources, and of the results of look-ups, that stand for them. */
export function withIds(
  places: readonly NamingPlace[],
  args: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const written = { ...args };
  for (const place of places) {
    const [argument, ...members] = place.at;
    if (written[argument] !== undefined) {
      written[argument] = withIdsAt(written[argument], members, place);
    }
  }
  return written;
}

function withIdsAt(value: unknown, [member, ...others]: readonly string[], place: NamingPlace): unknown {
  if (isComputed(value)) {
    return pulumi
      .all([value])
      .apply(([known]) => withIdsAt(known, member === undefined ? [] : [member, ...others], place));
  }
  if (member === undefined) {
    return withId(value, place);
  }
  // Element by element: an Output around all of them would hide them in a preview in which one is not known yet.
  if (member === "*") {
    return Array.isArray(value) ? value.map((element) => withIdsAt(element, others, place)) : value;
  }
  return isPlain(value) && Reflect.get(value, member) !== undefined
    ? { ...value, [member]: withIdsAt(Reflect.get(value, member), others, place) }
    : value;
}

function withId(value: unknown, { kind, written = idOf }: NamingPlace): unknown {
  const { type = "", idMember = "id" } = kind;
  if (pulumi.Resource.isInstance(value)) {
    // The URN of another resource: the check says by it what the resource is, also where its id is not known yet.
    return isOfType(value, type) ? written(value) : value.urn;
  }
  if (!isPlain(value)) {
    return value;
  }
  return isFound(value) ? written(value) : withIdsAt(value, [idMember], { at: [idMember], kind });
}

function idOf(named: object): unknown {
  return Reflect.get(named, "id");
}

function isPlain(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !pulumi.Resource.isInstance(value);
}

/** Nobody writes these members by hand: each look-up of a kind finds one of them with every object. */
function isFound(value: object): boolean {
  return "effectiveMetadata" in value || "displayTitle" in value;
}
