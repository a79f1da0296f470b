import type { QoderClient } from "../api/client";
import { QoderTimeLimitError } from "../api/errors";
import { info } from "../api/remark";
import { requestLabel } from "../api/transport";
import { ageAt, creationTime, settlingMs } from "../resource/age";
import type { BaseReply } from "../resource/outputs";
import type { Ended, Ending, Started } from "../resource/start";
import type { DeploymentRunOutputs } from "./arguments";
import { askResult } from "./ask-result";
import { type DeploymentRunReply, type RunArguments, startProblem } from "./reply";
import type { RunResult } from "./result";
import { type EndedRun, isDecided, keptResult, resultIn } from "./result-outputs";
import { readReply } from "./runs";
import { resultText, unended, verdictOn } from "./verdict";

/** A run that its callers may not have read: then the recorded outputs hold its values. */
interface StartedRun extends Started {
  readonly object: DeploymentRunReply;
  readonly outputs: Partial<DeploymentRunOutputs>;
}

const defaultSeconds = 3_600;

/** The options of `waitForResult`; undefined if `up` does not wait. */
function optionsOf({ waitForResult }: Partial<RunArguments>) {
  return waitForResult === true ? {} : waitForResult;
}

export function isToBeSatisfied(wanted: Partial<RunArguments>): boolean {
  return optionsOf(wanted)?.satisfied === true;
}

/** Whether the outputs record the end of the run, whatever it is. */
function isRecord(wanted: Partial<RunArguments>): boolean {
  return optionsOf(wanted)?.mustPass === false;
}

/**
 * Waits for the end of the session of a run. "API reference: sessions": the session is polled, because the stream of its
 * events does not stop at the end of a turn.
 */
export const ending: Ending = {
  waitMs(wanted: Partial<RunArguments>) {
    const options = optionsOf(wanted);
    return options === undefined ? undefined : (options.timeoutSeconds ?? defaultSeconds) * 1_000;
  },

  async wait({ client, object, outputs }: StartedRun, wanted: Partial<RunArguments>, waitMs): Promise<Ended> {
    const { sessionId: session_id, createdAt: created_at } = outputs;
    const run: EndedRun = { deployment_id: wanted.deploymentId, session_id, created_at, ...object };
    const before = resultIn(outputs);
    const isGraded = isToBeSatisfied(wanted);
    const { end, failure } = isDecided(before, isGraded)
      ? { end: { ...run, came_to: before }, failure: undefined }
      : await waited(client, run, waitMs, isGraded);
    return { object: end, failure: failure ?? verdictOn(end, isGraded, isRecord(wanted)) };
  },

  shown(wanted: Partial<RunArguments>, outputs: Partial<DeploymentRunOutputs>) {
    const { sessionId = "[unknown]" } = outputs;
    return optionsOf(wanted) === undefined || isDecided(resultIn(outputs), isToBeSatisfied(wanted))
      ? []
      : [`${requestLabel({ method: "GET", path: ["sessions", sessionId] })}, and its events, until it ends`];
  },

  kept(
    { id, outputs }: { readonly id: string; readonly outputs: Partial<DeploymentRunOutputs> },
    recorded: Partial<RunArguments>,
  ) {
    const { sessionId: session_id, createdAt: created_at, agentVersion: version } = outputs;
    const came_to = resultIn(outputs);
    const run = { id, deployment_id: recorded.deploymentId, session_id, created_at, agent: { version }, came_to };
    const isGraded = isToBeSatisfied(recorded);
    const counts =
      optionsOf(recorded) !== undefined &&
      isDecided(came_to, isGraded) &&
      verdictOn(run, isGraded, isRecord(recorded)) === undefined;
    return counts ? run : undefined;
  },

  async look({ client, object, outputs }: StartedRun, recorded: Partial<RunArguments> | undefined): Promise<BaseReply> {
    const isAsked = recorded === undefined || recorded.waitForResult !== undefined;
    if (!isAsked) {
      return object;
    }
    const now = await askedResult(client, object);
    const before = resultIn(outputs);
    return { ...object, came_to: keptResult(before, now, recorded !== undefined && isFixed(before, recorded)) };
  },
};

/** Whether the result of a gate stays, even if a person has resumed the session since: a failure, or any end that is recorded. */
function isFixed(before: Partial<RunResult> = {}, recorded: Partial<RunArguments>): boolean {
  return isRecord(recorded) ? isDecided(before, isToBeSatisfied(recorded)) : before.state !== "done";
}

type Seen = { readonly end: EndedRun; readonly failure: unknown };

/**
 * The run with its result, at its end, when another request would find nothing new, or as soon as the user cancels the command.
 * `isGraded`: whether the result needs the grading.
 */
async function waited(client: QoderClient, begun: EndedRun, waitMs: number, isGraded: boolean): Promise<Seen> {
  const start = client.now();
  const progress = new Progress(client);
  let run = begun;
  let isCancelled = false;
  const unseen = (): Seen => {
    const failure = isDecided(run.came_to) ? undefined : unended(run, client.now() - start, isCancelled);
    return { end: run, failure };
  };
  const look = async (): Promise<Seen> => {
    let doneMs: number | undefined;
    for (let pauseMs = firstPauseMs; !isCancelled; pauseMs = nextPauseMs(pauseMs)) {
      run = await lookedAt(client, run);
      const passedMs = client.now() - start;
      doneMs ??= isDecided(run.came_to) ? passedMs : undefined;
      const isGradedLater = doneMs !== undefined && !isDecided(run.came_to, isGraded) && passedMs - doneMs < gradingMs;
      if (!isGradedLater && !isLookedAtAgain(run, client.serviceNow(), passedMs)) {
        return { end: run, failure: undefined };
      }
      await progress.tell(run, passedMs);
      const leftMs = waitMs - passedMs;
      if (leftMs <= 0 || !(await client.pause(Math.min(pauseMs, leftMs)))) {
        break;
      }
    }
    return unseen();
  };
  const looks = look().catch((error: unknown) =>
    error instanceof QoderTimeLimitError ? unseen() : { end: run, failure: error },
  );
  const cancelled = client.cancelled?.then(() => {
    isCancelled = true;
    return unseen();
  });
  return Promise.race(cancelled === undefined ? [looks] : [cancelled, looks]);
}

/** Reads the run again if it has no session yet: the older generation of the API answers before the session exists. */
async function lookedAt(client: QoderClient, run: EndedRun): Promise<EndedRun> {
  const isUnshown = run.session_id == null && startProblem(run) === undefined && run.came_to !== undefined;
  const now = isUnshown ? { ...run, ...(await readReply(client, run.id)) } : run;
  return { ...now, came_to: await askedResult(client, now) };
}

function askedResult(client: QoderClient, run: DeploymentRunReply): Promise<RunResult> {
  return askResult(client, { sessionId: run.session_id ?? undefined, error: startProblem(run) });
}

const firstPauseMs = 2_000;
const longestPauseMs = 15_000;
/** How long `up` asks for a grading that is missing at the end of the work. */
const gradingMs = 30_000;

/**
 * The next pause between two requests: short at first, for short sessions, and limited, so that `up` does not wait much
 * longer than the session.
 */
function nextPauseMs(pauseMs: number): number {
  return Math.min(pauseMs * 1.5, longestPauseMs);
}

/** Whether another request may find another state, without any action of a person. */
function isLookedAtAgain(
  { came_to: result, created_at: createdAt }: EndedRun,
  now: number | undefined,
  passedMs: number,
): boolean {
  const state = result?.state;
  if (state === undefined) {
    // The service may not show a new session yet.
    return Math.max(ageAt(creationTime(createdAt), now) ?? 0, passedMs) < settlingMs;
  }
  return state === "running" || state === "not started yet";
}

const firstWordMs = 15_000;
const longestSilenceMs = 5 * 60_000;

/** Reports the progress to the person who waits: at each new state, and otherwise at growing intervals. */
class Progress {
  #reported: string | undefined;
  #nextMs = firstWordMs;

  constructor(private readonly client: QoderClient) {}

  async tell({ id, session_id: sessionId, came_to: result }: EndedRun, passedMs: number): Promise<void> {
    const state = resultText(result);
    const isNews = this.#reported !== undefined && this.#reported !== state;
    if (passedMs < this.#nextMs && !isNews) {
      return;
    }
    this.#reported = state;
    this.#nextMs = Math.max(firstWordMs, passedMs + Math.min(passedMs, longestSilenceMs));
    const session = sessionId == null ? "" : ` (session ${sessionId})`;
    await this.client.remark(info(`waits for the end of ${id}${session}: ${state}, ${Math.round(passedMs / 1_000)} s`));
  }
}
