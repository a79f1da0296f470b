import * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "./inputs";
import type { NamingPlace } from "./named-kinds";
import { isOfType } from "./resource";
import { idOf, type OfResource, writtenIds } from "./written-out";

/**
 * An id, or a value that stands for it: the resource or the result of a look-up. State and requests contain the id in each
 * case.
 */
export type Named<Resource, Found = never> = pulumi.Input<string | Resource | Found>;

/** Replaces resources and results of look-ups in the arguments by their ids. */
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
  // A resource of another type is replaced by its URN, so that `check` can name its type even while its id is unknown.
  return isOfType(value, type) ? written(value) : value.urn;
};
