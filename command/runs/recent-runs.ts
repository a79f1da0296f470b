import { z } from "zod";
import type { QoderClient } from "../../provider/api/client";
import { dayMs, hourMs } from "../../provider/api/clock";
import { absentIfNotFound, QoderApiError, QoderError } from "../../provider/api/errors";
import { patience } from "../../provider/api/patience";
import type { DeploymentRun } from "../../provider/deployment-run/arguments";
import {
  allEvents,
  askResult,
  eventsOf,
  fullEventPage,
  newestEvents,
  readSession,
  resultOfDeleted,
} from "../../provider/deployment-run/ask-result";
import { artifactEvents, type Delivered, deliveredIn, resultEvents } from "../../provider/deployment-run/delivered";
import { newestFirst, timeOf } from "../../provider/deployment-run/newest-first";
import {
  cancelledKey,
  decidingEvents,
  type EventPage,
  needsEvents,
  type RunResult,
  type SessionReply,
} from "../../provider/deployment-run/result";
import { newestFailure, runOfSession, runsOf, runsUntil } from "../../provider/deployment-run/runs";
import { creditsAtEnd, sessionsSince, showsCost } from "../../provider/deployment-run/sessions";
import { creationTime } from "../../provider/resource/kind/outputs";
import { type CommandClient, eachOf } from "../client";
import { lookBackMs } from "./missed-runs";
import type { LastFailure, RunWithResult } from "./tally";
import { type PastRun, usualMs } from "./usual";

interface RecentRuns {
  /** The runs that were read, newest first, of which `since` are the ones since the given time, and `earlier` the others. At least the newest run. */
  readonly runs: readonly DeploymentRun[];
  readonly since: readonly DeploymentRun[];
  readonly earlier: readonly DeploymentRun[];
  /** True if older runs may follow. */
  readonly isPart: boolean;
  /** The newest run with an error. */
  readonly lastFailure: LastFailure;
}

/** Reads the runs with one GET for each hundred, and one more if none of the newest hundred has an error. */
export async function recentRuns(client: QoderClient, deploymentId: string, since: number): Promise<RecentRuns> {
  const isSince = (run: DeploymentRun) => isBegunSince(run, since);
  const { runs, isPart } = await runsBack(client, deploymentId, since);
  const found = runs.find(({ error }) => error !== undefined);
  const older = found === undefined && isPart ? await newestFailure(client, deploymentId) : undefined;
  const lastFailure = { found: found ?? older };
  return {
    ...{ runs, isPart, lastFailure },
    since: runs.filter((run) => isSince(run)),
    earlier: runs.filter((run) => !isSince(run)),
  };
}

/** A run without a time counts, because it is among the newest. */
function isBegunSince({ createdAt }: DeploymentRun, from: number): boolean {
  return (creationTime(createdAt) ?? from) >= from;
}

/**
 * The runs since this time, and before it those that may count for a due time since then. No filter by time, because the newest run and the
 * last failure may be older.
 */
export function runsBack(client: QoderClient, deploymentId: string, since: number) {
  return runsUntil(
    runsOf(client, deploymentId),
    (read) => !read.slice(-1).some((run) => isBegunSince(run, since - lookBackMs)),
  );
}

/** The number of simultaneous requests for a deployment with many runs. */
const atOnce = 8;

/** The runs of a window with their results, newest first, and what came before. */
export interface RunsOfWindow {
  /** Those that began in the window, or were decided in it. */
  readonly runs: readonly RunWithResult[];
  /** The runs right before these, as far as a verdict needed them. */
  readonly before: readonly RunWithResult[];
  /** The other sessions of the two weeks before the window, newest first. */
  readonly past: readonly PastRun[];
}

/**
 * True if nobody could judge the session before the window: it ended in it, or the hour in which it should have begun did. An archived
 * session may have changed for that reason alone.
 */
function isDecidedSince(session: SessionReply, since: number): boolean {
  const [created, updated] = [creationTime(session.created_at), creationTime(session.updated_at)];
  if (
    session.archived_at != null ||
    !needsEvents(session) ||
    created === undefined ||
    updated === undefined ||
    created >= since
  ) {
    return false;
  }
  // No page says that both times of a new session are one, nor which comes first. An error of this second judges one session twice.
  const isUnchanged = Math.abs(updated - created) <= patience.timeResolutionMs;
  const mayNotHaveBegun = isUnchanged && creditsAtEnd(session).every((cost) => cost === 0);
  return (mayNotHaveBegun ? created + hourMs : updated) >= since;
}

/**
 * The results of the runs that began since this time, and of those whose sessions were decided only since then, whatever runs were read:
 * one GET for each run whose session works no more, and one for each hundred sessions. A session whose cost the list does not show takes
 * one more, and so does one that seems to have done nothing. `needsOlder` says, from the runs read so far, whether one more run of the week
 * before is needed.
 */
export async function runsOfWindow(
  client: CommandClient,
  deploymentId: string,
  { runs: recent, since: begun, earlier }: RecentRuns,
  since: number,
  needsOlder: (runs: readonly RunWithResult[]) => boolean,
): Promise<RunsOfWindow> {
  const listed = await sessionsBack(client.forList(), deploymentId, since - 2 * usualMs);
  const sessions = new Map(listed.map((session) => [session.id, session]));
  const sessionOf = ({ sessionId = "" }: DeploymentRun) => sessions.get(sessionId);
  const known = new Map(recent.map((run) => [run.sessionId, run]));
  const decided = await eachOf(
    listed.filter((session) => isDecidedSince(session, since)),
    async ({ id, created_at: at }) =>
      known.get(id) ?? (await runOfSession(client.forList(), deploymentId, id, timeOf(at))),
    atOnce,
  );
  const wanted = [...begun, ...decided.filter((run) => run !== undefined)];
  const all = newestFirst(wanted, ({ createdAt }) => timeOf(createdAt));
  const runs = await eachOf(
    all,
    // Each run has its own time limit, because a deployment may have thousands of runs.
    async (run) => resultWith(client, run, sessionOf(run), run === recent[0]),
    atOnce,
  );
  const judged = new Set(all.map(({ id }) => id));
  const before: RunWithResult[] = [];
  for (const run of earlier.filter(({ id }) => !judged.has(id))) {
    // The newest run is judged, however old it is.
    const isOlder = (timeOf(run.createdAt) ?? since) < since - usualMs && run !== recent[0];
    if (isOlder || !needsOlder([...runs, ...before])) {
      break;
    }
    before.push(await resultWith(client, run, sessionOf(run), run === recent[0]));
  }
  const isJudged = new Set(all.map(({ sessionId }) => sessionId));
  return { runs, before, past: listed.filter(({ id }) => !isJudged.has(id)).flatMap((one) => pastRun(one, since)) };
}

const worked = z.looseObject({ stats: z.looseObject({ active_seconds: z.number() }) });

function activeMsOf(session: SessionReply | undefined): number | undefined {
  const seconds = worked.safeParse(session).data?.stats.active_seconds;
  return seconds === undefined ? undefined : seconds * 1_000;
}

function pastRun(session: SessionReply, since: number): PastRun[] {
  const { status, created_at: at } = session;
  const startedAt = creationTime(at) ?? since;
  const hasEnded = status === "idle" || status === "terminated";
  return startedAt >= since || !hasEnded
    ? []
    : [
        {
          startedAt,
          credits: creditsAtEnd(session)[0],
          activeMs: activeMsOf(session),
          hasFailed: status === "terminated",
        },
      ];
}

/** What was usual until now, for a command that has not read the sessions. */
export async function pastRuns(client: CommandClient, deploymentId: string, now: number): Promise<PastRun[]> {
  const sessions = await sessionsBack(client.forList(), deploymentId, now - usualMs);
  return sessions.flatMap((session) => pastRun(session, now));
}

/** The runs whose session has shown no event for longer than the limit: a new session is idle, as an ended one is. */
export function neverBegan(runs: readonly RunWithResult[], limitMs: number, now: number): RunWithResult[] {
  return runs.map((one) => {
    const { run, result } = one;
    const isLate = result.state === "not started yet" && now - (timeOf(run.createdAt) ?? now) > limitMs;
    return isLate ? { ...one, result: { ...result, state: "never began" } } : one;
  });
}

/** The results of these runs: see `runsOfWindow` for the requests. */
export async function resultsOf(client: CommandClient, runs: readonly DeploymentRun[]): Promise<RunWithResult[]> {
  return eachOf(runs, await resultReader(client, runs), atOnce);
}

/** Reads the results of these runs one by one, with one reading of the list of their sessions. */
export async function resultReader(
  client: CommandClient,
  runs: readonly DeploymentRun[],
): Promise<(run: DeploymentRun) => Promise<RunWithResult>> {
  const oldest = runs.reduce(
    (time, { createdAt }) => Math.min(time, timeOf(createdAt) ?? time),
    Number.POSITIVE_INFINITY,
  );
  const [newest] = runs;
  const isKnown = newest !== undefined && oldest !== Number.POSITIVE_INFINITY;
  const listed = isKnown ? await sessionsBack(client.forList(), newest.deploymentId, oldest - dayMs) : [];
  const sessions = new Map(listed.map((session) => [session.id, session]));
  return (run) => resultWith(client, run, sessions.get(run.sessionId ?? ""));
}

const paidModel = z.looseObject({ usage: z.looseObject({ model_credits: z.number().positive() }) });

/** The run with its result and what it gave. `withCalls`: also how many of its tool calls failed. */
export async function resultWith(
  client: CommandClient,
  run: DeploymentRun,
  listed?: SessionReply,
  withCalls = false,
): Promise<RunWithResult> {
  const { sessionId } = run;
  const session = listed !== undefined && showsCost(listed) ? listed : undefined;
  if (sessionId === undefined) {
    return { run, result: await askResult(client.forObject(), run) };
  }
  const one = client.forObject();
  const read = session ?? (await readSession(one, sessionId).catch(absentIfNotFound));
  if (read === undefined) {
    return { run, result: resultOfDeleted(one, run) };
  }
  const events = needsEvents(read) ? await workOf(one, sessionId, withCalls) : undefined;
  const shown = await askResult(one, run, read, events?.deciding);
  const result = mayHaveNeverBegun(shown, read)
    ? orNeverBegan(shown, read, await eventsOf(one, sessionId, { limit: fullEventPage }, []))
    : shown;
  const isOwnCancel = read.metadata?.[cancelledKey] !== undefined;
  return { run, result, activeMs: activeMsOf(read), given: events?.given, isOwnCancel };
}

/**
 * The deciding events of a session and what it gave: one GET, one more if the results of its tools fill a page, and one for the artifacts if
 * the deciding events do.
 */
async function workOf(
  client: QoderClient,
  id: string,
  withCalls: boolean,
): Promise<{ readonly deciding: EventPage; readonly given: Delivered }> {
  if (withCalls) {
    const page = await newestEvents(client, id, [...decidingEvents, ...resultEvents], fullEventPage);
    if (page.has_more !== true) {
      return { deciding: page, given: deliveredIn(page, true) };
    }
  }
  const deciding = await newestEvents(client, id);
  const given = deliveredIn(deciding, false);
  if (!given.isPart) {
    return { deciding, given };
  }
  const { artifacts, isPart } = deliveredIn(await allEvents(client, id, artifactEvents), false);
  return { deciding, given: { ...given, artifacts, isPart: isPart || given.message === undefined } };
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

/**
 * The beginning of the present turn of a session that works, as far back as its newest events go: the service may try the turn again and
 * again. `startedAt` in the first turn; undefined if they end with the end of a turn: a person has answered just now, or the session has
 * ended since the list was read.
 */
export async function turnBeganAt(client: QoderClient, id: string, startedAt: number): Promise<number | undefined> {
  const ends = ["session.status_idle", "session.status_terminated"];
  const { data, has_more: hasMore } = await newestEvents(
    client,
    id,
    [...ends, "session.status_running"],
    fullEventPage,
  );
  const end = data.findIndex(({ type }) => ends.includes(type));
  if (end === 0) {
    return undefined;
  }
  const turn = end < 0 ? (hasMore === true ? data : []) : data.slice(0, end);
  const begin = turn.findLast(({ type }) => type === "session.status_running");
  return timeOf(begin?.processed_at) ?? startedAt;
}
