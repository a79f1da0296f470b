import { z } from "zod";
import type { QoderClient } from "../api/client";
import { QoderError, QoderTimeLimitError } from "../api/errors";
import { patience } from "../api/patience";
import { info } from "../api/remark";
import { excerpt, longestSentence } from "../api/terminal-text";
import { requestLabel } from "../api/transport";
import { deployments } from "../kinds/table";
import { type BaseReply, creationTime } from "../resource/kind/outputs";
import type { FindDeclaration } from "../resource/kind/references";
import { ageAt } from "../resource/read/age";
import { FinalFailure } from "../resource/state/state";
import type { DeploymentRunError, DeploymentRunOutputs } from "./arguments";
import { allEvents, askResult } from "./ask-result";
import { artifactEvents, deliveredIn, lackingOf } from "./delivered";
import { withCleanError, withoutSecrets } from "./hide-secrets";
import { type DeploymentRunReply, type RunArguments, startProblem } from "./reply";
import { type RunResult, stateText } from "./result";
import { type EndedRun, isDecided, keptResult, lacksGrading, type RecordedEnd, resultIn } from "./result-outputs";
import { readReply } from "./runs";

/** A run that its callers may not have read: then the recorded outputs hold its values. */
export interface StartedRun {
  readonly client: QoderClient;
  readonly object: DeploymentRunReply;
  readonly outputs: RecordedEnd;
  /** Finds the declarations of this command by the ids of their objects. */
  readonly declared?: FindDeclaration | undefined;
  /** True if a resource of the program is the deployment; only a program of the SDK says so. */
  readonly isDeclaredElsewhere?: boolean;
}

interface Ended {
  /** The run, with its result if it is known. */
  readonly object: BaseReply;
  /** The reason why the result is not as the program asks; undefined if it is. */
  readonly failure: unknown;
}

/** The names that a program gives in `expectedArtifacts`, apart from those that it gives as secrets or not at all. */
const expectedSchema = z
  .array(z.unknown())
  .catch([])
  .transform((names) => names.filter((name) => typeof name === "string"));

/** The options of `waitForResult`; undefined if `up` does not wait. */
function optionsOf({ waitForResult }: Partial<RunArguments>) {
  return waitForResult === true ? {} : waitForResult;
}

export function isToBeSatisfied(wanted: Partial<RunArguments>): boolean {
  return optionsOf(wanted)?.satisfied === true;
}

/** True if the outputs record the end of the run, whatever it is. */
function isRecord(wanted: Partial<RunArguments>): boolean {
  return optionsOf(wanted)?.mustPass === false;
}

/**
 * Waits for the end of the session of a run if the program asks for its result. "API reference: sessions": the session is polled, because the stream of its
 * events does not stop at the end of a turn.
 */
export const ending = {
  /** The longest wait in milliseconds; undefined if the program does not wait. */
  waitMs(wanted: Partial<RunArguments>) {
    const options = optionsOf(wanted);
    return options === undefined ? undefined : (options.timeoutSeconds ?? patience.resultMs / 1_000) * 1_000;
  },

  async wait(
    { client, object, outputs, declared, isDeclaredElsewhere }: StartedRun,
    wanted: Partial<RunArguments>,
  ): Promise<Ended> {
    const waitMs = ending.waitMs(wanted);
    if (waitMs === undefined) {
      return { object, failure: undefined };
    }
    const { sessionId: session_id, createdAt: created_at } = outputs;
    const run: EndedRun = { deployment_id: wanted.deploymentId, session_id, created_at, ...object };
    const before = resultIn(outputs);
    const isGraded = isToBeSatisfied(wanted);
    const { artifacts, asked, isOpen } = questionsOf(wanted, outputs, declared);
    const { end, failure } =
      isDecided(before, isGraded) && !isOpen
        ? { end: { ...run, endedWith: before }, failure: undefined }
        : await waited(client.extended(waitMs + patience.lastReadMs), run, waitMs, { isGraded, artifacts: asked });
    const isUnmet = artifacts === undefined && isDeclaredElsewhere && !isRecord(wanted);
    const expects = artifacts && { artifacts: [...artifacts], asked: failure === undefined };
    const unmet = isUnmet && isPassed(end.endedWith ?? unasked, isGraded) ? unmetError(end) : undefined;
    return { object: { ...end, expects }, failure: failure ?? verdictOn(end, wanted) ?? unmet };
  },

  /** True if the recorded end passes, but nobody asked for the artifacts that the deployment expects. */
  isOpen(wanted: Partial<RunArguments>, outputs: RecordedEnd, declared?: FindDeclaration): boolean {
    return optionsOf(wanted) !== undefined && questionsOf(wanted, outputs, declared).isOpen;
  },

  shown(wanted: Partial<RunArguments>, outputs: RecordedEnd, declared?: FindDeclaration) {
    const { sessionId = "[unknown]" } = outputs;
    const isOver = isDecided(resultIn(outputs), isToBeSatisfied(wanted)) && !ending.isOpen(wanted, outputs, declared);
    return optionsOf(wanted) === undefined || isOver
      ? []
      : [`${requestLabel({ method: "GET", path: ["sessions", sessionId] })}, and its events, until it ends`];
  },

  async look(
    { client, outputs, ...read }: StartedRun,
    recorded: Partial<RunArguments> | undefined,
  ): Promise<BaseReply> {
    const object = await withCleanError(
      client,
      { deployment_id: recorded?.deploymentId, ...read.object },
      outputs.error,
    );
    const isAsked = recorded === undefined || recorded.waitForResult !== undefined;
    if (!isAsked) {
      return object;
    }
    const now = await askedResult(client, object);
    const before = resultIn(outputs);
    const kept = keptResult(before, now, recorded !== undefined && isFixed(before, recorded));
    return { ...object, endedWith: withoutSecrets(kept, client.secrets) };
  },
};

/** The artifacts for which a gate looks. A refresh records the end of the work, and knows no deployment whose artifacts it could look for. */
function questionsOf(wanted: Partial<RunArguments>, outputs: RecordedEnd, declared: FindDeclaration | undefined) {
  const { __expects: known } = outputs;
  const deployment = declared?.(deployments, wanted.deploymentId);
  const artifacts =
    deployment === undefined ? known?.artifacts : expectedSchema.parse(deployment.inputs["expectedArtifacts"]);
  const asked = isRecord(wanted) ? [] : (artifacts ?? []);
  const isOpen = isPassed(resultIn(outputs) ?? unasked, isToBeSatisfied(wanted)) && !wasAsked(known, asked);
  return { artifacts, asked, isOpen };
}

/** True if the recorded end was decided with a look at these artifacts. */
function wasAsked(known: RecordedEnd["__expects"], artifacts: readonly string[]): boolean {
  return artifacts.length === 0 || (known?.asked === true && artifacts.every((name) => known.artifacts.includes(name)));
}

function unmetError({ id, deployment_id: deploymentId }: EndedRun): QoderError {
  return new QoderError(
    `${id} is done, but this command does not know ${deploymentId}, which may expect artifacts.\nRun \`pulumi up\` without --target, or give --target the deployment, too`,
  );
}

/** True if the result of a gate stays, even if a person has resumed the session since: a failure, or any end that is recorded. */
function isFixed(before: RunResult = unasked, recorded: Partial<RunArguments>): boolean {
  return isRecord(recorded) ? isDecided(before, isToBeSatisfied(recorded)) : !isPassed(before, false);
}

/** What a gate asks for beside the end of the work. */
interface Asked {
  /** True if the result needs the grading. */
  readonly isGraded: boolean;
  /** The artifacts that the program expects of the deployment. */
  readonly artifacts: readonly string[];
}

type Seen = { readonly end: EndedRun; readonly failure: unknown };

/**
 * The run with its result, at its end, when another request would find nothing new, or as soon as the user cancels the command.
 * `up` asks for a grading that the session was asked for in any case.
 */
async function waited(client: QoderClient, begun: EndedRun, waitMs: number, asked: Asked): Promise<Seen> {
  const start = client.now();
  const progress = new Progress(client);
  let run = begun;
  let isCancelled = false;
  const unseen = (): Seen => {
    const failure = isDecided(run.endedWith) ? undefined : unended(run, client.now() - start, isCancelled);
    return { end: run, failure };
  };
  const look = async (): Promise<Seen> => {
    const late = new LateWait(asked.isGraded);
    for (
      let pauseMs = patience.firstPauseMs;
      !isCancelled;
      pauseMs = Math.min(pauseMs * 1.5, patience.longestPauseMs)
    ) {
      run = await withLacking(client, await lookedAt(client, run), asked);
      const passedMs = client.now() - start;
      if (!late.isLeft(run.endedWith, passedMs) && !isLookedAtAgain(run, client.serviceNow(), passedMs)) {
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
  const cancelled = client.cancelled?.then(() => {
    isCancelled = true;
    return unseen();
  });
  // After `cancelled`, so that a command that is over already sends nothing more.
  const looks = Promise.resolve()
    .then(look)
    .catch((error: unknown) => (error instanceof QoderTimeLimitError ? unseen() : { end: run, failure: error }));
  return Promise.race(cancelled === undefined ? [looks] : [cancelled, looks]);
}

/** Reads the run again if it has no session yet: the older generation of the API answers before the session exists. */
async function lookedAt(client: QoderClient, run: EndedRun): Promise<EndedRun> {
  const isUnshown = run.session_id == null && startProblem(run) === undefined && run.endedWith !== undefined;
  const now = isUnshown ? await withCleanError(client, { ...run, ...(await readReply(client, run.id)) }) : run;
  return { ...now, endedWith: await askedResult(client, now) };
}

/** The run with the error that it lacks artifacts. It stays failed, as a run whose outcome is not satisfied does. */
async function withLacking(client: QoderClient, run: EndedRun, { isGraded, artifacts }: Asked): Promise<EndedRun> {
  const { endedWith: result = unasked, session_id: session } = run;
  if (artifacts.length === 0 || session == null || !isPassed(result, isGraded)) {
    return run;
  }
  const events = await allEvents(client, session, artifactEvents);
  const lacking = lackingOf(deliveredIn(events, false), artifacts);
  if (lacking.length === 0) {
    return run;
  }
  const error = { type: lacksArtifacts, message: lacking.map(({ text }) => text).join(", ") };
  return { ...run, endedWith: withoutSecrets({ ...result, error }, client.secrets) };
}

/** The type of the error of a run that is done and lacks artifacts; the service has no such type. */
const lacksArtifacts = "expected_artifacts";

function askedResult(client: QoderClient, run: DeploymentRunReply): Promise<RunResult> {
  return askResult(client, { sessionId: run.session_id ?? undefined, error: startProblem(run) });
}

/** The wait for what a response may show late, which restarts at the end of each turn. */
class LateWait {
  #since: { readonly turn: string | undefined; readonly ms: number } | undefined;

  constructor(private readonly isGraded: boolean) {}

  isLeft(result: RunResult | undefined, passedMs: number): boolean {
    if (!lacksGrading(result, this.isGraded) && result?.error?.type !== lacksArtifacts) {
      this.#since = undefined;
      return false;
    }
    const turn = result?.endedAt;
    this.#since = this.#since?.turn === turn && this.#since !== undefined ? this.#since : { turn, ms: passedMs };
    return passedMs - this.#since.ms < patience.gradingMs;
  }
}

/** True if another request may find another state, without any action of a person. */
function isLookedAtAgain(
  { endedWith: result, created_at: createdAt }: EndedRun,
  now: number | undefined,
  passedMs: number,
): boolean {
  const state = result?.state;
  if (state === undefined) {
    // The service may not show a new session yet.
    return Math.max(ageAt(creationTime(createdAt), now) ?? 0, passedMs) < patience.eventuallyConsistentMs;
  }
  return state === "running" || state === "not started yet";
}

/** Reports the progress to the person who waits: at each new state, and otherwise at growing intervals. */
class Progress {
  #reported: string | undefined;
  #nextMs = patience.firstWordMs;

  constructor(private readonly client: QoderClient) {}

  async tell({ id, session_id: sessionId, endedWith: result }: EndedRun, passedMs: number): Promise<void> {
    const state = resultText(result);
    const isNews = this.#reported !== undefined && this.#reported !== state;
    if (passedMs < this.#nextMs && !isNews) {
      return;
    }
    this.#reported = state;
    this.#nextMs = Math.max(patience.firstWordMs, passedMs + Math.min(passedMs, patience.longestBetweenWordsMs));
    const session = sessionId == null ? "" : ` (session ${sessionId})`;
    await this.client.remark(info(`waits for the end of ${id}${session}: ${state}, ${Math.round(passedMs / 1_000)} s`));
  }
}

const unasked: RunResult = { state: undefined };

/** The result in the words of `pulumi-qoder status`. */
function resultText(result: RunResult = unasked): string {
  return excerpt(stateText(result), longestSentence);
}

/** The error for a result that `waitForResult` does not accept; undefined for an accepted one. */
function verdictOn(run: EndedRun, wanted: Partial<RunArguments>): QoderError | undefined {
  const { endedWith: result = unasked } = run;
  const reason = rejectionOf(result, wanted);
  if (reason === undefined) {
    return undefined;
  }
  const text = `${run.id} of ${run.deployment_id} ${reason} (${factsOf(run)})`;
  return isDecided(result, isToBeSatisfied(wanted))
    ? new FinalFailure(
        `${text}.\nIt stays failed until triggers change, or \`pulumi up --replace URN\` asks for another run`,
      )
    : new QoderError(`${text}.\n${remedyOf(result)}; changed triggers start another run`);
}

/** Why `up` fails at this run without a request: its recorded result is decided, and not as the program asks. */
export function closedBy(wanted: Partial<RunArguments>, outputs: Partial<DeploymentRunOutputs>): string | undefined {
  const result = resultIn(outputs);
  const isGraded = isToBeSatisfied(wanted);
  return optionsOf(wanted) === undefined || result === undefined || !isDecided(result, isGraded)
    ? undefined
    : rejectionOf(result, wanted);
}

/** The reason for which `waitForResult` does not accept the result; undefined for an accepted one. */
function rejectionOf(result: RunResult, wanted: Partial<RunArguments>): string | undefined {
  const isGraded = isToBeSatisfied(wanted);
  const isAccepted = isPassed(result, isGraded) || (isRecord(wanted) && isOver(result, isGraded));
  return isAccepted ? undefined : reasonOf(result);
}

/** True if the result is final: without a person, the run cannot get another one. */
function isOver(result: RunResult, isGraded: boolean): boolean {
  return isDecided(result, isGraded) || result.state === "waiting for somebody";
}

function isPassed({ state, outcome, error }: RunResult, isToBeSatisfied: boolean): boolean {
  if (error?.type === lacksArtifacts) {
    return false;
  }
  return isToBeSatisfied
    ? state === "done" && outcome === "satisfied"
    : state === "done" || state === "done, not graded" || state === "not satisfied";
}

function reasonOf(result: RunResult): string {
  const { state, error, outcome } = result;
  if (error?.type === lacksArtifacts) {
    return `is done, ${excerpt(error.message, longestSentence)}`;
  }
  switch (state) {
    case "failed":
      return `failed${errorText(error)}`;
    case "could not start":
      return `could not start${errorText(error)}`;
    case "cancelled":
      return "was cancelled";
    case "stopped by budget":
      return "was stopped by its budget";
    case "waiting for somebody":
      return "waits for somebody, without a time limit";
    case "done, not graded":
      return "is done, but not graded completely; the service shows the grading late";
    case "done":
    case "not satisfied":
      return outcome === undefined
        ? "is done, but not graded: the service shows the grading late, or the deployment had no user.define_outcome"
        : `is done, but its outcome is not satisfied: ${excerpt(outcome, longestSentence)}`;
    default:
      return `is in a state that this version does not know: ${resultText(result)}`;
  }
}

function remedyOf({ state }: RunResult): string {
  return state === "waiting for somebody"
    ? "Answer in the session, then run `pulumi up` again, which continues with this run"
    : "Check the session in the console, then run `pulumi up` again, which reads this run again";
}

function errorText(error: DeploymentRunError | undefined): string {
  return error === undefined
    ? ""
    : `: ${excerpt(error.type, longestSentence)}: ${excerpt(error.message, longestSentence).replace(/\.$/, "")}`;
}

function factsOf({ session_id: sessionId, endedWith: result }: EndedRun): string {
  const credits = result?.credits;
  const session = sessionId == null ? "no session" : `session ${sessionId}`;
  return `${session}, ${credits === undefined ? "credits unknown" : `${credits} credits`}`;
}

/** The error for a run whose end `up` did not see. The run has not failed: the next `up` waits for the same run. */
function unended(run: EndedRun, passedMs: number, isCancelled: boolean): QoderError {
  const [cause, remedy] = isCancelled
    ? [", when the command was cancelled", ""]
    : ["", ". For more time, set waitForResult.timeoutSeconds and customTimeouts"];
  const seconds = Math.round(passedMs / 1_000);
  return new QoderError(
    `${run.id} of ${run.deployment_id} has no result after ${seconds} s${cause}: ${resultText(run.endedWith)} (${factsOf(run)}).\nThe run continues, and the next \`pulumi up\` waits for it${remedy}`,
  );
}
