import { type DeclaredPause, pauseIn } from "../../provider/deployment/pause-mark";
import { outOfUse, type ReadDeployment } from "../deployments";

/** What `pause` does with a deployment: `paused` by an earlier `pause`, or `paused before` by others. */
export type PauseDecision = "pause" | "paused" | "paused before" | "archived" | { readonly problem: string };

/**
 * Decides for each deployment that the command line selects (`targetsOf` in deployments.ts): before the question, again right before the
 * pause, because a question takes time, and then for those that were started meanwhile.
 */
export function whatToPause(now: ReadDeployment, state: DeclaredPause | undefined): PauseDecision {
  if (now.archived_at != null) {
    return "archived";
  }
  const problem = outOfUse(now);
  if (problem !== undefined) {
    return { problem };
  }
  const pause = pauseIn(now, state);
  if (pause.by === "nobody") {
    return "pause";
  }
  return pause.by === "command" && pause.isProven ? "paused" : "paused before";
}
