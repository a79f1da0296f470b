import * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "./inputs";
import type { NamingPlace } from "./named-kinds";
import { isOfType } from "./resource";
import { idOf, type OfResource, writtenIds } from "./written-ids";

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
  return writtenIds(places, args, { whenKnown, ofResource });
}

const ofResource: OfResource = (value, { kind: { type = "" }, written = idOf }) => {
  if (!pulumi.Resource.isInstance(value)) {
    return undefined;
  }
  // The URN of another resource: the check says by it what the resource is, also where its id is not known yet.
  return isOfType(value, type) ? written(value) : value.urn;
};
