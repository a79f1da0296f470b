import { asJson, type Json, type JsonObject } from "../../api/schema";
import { identical } from "../kind/field";
import type { PriorState, ResourceKind } from "../kind/kind";
import { partsOf } from "../kind/parts";
import { isObject, type Properties } from "../kind/program-values";
import { worksOnce } from "./one-time-secrets";

/** One request of an update: the changes that it carries, and the values before and after. */
export interface Patch {
  readonly id: string;
  readonly changes: readonly Change[];
  readonly applied: PriorState;
  readonly wanted: Properties;
}

export interface Change {
  readonly argument: string;
  readonly member: string;
  readonly value: Json;
}

/** The changes that turn the recorded arguments into the wanted ones, with all that is unanswered; empty if both mean the same. */
export function changesBetween({ fields }: ResourceKind, recorded: PriorState, wanted: Properties): Change[] {
  const { arguments: applied, outputs, unanswered = {} } = recorded;
  return Object.entries(fields).flatMap(([argument, field]) => {
    const again = (unanswered[argument] ?? []).filter((part) => !worksOnce(field, part));
    const sending = { applied, wanted, isAgain: unanswered[argument] !== undefined, again };
    const value = field.change(applied[argument], wanted[argument], outputs, sending);
    return value === undefined || field.wire === undefined ? [] : [{ argument, member: field.wire, value }];
  });
}

/**
 * The merge-patch body. `diff` checks whether it is empty and `update` sends it, so a preview and the request cannot disagree.
 */
export function patchBody(changes: readonly { readonly member: string; readonly value: Json }[]): JsonObject {
  const body: JsonObject = {};
  for (const { member, value } of changes) {
    // Two arguments share the member `metadata`: their keys go into one object.
    body[member] = isObject(body[member]) && isObject(value) ? { ...body[member], ...value } : value;
  }
  return body;
}

/**
 * True for a kind whose objects have the output `version`. The service raises it with each change, and refuses an update that names another
 * one ("Update an agent").
 */
export function hasVersion({ outputs }: Pick<ResourceKind, "outputs">): boolean {
  return "version" in outputs;
}

/** The body of an update. For a kind whose objects have a version, it names the one from which the changes were computed. */
export function updateBody(
  kind: Pick<ResourceKind, "outputs">,
  changes: Parameters<typeof patchBody>[0],
  version: Json | undefined,
): JsonObject {
  const patch = patchBody(changes);
  return version === undefined || !hasVersion(kind) ? patch : { ...patch, version };
}

/** The version of the object, for a kind whose objects have one; undefined if the outputs do not show it. */
export function versionIn(kind: Pick<ResourceKind, "outputs">, { version }: Properties): Json | undefined {
  return version == null || !hasVersion(kind) ? undefined : asJson(version);
}

/** The body that creates the object: a patch of an object without arguments. */
export function createBody(kind: ResourceKind, wanted: Properties): JsonObject {
  return patchBody(changesBetween(kind, { arguments: {}, outputs: {} }, wanted));
}

/** The names of the parts of its argument that a change carries. */
export function carriedParts({ fields }: ResourceKind, { argument, value }: Change): string[] {
  const { carried = identical, inParts } = fields[argument] ?? {};
  return Object.keys(partsOf(carried(value), inParts));
}
