import { type DeclaredPause, type PauseMark, pauseIn } from "../../provider/deployment/pause-mark";
import { outOfUse, type ReadDeployment } from "../deployments";

/**
 * What `pause` does with a deployment: `paused` by an earlier `pause`, or `paused before` by others. What `limits --pause` has paused is
 * paused by a person too, so that `limits --resume` does not start it.
 */
export type PauseDecision = "pause" | "paused" | "paused before" | "archived" | { readonly problem: string };

/**
 * Decides for each deployment that the command line selects (`targetsOf` in deployments.ts): before the question, again right before the
 * pause, because a question takes time, and then for those that were started meanwhile.
 */
export function whatToPause(
  now: ReadDeployment,
  state: DeclaredPause | undefined,
  { by }: Pick<PauseMark, "by">,
): PauseDecision {
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
  if (pause.by !== "command" || !pause.isProven) {
    return "paused before";
  }
  return by === undefined && pause.mark.by === "limits" ? "pause" : "paused";
}
