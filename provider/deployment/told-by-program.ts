import { runningCommand } from "../program/inputs";
import type { RemarkKind } from "../resource/plan-remark";

/**
 * Whether the program shows a remark of this kind. Only previews show remarks, because each update follows a preview, and
 * neither `qoder:remarks` nor `acknowledge` may exclude the kind.
 */
export function tellsOfPlan(kind: RemarkKind, acknowledge: unknown): boolean {
  const { isPreview, remarks = "" } = runningCommand();
  const words = remarks.split(",").map((word) => word.trim());
  const isAcknowledged = Array.isArray(acknowledge) && acknowledge.includes(kind);
  return isPreview && !words.includes("none") && !words.includes(kind) && !isAcknowledged;
}
