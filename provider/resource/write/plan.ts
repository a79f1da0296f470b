import type { Json, JsonObject } from "../../api/schema";
import type { Recorded, ResourceKind } from "../kind";
import type { Properties } from "../program-values";

/** One argument that differs, and the member of the body that carries the difference. */
export interface Change {
  readonly argument: string;
  readonly member: string;
  readonly value: Json;
}

/** What turns the applied arguments into the wanted ones; empty when they mean the same. */
export function changesBetween({ fields }: ResourceKind, recorded: Recorded, wanted: Properties): Change[] {
  const beside = { applied: recorded.arguments, wanted };
  return Object.entries(fields).flatMap(([argument, field]) => {
    const value = field.change(recorded.arguments[argument], wanted[argument], recorded.outputs, beside);
    return value === undefined || field.wire === undefined ? [] : [{ argument, member: field.wire, value }];
  });
}

/**
 * The merge-patch body. `diff` asks whether it is empty and `update` sends it, so what is shown as changed and what is
 * sent cannot disagree.
 */
export function patchBody(changes: readonly { readonly member: string; readonly value: Json }[]): JsonObject {
  const body: JsonObject = {};
  for (const { member, value } of changes) {
    // Two arguments share `metadata`: their keys go into one object.
    body[member] = isObject(body[member]) && isObject(value) ? { ...body[member], ...value } : value;
  }
  return body;
}

/** The body of an update, with the version that it was computed from where the kind has versions. */
export function updateBody(
  { locking }: { readonly locking?: { readonly member: string } },
  changes: Parameters<typeof patchBody>[0],
  version: Json | undefined,
): JsonObject {
  const patch = patchBody(changes);
  return locking === undefined || version === undefined ? patch : { ...patch, [locking.member]: version };
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The body that creates the object: the patch from nothing. */
export function createBody(kind: ResourceKind, wanted: Properties): JsonObject {
  return patchBody(changesBetween(kind, { arguments: {}, outputs: {} }, wanted));
}

/** What an update does, in this order: an update does it, and a preview shows it. */
interface UpdatePlan {
  /**
   * Why it looks at the object before it sends anything: the state does not know what an earlier write did, or the change must
   * hold what others set, which may be newer than the state.
   */
  readonly looksFirst:
    | "as the last write is open"
    | "as others set what is beside it"
    | "as others uploaded files"
    | undefined;
  /** For one merge patch; none is sent where there are none. */
  readonly changes: readonly Change[];
  /** The change of status, see `StatusChange`. */
  readonly action: string | undefined;
}

export function updatePlan(kind: ResourceKind, recorded: Recorded, wanted: Properties, isOpen = false): UpdatePlan {
  const changes = changesBetween(kind, recorded, wanted);
  const isBesideOthers = changes.some(({ argument }) => kind.fields[argument]?.buildsOnLive);
  const isForeign = changes.some(({ argument }) => kind.fields[argument]?.isForeign?.(recorded.arguments[argument]));
  return {
    looksFirst: isOpen
      ? "as the last write is open"
      : isBesideOthers
        ? "as others set what is beside it"
        : isForeign && kind.upload?.versions !== undefined
          ? "as others uploaded files"
          : undefined,
    changes,
    action: kind.statusChange?.wanted(recorded, wanted),
  };
}
