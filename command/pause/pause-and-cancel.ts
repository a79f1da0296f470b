import type { QoderClient } from "../../provider/api/client";
import { counted } from "../../provider/api/clock";
import { QoderApiError } from "../../provider/api/errors";
import { markOf, type PauseMark, tidied } from "../../provider/deployment/pause-mark";
import { eventuallyConsistentMs } from "../../provider/resource/read/age";
import { type CommandClient, eachOf } from "../client";
import { readDeployments, readToAct } from "../deployments";
import { inAllAccounts, type Scopes } from "../scope";
import type { CommandTime } from "../time";
import { problemOf } from "../words";
import { completed, pauseWithMark, tidy } from "./mark";
import {
  cancelLater,
  idleSessions,
  idleState,
  type OpenSession,
  type SessionGaps,
  workingSessions,
} from "./open-sessions";
import { type AccountPlan, type PausedEntry, planned, slipMs, withSessions } from "./plan";
import { whatToPause } from "./what-to-pause";

/** Reports the progress to the person who runs the command. */
export type Progress = (what: "paused" | "cancelled") => void;

interface SessionEntry {
  readonly id: string;
  readonly deploymentId: string;
  /** True if the service shows the end of its turn. */
  readonly isEnded?: boolean;
  readonly problem?: string | undefined;
}

/** What the command did. */
export class PauseRecord {
  readonly deployments: Map<string, PausedEntry>;
  readonly sessions = new Map<string, SessionEntry>();
  /** How long the command looked for sessions after the pause, if its time limit left less than a run needs to begin one. */
  lookedMs: number | undefined;

  constructor(plans: readonly AccountPlan[]) {
    this.deployments = new Map(plans.flatMap((plan) => plan.deployments.map((entry) => [entry.id, entry] as const)));
  }

  in(state: PausedEntry["state"]): PausedEntry[] {
    return [...this.deployments.values()].filter((entry) => entry.state === state);
  }
}

/** What a command is to do, and what stands in the way. */
export interface PauseWork {
  readonly pause: PauseMark;
  readonly cancel: boolean;
  readonly time: CommandTime;
  readonly scopes: Pick<Scopes, "managed">;
  readonly progress: Progress;
  /** True if the plans have no sessions yet. */
  readonly isUrgent: boolean;
  /** Shows the sessions that the command is going to cancel, if the plans had none. */
  readonly show: (plans: readonly AccountPlan[]) => void;
}

/** Pauses the deployments, and only then looks for sessions and cancels them. Returns the last lists. */
export async function pauseAll(
  plans: readonly AccountPlan[],
  record: PauseRecord,
  work: PauseWork,
): Promise<AccountPlan[]> {
  const { cancel, time, progress, isUrgent } = work;
  await inAllAccounts(plans, (plan) => pauseIn(plan, record, work));
  const finish = async (plan: AccountPlan, list = 0): Promise<AccountPlan> => {
    if (plan.deployments.length === 0) {
      return plan;
    }
    if (cancel) {
      const ids = new Set(plan.deployments.map(({ id }) => id));
      const target = {
        client: plan.account.client,
        sessions: plan.sessions,
        gaps: plan.gaps,
        isWanted: ({ deploymentId }: Wanted) => deploymentId !== undefined && ids.has(deploymentId),
        mayBegin: true,
      };
      await cancelSessions(target, record, time, () => progress("cancelled"));
    }
    if (list === mostLists) {
      return { ...plan, cutOff: `each of ${mostLists} lists after the pause showed another active deployment` };
    }
    const next = await startedSince(plan, record, work).catch((error: unknown) => unlisted(plan, error));
    await pauseIn(next, record, work);
    return finish(next, list + 1);
  };
  if (!cancel || !isUrgent) {
    return inAllAccounts(plans, (plan) => finish(plan));
  }
  const open = await inAllAccounts(plans, (plan) =>
    withSessions(plan, (working) => cancelEach(plan.account.client, record, working, () => progress("cancelled"))),
  );
  work.show(open);
  return inAllAccounts(open, (plan) => finish(plan));
}

/** How often the deployments are listed again, until a list shows no other active one. */
const mostLists = 3;

/** The plan with the selected deployments that were created or started while the command worked. */
async function startedSince(
  plan: AccountPlan,
  record: PauseRecord,
  { scopes, pause }: PauseWork,
): Promise<AccountPlan> {
  // The command line may give a name.
  const isPaused = (given: string) =>
    [...record.in("done"), ...record.in("paused")].some(({ id, name }) => id === given || name === given);
  const next = planned(plan.account, await readDeployments(plan.account), scopes, pause);
  // Without its mark, a pause may still show the one of `limits`.
  const isTried = ({ id, read }: PausedEntry) => {
    const own = record.deployments.get(id);
    return own?.state === "failed" || (own?.unmarked !== undefined && read.status === "paused");
  };
  // Another command announced its pause over the mark, and found the deployment paused by this one.
  const isCovered = ({ id, state, read }: PausedEntry) => {
    const own = record.deployments.get(id);
    return own?.state === "done" && !own.unmarked && state === "paused before" && isAnnounced(markOf(read));
  };
  await eachOf(next.deployments.filter(isCovered), ({ read }) =>
    completed(plan.account.client.forObject(), read, pause),
  );
  return {
    ...next,
    deployments: next.deployments.filter((one) => one.state === "pause" && !isTried(one)),
    gaps: plan.gaps,
    unread: next.unread.filter(({ id }) => !isPaused(id)),
  };
}

function isAnnounced(mark: PauseMark | undefined): boolean {
  return mark !== undefined && mark.done === undefined;
}

function unlisted(plan: AccountPlan, error: unknown): AccountPlan {
  return { ...plan, deployments: [], cutOff: plan.cutOff ?? problemOf(error) };
}

async function pauseIn({ account, deployments }: AccountPlan, record: PauseRecord, work: PauseWork): Promise<void> {
  const toPause = deployments.filter(({ state }) => state === "pause");
  await eachOf(toPause, async (entry) => {
    record.deployments.set(entry.id, await paused(account.client, entry, work));
    work.progress("paused");
  });
  const { managed } = work.scopes;
  const now = account.client.serviceNow();
  const stale = deployments.filter(
    ({ id, state, read }) => state === "paused before" && tidied(read, managed.get(id), now),
  );
  // The mark stays for the next command if the service refuses that.
  await eachOf(stale, ({ id, read }) => tidy(account.client.forObject(), read, managed.get(id)));
}

async function paused(client: CommandClient, entry: PausedEntry, { pause, scopes }: PauseWork): Promise<PausedEntry> {
  const reader = client.forObject();
  const now = await readToAct(reader, entry.id);
  const decision = "reason" in now ? { problem: now.reason } : whatToPause(now, scopes.managed.get(entry.id), pause);
  if ("reason" in now || decision !== "pause") {
    return typeof decision === "object" ? { ...entry, ...decision, state: "failed" } : { ...entry, state: decision };
  }
  return { ...entry, ...(await pauseWithMark(reader, now, pause)) };
}

/** "Cancel a session": the published test of the service reads the session every second. */
const betweenLooksMs = 1_000;
/** The command names a session whose turn has not ended after this number of requests. */
const mostLooks = 60;
/** The lists after the last look need a part of the time of the command, at most this one. */
const closingMs = 10_000;
/** A look reads few sessions. */
const lookMs = 60_000;

type Wanted = Pick<OpenSession, "id" | "deploymentId">;

/** The sessions to cancel in an account. */
interface CancelTarget {
  readonly client: CommandClient;
  readonly sessions: readonly OpenSession[];
  readonly gaps: SessionGaps;
  /** True for the sessions to cancel, and for those that begin meanwhile and are to be cancelled too. */
  isWanted(session: Wanted): boolean;
  /** True if further ones may begin. */
  readonly mayBegin: boolean;
}

/**
 * Cancels the sessions, and lists sessions again until none is left: a run may have started just before a pause, a new session is idle
 * until it begins, and the lists may show it late. The time limit of the command ends the looks early enough for the lists that follow.
 */
export async function cancelSessions(
  target: CancelTarget,
  record: PauseRecord,
  { clock, limit }: CommandTime,
  tell: () => void,
): Promise<void> {
  const { client } = target;
  const start = clock.now();
  const leftMs = (limit?.deadline ?? Number.POSITIVE_INFINITY) - start;
  const mostMs = Math.max(leftMs - Math.min(leftMs / 4, closingMs), 0);
  const since = client.serviceNow() - slipMs;
  let open = target.sessions;
  const settledMs = target.mayBegin ? eventuallyConsistentMs : 0;
  let isSettled = !target.mayBegin;
  let passedMs = 0;
  for (let look = 0; look < mostLooks && passedMs < mostMs && !(isSettled && open.length === 0); look += 1) {
    const next = open.filter(({ id, does }) => !record.sessions.has(id) && does !== "new");
    await cancelEach(client, record, next, tell);
    const isLast = look > 0 && open.length === 0;
    passedMs = clock.now() - start;
    const waitMs = isLast ? Math.max(settledMs - passedMs, betweenLooksMs) : betweenLooksMs;
    await clock.sleep(Math.max(Math.min(waitMs, mostMs - passedMs), 0));
    passedMs = clock.now() - start;
    isSettled = passedMs >= settledMs;
    const reader = client.forAtMost(lookMs);
    const gaps: SessionGaps = new Set();
    const listed = await listAgain(reader, target, since, gaps);
    if (gaps.size > 0) {
      // Nobody can tell which sessions have ended. The same command looks again.
      for (const gap of gaps) {
        target.gaps.add(gap);
      }
      return;
    }
    open = listed.filter(({ id, does }) => isAtWork(does) || !record.sessions.has(id));
  }
  if (passedMs >= mostMs && !isSettled) {
    record.lookedMs = passedMs;
  }
  await tellEnds(client, record, target.isWanted, open, passedMs);
}

const isAtWork = (does: OpenSession["does"]) => does === "running" || does === "rescheduling";

/** The sessions of the target that work now, and those that may begin. */
async function listAgain(
  reader: QoderClient,
  { isWanted, mayBegin }: CancelTarget,
  since: number,
  gaps: SessionGaps,
): Promise<OpenSession[]> {
  const working = (await workingSessions(reader, gaps)).filter(isWanted);
  return mayBegin ? [...working, ...(await idleSessions(reader, isWanted, since, since, gaps))] : working;
}

/** Records the end of each session. */
async function tellEnds(
  client: CommandClient,
  record: PauseRecord,
  isWanted: (session: Wanted) => boolean,
  open: readonly OpenSession[],
  passedMs: number,
): Promise<void> {
  const working = new Set(open.map(({ id }) => id));
  const passed = counted(Math.round(passedMs / 1_000), "second");
  const cancelled = [...record.sessions.values()].filter(
    (entry) => !entry.isEnded && entry.problem === undefined && isWanted(entry),
  );
  for (const entry of cancelled) {
    const problem = working.has(entry.id)
      ? `it still works ${passed} after the cancel`
      : await waitingProblem(client, entry.id);
    record.sessions.set(entry.id, { ...entry, isEnded: problem === undefined, problem });
  }
  for (const { id, deploymentId = "", does } of open.filter(({ id }) => !record.sessions.has(id))) {
    const problem =
      does === "new" ? `it has not begun after ${passed}; ${cancelLater}` : "there was no time left to cancel it";
    record.sessions.set(id, { id, deploymentId, problem });
  }
}

async function cancelEach(
  client: CommandClient,
  record: PauseRecord,
  sessions: readonly OpenSession[],
  tell: () => void,
): Promise<void> {
  await eachOf(sessions, async (session) => {
    await cancel(client, record, session);
    tell();
  });
}

async function cancel(client: CommandClient, record: PauseRecord, session: OpenSession): Promise<void> {
  const { id, deploymentId = "" } = session;
  record.sessions.set(id, { id, deploymentId });
  try {
    // The request can be repeated, because a cancel does not change an idle session.
    await client.forObject().send({ method: "POST", path: ["sessions", id, "cancel"], repeat: "safe" });
  } catch (error) {
    // The session is archived, deleted or terminated.
    const isOver = error instanceof QoderApiError && (error.status === 404 || error.status === 409);
    if (!isOver) {
      record.sessions.set(id, { id, deploymentId, problem: problemOf(error) });
    }
  }
}

/**
 * "Cancel a session": a cancel does not change an idle session. The page does not say whether that holds for a session that
 * waits for a person.
 */
async function waitingProblem(client: CommandClient, id: string): Promise<string | undefined> {
  const { does, problem } = await idleState(client.forObject(), id).catch((error: unknown) => ({
    ...{ does: undefined, problem: problemOf(error) },
  }));
  return does === "waiting"
    ? "it waits for somebody, and the service does not end it; an answer would continue it"
    : problem;
}
