import { runningCommand } from "../program/inputs";
import type { RemarkKind } from "../resource/plan-remark";

/** Whether this command tells remarks of this kind of a resource that acknowledges these kinds. An update follows a preview that did. */
export function tellsOfPlan(kind: RemarkKind, acknowledge: unknown): boolean {
  const { isPreview, remarks = "" } = runningCommand();
  const words = remarks.split(",").map((word) => word.trim());
  const isAcknowledged = Array.isArray(acknowledge) && acknowledge.includes(kind);
  return isPreview && !words.includes("none") && !words.includes(kind) && !isAcknowledged;
}
