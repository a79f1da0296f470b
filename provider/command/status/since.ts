import type { QoderClient } from "../../api/client";
import { QoderApiError, QoderError } from "../../api/errors";
import { askResult } from "../../deployment-run/ask-result";
import type { DeploymentRun } from "../../deployment-run/list";
import { type RunResult, type SessionReply, sessionSchema } from "../../deployment-run/result";
import { type FailureSearch, newestFailure, runsOf } from "../../deployment-run/runs";
import { creationTime } from "../../resource/age";
import type { CommandClient } from "../client";
import { Misuse } from "../command-line";

/** What became of the runs of a deployment since a time. */
export interface Tally {
  readonly runs: number;
  readonly done: number;
  /** Those that could not start, that their budget stopped or that do not satisfy their outcome among them. */
  readonly failed: number;
  /** Those that have not started yet among them. */
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
  /** What became of it, where that was asked for. */
  readonly result?: RunResult;
}

/** The newest that failed since then, in its session or before; else the newest that has an error. `results` are of `recent.since`. */
export function lastFailureIn(recent: RecentRuns, results: readonly RunResult[]): LastFailure {
  const index = results.findIndex(({ state }) => state !== undefined && counted.failed.includes(state));
  const [found, result] = [recent.since[index], results[index]];
  return found === undefined || result === undefined ? recent.lastFailure : { found, result };
}

/** The service tells them with two decimals ("Usage"), which a sum of binary numbers would lose. */
function creditSum(credits: readonly number[]): number {
  return Math.round(credits.reduce((sum, one) => sum + one, 0) * 100) / 100;
}

export function summed(tallies: readonly Tally[]): Tally {
  const sum = (name: keyof Tally) => creditSum(tallies.map((tally) => tally[name]));
  return {
    runs: sum("runs"),
    done: sum("done"),
    failed: sum("failed"),
    running: sum("running"),
    waiting: sum("waiting"),
    credits: sum("credits"),
  };
}

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** In milliseconds since the epoch: `24h` before now, or a time. */
export function sinceOf(text: string, now: number): number {
  const [, count, unit = ""] = /^([1-9]\d{0,4})([mhdw])$/.exec(text) ?? [];
  const time =
    count === undefined
      ? rfc3339.test(text)
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

/** As many as a page of the list has. */
const pageCount = 100;

export interface RecentRuns {
  /** Also where it is older. */
  readonly newest: DeploymentRun | undefined;
  /** The newest first. */
  readonly since: readonly DeploymentRun[];
  readonly lastFailure: FailureSearch;
}

/** One GET, and one a hundred runs; one more where no failure is among the newest hundred. */
export async function recentRuns(client: QoderClient, deploymentId: string, since: number): Promise<RecentRuns> {
  const runs: DeploymentRun[] = [];
  let isWhole = true;
  // The list without a filter also has the newest run and the last failure, which may be older.
  for await (const run of runsOf(client, deploymentId)) {
    runs.push(run);
    if (runs.length >= pageCount && !isSince(run, since)) {
      isWhole = false;
      break;
    }
  }
  const found = runs.find(({ error }) => error !== undefined);
  return {
    newest: runs[0],
    since: runs.filter((run) => isSince(run, since)),
    lastFailure: found !== undefined || isWhole ? { found } : await newestFailure(client, deploymentId),
  };
}

/** One that tells no time counts: it is among the newest. */
function isSince({ createdAt }: DeploymentRun, since: number): boolean {
  return (creationTime(createdAt) ?? since) >= since;
}

/** So many at once for a deployment that ran often. */
const atOnce = 8;

/** What became of each run: one GET a run, and one a hundred sessions where a deployment ran more than once. */
export async function resultsOf(client: CommandClient, runs: readonly DeploymentRun[]): Promise<RunResult[]> {
  const sessions = await sessionsOf(client.forList(), runs);
  const results: RunResult[] = [];
  for (let index = 0; index < runs.length; index += atOnce) {
    const some = runs.slice(index, index + atOnce);
    // Each has its own time: a deployment may have run thousands of times.
    results.push(
      ...(await Promise.all(some.map((run) => askResult(client.forObject(), run, sessions.get(run.sessionId ?? ""))))),
    );
  }
  return results;
}

/** A session begins with its run, and their clocks are the same. */
const earlierMs = 60_000;

/** The sessions that a list shows; what it does not show is asked for one by one. */
async function sessionsOf(client: QoderClient, runs: readonly DeploymentRun[]): Promise<Map<string, SessionReply>> {
  const started = runs.filter(({ sessionId }) => sessionId !== undefined);
  const [oldest, { deploymentId = "" } = {}] = [creationTime(started.at(-1)?.createdAt), started[0]];
  const found = new Map<string, SessionReply>();
  if (started.length < 2 || oldest === undefined) {
    return found;
  }
  const filter = {
    deployment_id: deploymentId,
    include_archived: "true",
    "created_at[gte]": new Date(oldest - earlierMs).toISOString(),
  };
  const kind = { noun: "session", collection: "sessions", idPrefix: "sess_", cursor: "page" } as const;
  const wanted = new Set(started.map(({ sessionId }) => sessionId));
  try {
    for await (const listed of client.list(kind, filter, Math.min(started.length, pageCount))) {
      const session = sessionSchema.safeParse(listed).data;
      if (session !== undefined && wanted.delete(session.id)) {
        found.set(session.id, session);
      }
      // A service that does not know the filter would show all there ever were.
      if (wanted.size === 0 || (session !== undefined && session.deployment_id !== deploymentId)) {
        break;
      }
    }
  } catch (error) {
    // The list saves requests, and is needed for nothing else.
    if (!(error instanceof QoderError) || (error instanceof QoderApiError && [401, 429].includes(error.status))) {
      throw error;
    }
  }
  return found;
}
