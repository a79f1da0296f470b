import { z } from "zod";
import type { QoderClient } from "../../provider/api/client";
import { QoderApiError, QoderError } from "../../provider/api/errors";
import type { DeploymentRun } from "../../provider/deployment-run/arguments";
import { askResult } from "../../provider/deployment-run/ask-result";
import { median } from "../../provider/deployment-run/credits";
import { timeOf } from "../../provider/deployment-run/newest-first";
import type { SessionReply } from "../../provider/deployment-run/result";
import { newestFailure, runsOf, runsUntil } from "../../provider/deployment-run/runs";
import { creditsAtEnd, sessionsSince, showsCost, usualRuns } from "../../provider/deployment-run/sessions";
import { creationTime } from "../../provider/resource/age";
import { type CommandClient, eachOf } from "../client";
import { Misuse } from "../options";
import type { LastFailure, RunWithResult } from "./tally";

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** The time of `--since` at the time `now`, in milliseconds since the epoch: `24h` before it, or a time. */
export type Since = (now: number) => number;

export function sinceOf(text: string): Since {
  const [, count, unit = ""] = /^([1-9]\d{0,4})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined) {
    return (now) => now - Number(count) * (unitMs[unit] ?? 0);
  }
  const time = rfc3339.test(text) && z.iso.date().safeParse(text.slice(0, 10)).success ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new Misuse(`--since takes a time that has passed, such as 24h, 7d or 2026-11-25T00:00:00Z, not "${text}"`);
  }
  return (now) => {
    if (time > now) {
      throw new Misuse(`--since takes a time that has passed, and "${text}" is still to come`);
    }
    return time;
  };
}

export interface RecentRuns {
  /** The runs that were read, newest first, of which `since` are the ones since the given time. At least the newest run. */
  readonly runs: readonly DeploymentRun[];
  readonly since: readonly DeploymentRun[];
  /** The newest run with an error. */
  readonly lastFailure: LastFailure;
}

/** Reads the runs with one GET for each hundred, and one more if none of the newest hundred has an error. */
export async function recentRuns(client: QoderClient, deploymentId: string, since: number): Promise<RecentRuns> {
  // A run without a time counts, because it is among the newest.
  const isSince = ({ createdAt }: DeploymentRun) => (creationTime(createdAt) ?? since) >= since;
  // No filter by time, because the newest run and the last failure may be older.
  const { runs, isPart } = await runsUntil(runsOf(client, deploymentId), (read) => !read.slice(-1).some(isSince));
  const found = runs.find(({ error }) => error !== undefined);
  const older = found === undefined && isPart ? await newestFailure(client, deploymentId) : undefined;
  const lastFailure = older === "unknown" ? { found, lookedAt: runs.length } : { found: found ?? older };
  return { runs, since: runs.filter(isSince), lastFailure };
}

/** The number of simultaneous requests for a deployment with many runs. */
const atOnce = 8;

/** The runs with their results, newest first, and the credits that a run usually costs. */
interface Results {
  readonly runs: readonly RunWithResult[];
  /** The median of the credits of the runs before the newest one; undefined if the service shows too few of them. */
  readonly usualCredits: number | undefined;
}

/** The runs of so many days before the oldest of these runs say what a run usually costs. */
const usualMs = 7 * 86_400_000;
/** Fewer runs before the newest one do not say what a run usually costs. */
const fewestUsual = 3;

/**
 * The results of the runs: one GET for each run whose session works no more, and one for each hundred sessions. A session whose cost the
 * list does not show takes one more.
 */
export async function resultsOf(client: CommandClient, runs: readonly DeploymentRun[]): Promise<Results> {
  const listed = await sessionsWith(client.forList(), runs);
  const sessions = new Map(listed.filter(showsCost).map((session) => [session.id, session]));
  const withResults = await eachOf(
    runs,
    // Each run has its own time limit, because a deployment may have thousands of runs.
    async (run) => ({ run, result: await askResult(client.forObject(), run, sessions.get(run.sessionId ?? "")) }),
    atOnce,
  );
  const ofRuns = new Set(runs.map(({ sessionId }) => sessionId));
  const older = listed.filter(({ id }) => !ofRuns.has(id)).flatMap(creditsAtEnd);
  const newer = withResults.slice(1).flatMap(({ result }) => result.credits ?? []);
  const before = [...newer, ...older].slice(0, usualRuns);
  return { runs: withResults, usualCredits: before.length < fewestUsual ? undefined : median(before) };
}

/** The sessions of the runs, and those before them; without those that the list does not show, which the caller reads one by one. */
async function sessionsWith(client: QoderClient, runs: readonly DeploymentRun[]): Promise<SessionReply[]> {
  const begun = runs.filter(({ sessionId }) => sessionId !== undefined);
  const times = begun.flatMap(({ createdAt }) => timeOf(createdAt) ?? []);
  const { deploymentId = "" } = begun[0] ?? {};
  try {
    return times.length === 0 ? [] : await sessionsSince(client, deploymentId, Math.min(...times) - usualMs);
  } catch (error) {
    // The list only saves requests, so only a 401 or a 429 is thrown, which the other requests would meet too.
    if (!(error instanceof QoderError) || (error instanceof QoderApiError && [401, 429].includes(error.status))) {
      throw error;
    }
    return [];
  }
}
