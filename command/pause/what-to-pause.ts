import { livePause } from "../../provider/deployment/paused";
import { outOfUse, type ReadDeployment } from "../deployments";
import { isAsMarked, markOf } from "./mark";

/** What `pause` does with a deployment: `paused` by an earlier `pause`, or `paused before` by others. */
export type PauseDecision = "pause" | "paused" | "paused before" | "archived" | { readonly problem: string };

/**
 * Decides for each deployment that the command line selects (`targetsOf` in deployments.ts): before the question, again right before the
 * pause, because a question takes time, and then for those that were started meanwhile.
 */
export function whatToPause(now: ReadDeployment): PauseDecision {
  if (now.archived_at != null) {
    return "archived";
  }
  const problem = outOfUse(now);
  if (problem !== undefined) {
    return { problem };
  }
  if (now.status === "active") {
    return "pause";
  }
  const mark = markOf(now);
  return mark !== undefined && isAsMarked(mark, now) && livePause(now) === "by hand" ? "paused" : "paused before";
}
