import { z } from "zod";
import type { OutputRows } from "../resource/kind/outputs";
import type { DeploymentRunError, DeploymentRunOutputs } from "./arguments";
import { type DeploymentRunReply, startProblem } from "./reply";
import { type KnownState, type RunResult, stateText } from "./result";

/** A run with its result, which the service shows in the session; undefined if the session was not read. */
export interface EndedRun extends DeploymentRunReply {
  readonly endedWith?: RunResult | undefined;
  readonly expects?: Expects | undefined;
}

const expectsSchema = z.object({ artifacts: z.array(z.string()), asked: z.boolean() });
/** The artifacts that the deployment of a gate expects. `asked`: the recorded result is that of a look at them. */
type Expects = z.infer<typeof expectsSchema>;

/** The outputs with the hidden one that only this kind reads. */
export interface RecordedEnd extends Partial<DeploymentRunOutputs> {
  readonly __expects?: Expects | undefined;
}

/** The final states: another request finds no other state, unless a person resumes the session. */
const decidedStates: readonly KnownState[] = [
  "could not start",
  "done",
  "done, not graded",
  "not satisfied",
  "failed",
  "stopped by budget",
  "cancelled",
];
const openStates: readonly KnownState[] = ["not started yet", "running", "waiting for somebody"];

/** `isGraded`: true if the grading counts too, which the service may show later than the end of the work. */
export function isDecided(result: Partial<RunResult> = {}, isGraded = false): boolean {
  const { state } = result;
  return state !== undefined && decidedStates.includes(state) && !(isGraded && lacksGrading(result, true));
}

/** True if the service may still show a grading. `isGraded`: also if the events do not say whether one was asked for. */
export function lacksGrading({ state, outcome }: Partial<RunResult> = {}, isGraded: boolean): boolean {
  return state === "done, not graded" || (isGraded && state === "done" && outcome === undefined);
}

const text = z.string();
const errorSchema = z.object({ type: text, message: text });

export const resultRows = {
  error: {
    recorded: errorSchema,
    read: (run: EndedRun) =>
      run.endedWith === undefined ? startError(run) : (run.endedWith.error ?? startError(run) ?? null),
  },
  result: { recorded: text, read: ({ endedWith: result }: EndedRun) => result && stateText(result) },
  credits: { recorded: z.number(), read: ({ endedWith: result }: EndedRun) => result?.credits },
  outcome: { recorded: text, read: ({ endedWith: result }: EndedRun) => result && (result.outcome ?? null) },
  explanation: { recorded: text, read: ({ endedWith: result }: EndedRun) => result && (result.explanation ?? null) },
  __expects: { recorded: expectsSchema, read: ({ expects }: EndedRun) => expects },
} satisfies OutputRows;

function startError(run: EndedRun): DeploymentRunError | null | undefined {
  return startProblem(run) ?? run.error;
}

/** The result in the recorded outputs; undefined if they hold none. */
export function resultIn({
  result,
  error,
  credits,
  outcome,
  explanation,
}: Partial<DeploymentRunOutputs>): RunResult | undefined {
  if (result === undefined) {
    return undefined;
  }
  const state = [...decidedStates, ...openStates].find((known) => known === result);
  return { state, ...(state === undefined ? { said: result } : {}), error, credits, outcome, explanation };
}

/**
 * The result that a refresh records. An archived or deleted session says nothing about its work, so the old result stays.
 * `isFixed`: the old result stays in any case.
 */
export function keptResult(before: RunResult | undefined, now: RunResult, isFixed: boolean): RunResult {
  const isKept = before !== undefined && isDecided(before) && (isFixed || now.state === undefined);
  if (isKept) {
    return { ...before, credits: now.credits ?? before.credits };
  }
  // A refresh knows fewer secrets than the `up` that recorded these texts.
  const isSame = before?.state === now.state && before?.outcome === now.outcome;
  return isSame
    ? { ...now, error: before?.error ?? now.error, explanation: before?.explanation ?? now.explanation }
    : now;
}
