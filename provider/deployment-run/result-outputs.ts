import { z } from "zod";
import type { OutputRows } from "../resource/outputs";
import type { DeploymentRunOutputs, RunError } from "./arguments";
import { type DeploymentRunReply, startProblem } from "./reply";
import { type RunResult, stateText } from "./result";

type KnownState = NonNullable<RunResult["state"]>;

/** A run with what became of it, which the service tells elsewhere: undefined where nobody asked. */
export interface EndedRun extends DeploymentRunReply {
  readonly came_to?: RunResult | undefined;
}

/** No look finds another state later, unless somebody sets the session going again. */
const decidedStates: readonly KnownState[] = [
  "could not start",
  "done",
  "not satisfied",
  "failed",
  "stopped by budget",
  "cancelled",
];
const openStates: readonly KnownState[] = ["not started yet", "running", "waiting for somebody"];

export function isDecided(result: RunResult | undefined): boolean {
  return result?.state !== undefined && decidedStates.includes(result.state);
}

const text = z.string();
const errorSchema = z.object({ type: text, message: text });

export const resultRows = {
  error: {
    recorded: errorSchema,
    read: (run: EndedRun) =>
      run.came_to === undefined ? startError(run) : (run.came_to.error ?? startError(run) ?? null),
  },
  result: { recorded: text, read: ({ came_to: result }: EndedRun) => result && stateText(result) },
  credits: { recorded: z.number(), read: ({ came_to: result }: EndedRun) => result?.credits },
  outcome: { recorded: text, read: ({ came_to: result }: EndedRun) => result && (result.outcome ?? null) },
} satisfies OutputRows;

function startError(run: EndedRun): RunError | null | undefined {
  return startProblem(run) ?? run.error;
}

/** The result that a state holds; undefined where it holds none. */
export function resultIn({ result, error, credits, outcome }: Partial<DeploymentRunOutputs>): RunResult | undefined {
  if (result === undefined) {
    return undefined;
  }
  const state = [...decidedStates, ...openStates].find((known) => known === result);
  return { state, ...(state === undefined ? { said: result } : {}), error, credits, outcome };
}

/**
 * What a refresh records. That a session was archived or deleted says nothing of its work, and what failed a gate stays as it was,
 * also where somebody set the session going again since.
 */
export function keptResult(before: RunResult | undefined, now: RunResult, isGate: boolean): RunResult {
  if (before === undefined || !isDecided(before)) {
    return now;
  }
  const isKept = now.state === undefined || (isGate && before.state !== "done");
  return isKept ? { ...before, credits: now.credits ?? before.credits } : now;
}
