import type { DeploymentRun } from "../../provider/deployment-run/arguments";
import { creditSum } from "../../provider/deployment-run/credits";
import type { Delivered } from "../../provider/deployment-run/delivered";
import type { RunResult } from "../../provider/deployment-run/result";
import { costOf } from "../../provider/deployment-run/sessions";

/** The numbers of runs of a deployment since a time, by result. */
export interface Tally {
  readonly runs: number;
  readonly done: number;
  /** Runs that are done, and whose outcome has no final grading. */
  readonly notGraded: number;
  /** Includes runs that could not start, that their budget stopped, or that do not satisfy their outcome. */
  readonly failed: number;
  /** Includes runs that have not started yet. */
  readonly running: number;
  readonly waiting: number;
  /** The known credits: all, or at least these if `unknownCosts` is above 0. */
  readonly credits: number;
  /** The number of runs that have ended and whose cost the service does not show. */
  readonly unknownCosts: number;
}

const counted: Readonly<
  Record<"done" | "notGraded" | "failed" | "running" | "waiting", readonly RunResult["state"][]>
> = {
  done: ["done"],
  notGraded: ["done, not graded"],
  failed: ["failed", "could not start", "never began", "stopped by budget", "not satisfied"],
  running: ["running", "not started yet"],
  waiting: ["waiting for somebody"],
};

/** True if the run did not do its work, for whatever reason. */
export function hasFailed({ state }: RunResult): boolean {
  return state !== undefined && counted.failed.includes(state);
}

export function tallyOf(results: readonly RunResult[]): Tally {
  const count = (name: keyof typeof counted) => results.filter(({ state }) => counted[name].includes(state)).length;
  const costs = results.map(costOf);
  return {
    runs: results.length,
    done: count("done"),
    notGraded: count("notGraded"),
    failed: count("failed"),
    running: count("running"),
    waiting: count("waiting"),
    credits: creditSum(costs.map((cost = 0) => cost)),
    unknownCosts: costs.filter((cost) => cost === undefined).length,
  };
}

/** A run, and its result. */
export interface RunWithResult {
  readonly run: DeploymentRun;
  readonly result: RunResult;
  /** How long the agent worked, in milliseconds; undefined if the service does not show it. */
  readonly activeMs?: number | undefined;
  /** What the session of an ended run gave; undefined if its events were not read. */
  readonly given?: Delivered | undefined;
  /** True if a command of this package cancelled the session, or asked for that: no news for whoever reads a report. */
  readonly isOwnCancel?: boolean;
}

/** The newest run that failed. */
export interface LastFailure {
  readonly found: DeploymentRun | undefined;
  /** The result of the run, if it was requested. */
  readonly result?: RunResult;
}

/** The newest of these runs that failed, in its session or before; else the newest run with an error. */
export function lastFailureOf(withError: LastFailure, runs: readonly RunWithResult[]): LastFailure {
  const failed = runs.find(({ result }) => hasFailed(result));
  return failed === undefined ? withError : { found: failed.run, result: failed.result };
}

/** A run that waits for somebody has ended for this: it has not failed. */
const hasEnded = ({ result: { state } }: RunWithResult) => state === undefined || !counted.running.includes(state);

/** The newest ended runs that failed one after another, the newest first. */
export function failedInARow(runs: readonly RunWithResult[]): RunWithResult[] {
  const ended = runs.filter(hasEnded);
  const end = ended.findIndex(({ result }) => !hasFailed(result));
  return end < 0 ? ended : ended.slice(0, end);
}

/** True if all ended runs failed, so that the run before them may have failed too. */
export function isRowOpen(runs: readonly RunWithResult[]): boolean {
  return failedInARow(runs).length === runs.filter(hasEnded).length;
}

/** A window with fewer ended runs has no share. */
const fewestOfShare = 4;
const failedShare = 1 / 4;

/** The failed and the ended runs, if a quarter of at least four failed; undefined otherwise. */
export function failedOften(
  runs: readonly RunWithResult[],
): { readonly failed: readonly RunWithResult[]; readonly ended: number } | undefined {
  const ended = runs.filter(hasEnded).length;
  const failed = runs.filter(({ result }) => hasFailed(result));
  return ended >= fewestOfShare && failed.length >= ended * failedShare ? { failed, ended } : undefined;
}
