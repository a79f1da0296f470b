import type { Recorded, ResourceKind } from "../kind";
import type { Properties } from "../program-values";
import { type Change, changesBetween } from "./patch";

/** What an update does, in this order: an update does it, and a preview shows it. */
interface UpdatePlan {
  /**
   * Why it looks at the object before it sends anything: the state does not know what an earlier write did, or the change must
   * hold what others set, which may be newer than the state.
   */
  readonly looksFirst: "as the last write is open" | "as others set what is beside it" | undefined;
  /** For one merge patch; none is sent where there are none. */
  readonly changes: readonly Change[];
  /** The change of status, see `StatusChange`. */
  readonly action: string | undefined;
}

export function updatePlan(kind: ResourceKind, recorded: Recorded, wanted: Properties, isOpen = false): UpdatePlan {
  const changes = changesBetween(kind, recorded, wanted);
  const isBesideOthers = changes.some(({ argument }) => kind.fields[argument]?.buildsOnLive);
  return {
    looksFirst: isOpen ? "as the last write is open" : isBesideOthers ? "as others set what is beside it" : undefined,
    changes,
    action: kind.statusChange?.wanted(recorded, wanted),
  };
}
