import { type DeclaredPause, markOf, type Pause, type PauseMark, pauseIn } from "../../provider/deployment/pause-mark";
import { livePause } from "../../provider/deployment/paused";
import { outOfUse, type ReadDeployment } from "../deployments";

/** What the command line says of a deployment. */
export interface Wish {
  /** Whose pauses end. */
  readonly by: "command" | "service";
  /** True if the command line names the deployment: then any pause by hand ends that no program declares. */
  readonly isGiven: boolean;
  /** The ids of the pauses that end. */
  readonly pauses: readonly string[];
  /** True if the pauses on the command line are the only ones that count; otherwise the command lists others. */
  readonly isChosen: boolean;
  /** True if the deployments start too that somebody has touched since their pause, or whose pause was cut off. */
  readonly changed: boolean;
  /** The command that the text advises, with these targets. */
  advised(targets: readonly string[], ...options: readonly string[]): string;
}

type ResumeDecision =
  | "start"
  /** Another pause stops the deployment. */
  | "other pause"
  | { readonly leave: string }
  /** The command line does not mean the deployment. */
  | "nothing";

/** Decides before the question and again right before the start, because a question and many starts take time. */
export function whatToResume(now: ReadDeployment, state: DeclaredPause | undefined, wish: Wish): ResumeDecision {
  return wish.by === "service" ? ofService(now, state) : ofCommand(now, state, wish);
}

export const declaredPause =
  "a program stops it with `paused: true`; set `paused: false` and run `pulumi up` to start it";

function ofService(now: ReadDeployment, state: DeclaredPause | undefined): ResumeDecision {
  if (now.archived_at != null || livePause(now) !== "by the service") {
    return "nothing";
  }
  return pauseIn(now, state).by === "program" ? { leave: declaredPause } : "start";
}

function ofCommand(now: ReadDeployment, state: DeclaredPause | undefined, wish: Wish): ResumeDecision {
  const mark = markOf(now);
  const isMeant = wish.isGiven || (mark !== undefined && wish.pauses.includes(mark.pause));
  if (wish.isChosen && !isMeant) {
    return "nothing";
  }
  if (now.archived_at != null) {
    return { leave: mark === undefined ? (outOfUse(now) ?? "") : "it has been archived since" };
  }
  const pause = pauseIn(now, state);
  switch (pause.by) {
    case "nobody":
      return notPaused(now, mark, wish);
    case "program":
      return { leave: declaredPause };
    case "service": {
      const since = mark === undefined ? "the service paused it" : "the service has paused it since";
      return {
        leave: `${since} (${serviceReason(now)}); \`${wish.advised([now.id], "--paused-by-service")}\` starts it`,
      };
    }
    case "command":
      return wish.isGiven ? "start" : ofPause(pause, wish);
    case "somebody":
      return wish.isGiven ? "start" : { leave: `${bySomebody(mark)}; \`${wish.advised([now.id])}\` starts it` };
  }
}

function notPaused(now: ReadDeployment, mark: PauseMark | undefined, { isGiven }: Wish): ResumeDecision {
  if (mark === undefined) {
    return isGiven ? { leave: outOfUse(now) ?? "nobody has paused it" } : "nothing";
  }
  return { leave: `${mark.done === undefined ? "its pause was interrupted, or " : ""}somebody has started it since` };
}

function bySomebody(mark: PauseMark | undefined): string {
  return mark === undefined ? "`pulumi-qoder pause` did not pause it" : "somebody has started and paused it since";
}

function ofPause({ mark, isProven }: Extract<Pause, { by: "command" }>, wish: Wish): ResumeDecision {
  if (wish.pauses.includes(mark.pause) && (isProven || wish.changed)) {
    return "start";
  }
  return isProven ? "other pause" : { leave: unproven(mark.pause, wish) };
}

function unproven(pause: string, { advised }: Wish): string {
  return `${pause} does not prove who paused it: it was changed since, or that command was interrupted; \`${advised([pause], "--changed")}\` starts it`;
}

/** The reason of a pause by the service. */
export function serviceReason({ paused_reason: reason }: ReadDeployment): string {
  return reason?.error?.type ?? reason?.type ?? "no reason";
}
