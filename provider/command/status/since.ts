import { z } from "zod";
import type { QoderClient } from "../../api/client";
import { QoderApiError, QoderError } from "../../api/errors";
import type { DeploymentRun } from "../../deployment-run/arguments";
import { askResult } from "../../deployment-run/ask-result";
import { creditSum, median } from "../../deployment-run/credits";
import type { RunResult, SessionReply } from "../../deployment-run/result";
import { type FailureSearch, newestFailure, runsOf } from "../../deployment-run/runs";
import { creditsAtEnd, sessionsOf, usualRuns } from "../../deployment-run/sessions";
import { creationTime } from "../../resource/age";
import { type CommandClient, eachOf } from "../client";
import { Misuse } from "../options";

/** The numbers of runs of a deployment since a time, by result. */
export interface Tally {
  readonly runs: number;
  readonly done: number;
  /** Includes runs that could not start, that their budget stopped, or that do not satisfy their outcome. */
  readonly failed: number;
  /** Includes runs that have not started yet. */
  readonly running: number;
  readonly waiting: number;
  readonly credits: number;
}

const counted: Readonly<Record<"done" | "failed" | "running" | "waiting", readonly RunResult["state"][]>> = {
  done: ["done"],
  failed: ["failed", "could not start", "stopped by budget", "not satisfied"],
  running: ["running", "not started yet"],
  waiting: ["waiting for somebody"],
};

/** Whether the run did not do its work, for whatever reason. */
export function hasFailed({ state }: RunResult): boolean {
  return state !== undefined && counted.failed.includes(state);
}

export function tallyOf(results: readonly RunResult[]): Tally {
  const count = (name: keyof typeof counted) => results.filter(({ state }) => counted[name].includes(state)).length;
  return {
    runs: results.length,
    done: count("done"),
    failed: count("failed"),
    running: count("running"),
    waiting: count("waiting"),
    credits: creditSum(results.map(({ credits = 0 }) => credits)),
  };
}

/** The newest run that failed. */
export interface LastFailure extends FailureSearch {
  /** The result of the run, if it was requested. */
  readonly result?: RunResult;
}

/** The newest of these runs that failed, in its session or before; else the newest run with an error. */
export function lastFailureIn({ lastFailure }: RecentRuns, runs: readonly RunWithResult[]): LastFailure {
  const failed = runs.find(({ result }) => hasFailed(result));
  return failed === undefined ? lastFailure : { found: failed.run, result: failed.result };
}

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
/** RFC 3339. Unlike `Date.parse` it refuses days that no calendar has. */
const datetime = z.union([z.iso.datetime({ offset: true }), z.iso.datetime({ offset: true, precision: -1 })]);

/** The time of `--since` in milliseconds since the epoch: `24h` before now, or a time. */
export function sinceOf(text: string, now: number): number {
  const [, count, unit = ""] = /^([1-9]\d{0,4})([mhdw])$/.exec(text) ?? [];
  const time =
    count === undefined
      ? datetime.safeParse(text).success
        ? Date.parse(text)
        : Number.NaN
      : now - Number(count) * (unitMs[unit] ?? 0);
  if (Number.isNaN(time)) {
    throw new Misuse(`--since takes a time that has passed, such as 24h, 7d or 2026-11-25T00:00:00Z, not "${text}"`);
  }
  if (time > now) {
    throw new Misuse(`--since takes a time that has passed, and "${text}" is still to come`);
  }
  return time;
}

const pageSize = 100;

export interface RecentRuns {
  /** The newest run, even if it is older than the given time. */
  readonly newest: DeploymentRun | undefined;
  /** The runs that were read, newest first, of which `since` are the ones since the given time. */
  readonly runs: readonly DeploymentRun[];
  readonly since: readonly DeploymentRun[];
  readonly lastFailure: FailureSearch;
}

/** Reads the runs with one GET for each hundred, and one more if none of the newest hundred failed. */
export async function recentRuns(client: QoderClient, deploymentId: string, since: number): Promise<RecentRuns> {
  const runs: DeploymentRun[] = [];
  let isWhole = true;
  // No filter by time, because the newest run and the last failure may be older.
  for await (const run of runsOf(client, deploymentId)) {
    runs.push(run);
    if (runs.length >= pageSize && !isSince(run, since)) {
      isWhole = false;
      break;
    }
  }
  const found = runs.find(({ error }) => error !== undefined);
  return {
    newest: runs[0],
    runs,
    since: runs.filter((run) => isSince(run, since)),
    lastFailure: found !== undefined || isWhole ? { found } : await newestFailure(client, deploymentId),
  };
}

/** Whether the run started since the given time. A run without a time counts, because it is among the newest. */
function isSince({ createdAt }: DeploymentRun, since: number): boolean {
  return (creationTime(createdAt) ?? since) >= since;
}

/** The number of simultaneous requests for a deployment with many runs. */
const atOnce = 8;

export interface RunWithResult {
  readonly run: DeploymentRun;
  readonly result: RunResult;
}

/** The runs with their results, newest first, and the credits that a run usually costs. */
interface Results {
  readonly runs: readonly RunWithResult[];
  /** The median of the credits of the runs before the newest one; undefined if the service shows too few of them. */
  readonly usualCredits: number | undefined;
}

/** The results of the runs: one GET for each run whose session works no more, and one for each hundred sessions. */
export async function resultsOf(client: CommandClient, runs: readonly DeploymentRun[]): Promise<Results> {
  const { sessions, older } = await sessionsWith(client.forList(), runs);
  const withResults = await eachOf(
    runs,
    // Each run has its own time limit, because a deployment may have thousands of runs.
    async (run) => ({ run, result: await askResult(client.forObject(), run, sessions.get(run.sessionId ?? "")) }),
    atOnce,
  );
  const before = [...withResults.slice(1).flatMap(({ result: { credits = [] } }) => credits), ...older].slice(
    0,
    usualRuns,
  );
  return { runs: withResults, usualCredits: before.length < fewestUsual ? undefined : median(before) };
}

/** Fewer runs before the newest one do not say what a run usually costs. */
const fewestUsual = 3;

/** The sessions of runs, and the credits of the sessions before them, newest first. */
interface Sessions {
  readonly sessions: Map<string, SessionReply>;
  readonly older: number[];
}

/** The sessions of the runs and of the ones before in the list of sessions; the caller reads missing ones one by one. */
async function sessionsWith(client: QoderClient, runs: readonly DeploymentRun[]): Promise<Sessions> {
  const wanted = new Set(runs.flatMap(({ sessionId = [] }) => sessionId));
  const found: Sessions = { sessions: new Map(), older: [] };
  const [{ deploymentId = "" } = {}] = runs;
  if (wanted.size === 0) {
    return found;
  }
  const isOurs = new Set(wanted);
  try {
    for await (const session of sessionsOf(client, deploymentId, Math.min(wanted.size + usualRuns, pageSize))) {
      if (wanted.delete(session.id)) {
        found.sessions.set(session.id, session);
      } else if (!isOurs.has(session.id)) {
        found.older.push(...creditsAtEnd(session));
      }
      if (wanted.size === 0 && found.older.length >= usualRuns) {
        break;
      }
    }
  } catch (error) {
    // The list only saves requests, so only a 401 or a 429 is thrown, which the other requests would meet too.
    if (!(error instanceof QoderError) || (error instanceof QoderApiError && [401, 429].includes(error.status))) {
      throw error;
    }
  }
  return found;
}

/** The number of the newest ended runs that failed one after another. */
export function failedInARow(results: readonly RunResult[]): number {
  const ended = results.filter(({ state }) => state === undefined || !counted.running.includes(state));
  const end = ended.findIndex((result) => !hasFailed(result));
  return end < 0 ? ended.length : end;
}
