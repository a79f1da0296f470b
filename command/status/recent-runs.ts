import { z } from "zod";
import type { QoderClient } from "../../provider/api/client";
import { hourMs } from "../../provider/api/clock";
import { QoderApiError, QoderError } from "../../provider/api/errors";
import type { DeploymentRun } from "../../provider/deployment-run/arguments";
import { askResult, eventsOf } from "../../provider/deployment-run/ask-result";
import { timeOf } from "../../provider/deployment-run/newest-first";
import { type EventPage, needsEvents, type RunResult, type SessionReply } from "../../provider/deployment-run/result";
import { newestFailure, runsOf, runsUntil } from "../../provider/deployment-run/runs";
import { creditsAtEnd, sessionsSince, showsCost } from "../../provider/deployment-run/sessions";
import { creationTime } from "../../provider/resource/age";
import { type CommandClient, eachOf } from "../client";
import { usualMs, usualOf } from "./growing-cost";
import type { LastFailure, RunWithResult } from "./tally";

interface RecentRuns {
  /** The runs that were read, newest first, of which `since` are the ones since the given time, and `earlier` the others. At least the newest run. */
  readonly runs: readonly DeploymentRun[];
  readonly since: readonly DeploymentRun[];
  readonly earlier: readonly DeploymentRun[];
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
  const lastFailure = { found: found ?? (older === "unknown" ? undefined : older) };
  return { runs, since: runs.filter(isSince), earlier: runs.filter((run) => !isSince(run)), lastFailure };
}

/** The number of simultaneous requests for a deployment with many runs. */
const atOnce = 8;

/** What a run usually costs, and how long it usually takes; undefined if the runs before the window are too few. */
export interface Usual {
  readonly credits: number | undefined;
  readonly milliseconds: number | undefined;
  /** The credits of the last paid run before the window. */
  readonly lastCredits: number | undefined;
}

/** The runs with their results, newest first. */
interface Results {
  readonly runs: readonly RunWithResult[];
  readonly usual: Usual;
}

const worked = z.looseObject({ stats: z.looseObject({ active_seconds: z.number() }) });

/**
 * True if nobody could judge the session before the window: it ended in it, or the hour in which it should have begun did. An archived
 * session may have changed for that reason alone.
 */
function isDecidedSince(session: SessionReply | undefined, since: number): boolean {
  const [created, updated] = [creationTime(session?.created_at), creationTime(session?.updated_at)];
  if (session === undefined || !needsEvents(session) || created === undefined || updated === undefined) {
    return false;
  }
  const mayNotHaveBegun = updated === created && creditsAtEnd(session).every((cost) => cost === 0);
  return (mayNotHaveBegun ? created + hourMs : updated) >= since;
}

/** What these sessions show of the time before the window. */
function usualIn(sessions: readonly SessionReply[], since: number): Usual {
  const before = sessions.filter(({ created_at: at }) => (creationTime(at) ?? since) < since);
  const ended = before.filter(({ status }) => status === "idle" || status === "terminated");
  const seconds = ended.flatMap((session) => worked.safeParse(session).data?.stats.active_seconds ?? []);
  // A session that never began has cost nothing, and says nothing about those that work.
  const paid = before.flatMap(creditsAtEnd).filter((cost) => cost > 0);
  return {
    credits: usualOf(paid),
    lastCredits: paid[0],
    milliseconds: usualOf(seconds.map((one) => one * 1_000)),
  };
}

/** What is usual now, for a command that has not read the sessions. */
export async function usualNow(client: CommandClient, deploymentId: string, now: number): Promise<Usual> {
  return usualIn(await sessionsBack(client.forList(), deploymentId, now - usualMs), now);
}

/**
 * The results of the runs since this time, or since the oldest run, and of those `earlier` ones that were decided only since then: one
 * GET for each run whose session works no more, and one for each hundred sessions. A session whose cost the list does not show takes one
 * more, and so does one that seems to have done nothing.
 */
export async function resultsOf(
  client: CommandClient,
  runs: readonly DeploymentRun[],
  since: number = oldestOf(runs),
  earlier: readonly DeploymentRun[] = [],
): Promise<Results> {
  const [newest] = runs;
  const listed =
    newest === undefined || since === Number.POSITIVE_INFINITY
      ? []
      : await sessionsBack(client.forList(), newest.deploymentId, since - usualMs);
  const sessions = new Map(listed.map((session) => [session.id, session]));
  const sessionOf = ({ sessionId = "" }: DeploymentRun) => sessions.get(sessionId);
  const all = [...runs, ...earlier.filter((run) => isDecidedSince(sessionOf(run), since))];
  const withResults = await eachOf(
    all,
    // Each run has its own time limit, because a deployment may have thousands of runs.
    async (run) => ({ run, result: await resultOf(client, run, sessionOf(run)) }),
    atOnce,
  );
  const judged = new Set(all.map(({ sessionId }) => sessionId));
  const others = listed.filter(({ id }) => !judged.has(id));
  return { runs: withResults, usual: usualIn(others, since) };
}

function oldestOf(runs: readonly DeploymentRun[]): number {
  return runs.reduce(
    (oldest, { createdAt }) => Math.min(oldest, timeOf(createdAt) ?? oldest),
    Number.POSITIVE_INFINITY,
  );
}

/** Reads the results of these runs one by one, with one reading of the list of their sessions. */
export async function resultReader(
  client: CommandClient,
  runs: readonly DeploymentRun[],
): Promise<(run: DeploymentRun) => Promise<RunWithResult>> {
  const oldest = oldestOf(runs);
  const [newest] = runs;
  const isKnown = newest !== undefined && oldest !== Number.POSITIVE_INFINITY;
  const listed = isKnown ? await sessionsBack(client.forList(), newest.deploymentId, oldest) : [];
  const sessions = new Map(listed.map((session) => [session.id, session]));
  return async (run) => ({ run, result: await resultOf(client, run, sessions.get(run.sessionId ?? "")) });
}

const paidModel = z.looseObject({ usage: z.looseObject({ model_credits: z.number().positive() }) });

/** The result of the run. */
export async function resultOf(client: CommandClient, run: DeploymentRun, session?: SessionReply): Promise<RunResult> {
  const result = await askResult(client.forObject(), run, session && showsCost(session) ? session : undefined);
  return run.sessionId === undefined || !mayHaveNeverBegun(result, session)
    ? result
    : orNeverBegan(result, session, await eventsOf(client.forObject(), run.sessionId, { limit: "100" }, []));
}

/** True if the session has ended and said nothing. A paid request to a model proves that it began. */
function mayHaveNeverBegun({ state, said, saidNothing }: RunResult, session: SessionReply | undefined): boolean {
  const isSilent = saidNothing || (state === undefined && ["idle", "stop_sequence"].includes(said ?? ""));
  return isSilent && !paidModel.safeParse(session).success;
}

/** The result, or that the session never began: it has ended, and none of its events is of the agent. */
export function orNeverBegan(
  result: RunResult,
  session: SessionReply | undefined,
  { data, has_more: hasMore }: EventPage,
): RunResult {
  const isBegun = hasMore === true || data.some(({ type }) => /^(agent|span\.model_request)/.test(type));
  return isBegun || !mayHaveNeverBegun(result, session) ? result : { ...result, state: "never began" };
}

/** The sessions since this time; none if the list cannot be read, because the caller then reads those of the runs one by one. */
async function sessionsBack(client: QoderClient, deploymentId: string, from: number): Promise<SessionReply[]> {
  try {
    return await sessionsSince(client, deploymentId, from);
  } catch (error) {
    // Without the list, the caller reads the sessions one by one, and nobody knows what is usual. A 401 or a 429 would meet these too.
    if (!(error instanceof QoderError) || (error instanceof QoderApiError && [401, 429].includes(error.status))) {
      throw error;
    }
    return [];
  }
}
