import { z } from "zod";
import type { QoderClient } from "../../api/client";
import { QoderApiError, QoderError } from "../../api/errors";
import type { DeploymentRun } from "../../deployment-run/arguments";
import { askResult } from "../../deployment-run/ask-result";
import { median } from "../../deployment-run/credits";
import type { SessionReply } from "../../deployment-run/result";
import { type FailureSearch, mayHaveNewer, newestFailure, runsNewestFirst, runsOf } from "../../deployment-run/runs";
import { creditsAtEnd, sessionsNewestFirst, sessionsOf, showsCost, usualRuns } from "../../deployment-run/sessions";
import { creationTime } from "../../resource/age";
import { type CommandClient, eachOf } from "../client";
import { Misuse } from "../options";
import type { RunWithResult } from "./tally";

const unitMs: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const rfc3339 = z.iso.datetime({ offset: true });

/** The time of `--since` at the time `now`, in milliseconds since the epoch: `24h` before it, or a time. */
export type Since = (now: number) => number;

export function sinceOf(text: string): Since {
  const [, count, unit = ""] = /^([1-9]\d{0,4})([mhdw])$/.exec(text) ?? [];
  if (count !== undefined) {
    return (now) => now - Number(count) * (unitMs[unit] ?? 0);
  }
  if (!rfc3339.safeParse(text).success) {
    throw new Misuse(`--since takes a time that has passed, such as 24h, 7d or 2026-11-25T00:00:00Z, not "${text}"`);
  }
  const time = Date.parse(text);
  return (now) => {
    if (time > now) {
      throw new Misuse(`--since takes a time that has passed, and "${text}" is still to come`);
    }
    return time;
  };
}

const pageSize = 100;

export interface RecentRuns {
  /** The runs that were read, newest first, of which `since` are the ones since the given time. At least the newest run. */
  readonly runs: readonly DeploymentRun[];
  readonly since: readonly DeploymentRun[];
  readonly lastFailure: FailureSearch;
}

/** Reads the runs with one GET for each hundred, and one more if none of the newest hundred failed. */
export async function recentRuns(client: QoderClient, deploymentId: string, since: number): Promise<RecentRuns> {
  const runs: DeploymentRun[] = [];
  let isPart = false;
  // No filter by time, because the newest run and the last failure may be older.
  for await (const run of runsOf(client, deploymentId)) {
    runs.push(run);
    if (runs.length % pageSize === 0 && !isSince(run, since) && !mayHaveNewer(runs)) {
      isPart = true;
      break;
    }
  }
  const sorted = runsNewestFirst(runs);
  const found = sorted.find(({ error }) => error !== undefined);
  return {
    runs: sorted,
    since: sorted.filter((run) => isSince(run, since)),
    lastFailure: found === undefined && isPart ? await newestFailure(client, deploymentId) : { found },
  };
}

/** Whether the run started since the given time. A run without a time counts, because it is among the newest. */
function isSince({ createdAt }: DeploymentRun, since: number): boolean {
  return (creationTime(createdAt) ?? since) >= since;
}

/** The number of simultaneous requests for a deployment with many runs. */
const atOnce = 8;

/** The runs with their results, newest first, and the credits that a run usually costs. */
interface Results {
  readonly runs: readonly RunWithResult[];
  /** The median of the credits of the runs before the newest one; undefined if the service shows too few of them. */
  readonly usualCredits: number | undefined;
}

/**
 * The results of the runs: one GET for each run whose session works no more, and one for each hundred sessions. A session whose cost the
 * list does not show takes one more.
 */
export async function resultsOf(client: CommandClient, runs: readonly DeploymentRun[]): Promise<Results> {
  const { sessions, older } = await sessionsWith(client.forList(), runs);
  const withResults = await eachOf(
    runs,
    // Each run has its own time limit, because a deployment may have thousands of runs.
    async (run) => {
      const listed = sessions.get(run.sessionId ?? "");
      const session = listed !== undefined && showsCost(listed) ? listed : undefined;
      return { run, result: await askResult(client.forObject(), run, session) };
    },
    atOnce,
  );
  const credits = withResults.slice(1).flatMap(({ result }) => result.credits ?? []);
  const before = [...credits, ...sessionsNewestFirst(older).flatMap(creditsAtEnd)].slice(0, usualRuns);
  return { runs: withResults, usualCredits: before.length < fewestUsual ? undefined : median(before) };
}

/** Fewer runs before the newest one do not say what a run usually costs. */
const fewestUsual = 3;

/** The sessions of runs, and sessions before them that have ended. */
interface Sessions {
  readonly sessions: Map<string, SessionReply>;
  readonly older: SessionReply[];
}

/** The sessions of the runs and of the ones before in the list of sessions; the caller reads missing ones one by one. */
async function sessionsWith(client: QoderClient, runs: readonly DeploymentRun[]): Promise<Sessions> {
  const wanted = new Set(runs.flatMap(({ sessionId = [] }) => sessionId));
  const found: Sessions = { sessions: new Map(), older: [] };
  const [{ deploymentId = "" } = {}] = runs;
  if (wanted.size === 0) {
    return found;
  }
  try {
    for await (const session of sessionsOf(client, deploymentId, Math.min(wanted.size + usualRuns, pageSize))) {
      if (wanted.delete(session.id)) {
        found.sessions.set(session.id, session);
      } else if (creditsAtEnd(session).length > 0) {
        found.older.push(session);
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
