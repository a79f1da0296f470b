import { declaredPausedAt, livePause } from "../../provider/deployment/paused";
import { outOfUse, type ReadDeployment } from "../deployments";
import { contentOf, hasRoom, isAsMarked, type Mark, markOf, noRoomText, resolutionMs } from "../pause/mark";

/** What the command line says of a deployment. */
export interface Wish {
  /** Whose pauses end. */
  readonly by: "command" | "service";
  /** True if the command line gives the id of the deployment. */
  readonly isGiven: boolean;
  /** True if the program of a stack declares the deployment with `paused: true`. */
  readonly isDeclared: boolean;
}

type ResumeDecision =
  | "start"
  /** The time after the pause in milliseconds since the epoch: a run since then proves that somebody has started the deployment. */
  | { readonly startUnlessRunSince: number }
  | { readonly leave: string }
  /** The command line does not mean the deployment. */
  | "nothing";

/** Decides before the question and again right before the start, because a question and many starts take time. */
export function whatToResume(now: ReadDeployment, wish: Wish): ResumeDecision {
  return wish.by === "service" ? ofService(now, wish) : ofCommand(now, wish);
}

const declared = {
  leave: "a program stops it with `paused: true`; set `paused: false` and run `pulumi up` to start it",
};

function ofService(now: ReadDeployment, { isDeclared }: Wish): ResumeDecision {
  if (now.archived_at != null || livePause(now) !== "by the service") {
    return "nothing";
  }
  return isDeclared || declaredPausedAt(now.reply) !== undefined ? declared : "start";
}

function ofCommand(now: ReadDeployment, wish: Wish): ResumeDecision {
  const mark = markOf(now);
  if (mark === undefined) {
    return withoutMark(now, wish);
  }
  if (now.archived_at != null) {
    return { leave: "it has been archived since" };
  }
  if (now.status === "active") {
    const cause = isAsMarked(mark, now) ? "its pause was interrupted, or " : "";
    return { leave: `${cause}somebody has started it since` };
  }
  if (livePause(now) !== "by hand") {
    return { leave: outOfUse(now) ?? `the service has paused it since (${serviceReason(now)})` };
  }
  // A mark of the program that is older than the pause says nothing about it.
  const isDeclaredSince = Date.parse(declaredPausedAt(now.reply) ?? "") >= mark.at - resolutionMs;
  return wish.isDeclared || isDeclaredSince ? declared : touched(mark, now);
}

function withoutMark(now: ReadDeployment, { isGiven, isDeclared }: Wish): ResumeDecision {
  const by = livePause(now);
  if (now.archived_at != null || by === undefined) {
    return isGiven ? { leave: outOfUse(now) ?? "nobody has paused it" } : "nothing";
  }
  if (by === "by the service") {
    return { leave: `the service paused it (${serviceReason(now)}); \`--paused-by-service\` starts it` };
  }
  if (hasRoom(now)) {
    return { leave: "`pulumi-qoder pause` did not pause it" };
  }
  const started = isDeclared || declaredPausedAt(now.reply) !== undefined ? declared : "start";
  return isGiven ? started : { leave: noRoomText(now.id) };
}

/** The reason of a pause by the service. */
export function serviceReason({ paused_reason: reason }: ReadDeployment): string {
  return reason?.error?.type ?? reason?.type ?? "no reason";
}

/**
 * Deployments have no version, and every change moves `updated_at` ("Update a deployment"). If `updated_at` has moved and the declared
 * content is the same, the status must have changed. If the content has changed too, for example by `pulumi up`, only a run since the
 * pause proves a change of status.
 */
function touched(mark: Mark, now: ReadDeployment): ResumeDecision {
  if (isAsMarked(mark, now)) {
    return "start";
  }
  return now.updated_at !== undefined && contentOf(now.reply) === mark.content
    ? { leave: "somebody has started and paused it since" }
    : { startUnlessRunSince: mark.until };
}
