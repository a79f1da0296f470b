import type { Clock } from "../../api/clock";
import { QoderApiError, QoderError } from "../../api/errors";
import { settlingMs } from "../../resource/age";
import { type CommandClient, eachOf } from "../client";
import { type Changed, changeStatus, meetsAll, readDeployments } from "../deployments";
import { failureText, goOnAgain } from "../words";
import { idleSessions, idleState, type OpenSession, type SessionGaps, workingSessions } from "./open-sessions";
import { type AccountPlan, pausedEntry, planned } from "./plan";
import { isOwnChange, type PausedEntry, type Receipt } from "./receipt";

/** Reports the progress to the person who runs the command. */
export type Progress = (what: "paused" | "cancelled") => void;

/** Pauses the deployments and then cancels the sessions. The receipt records each request before and after it. Returns the last lists. */
export async function pauseAll(
  plans: readonly AccountPlan[],
  receipt: Receipt,
  cancel: boolean,
  clock: Clock,
  progress: Progress,
): Promise<AccountPlan[]> {
  // Not `Promise.all`, which would end the requests in all accounts after a failure in one.
  await eachOf(plans, (plan) => pauseIn(plan, receipt, progress), plans.length);
  const finish = async (plan: AccountPlan, list = 0): Promise<AccountPlan> => {
    if (plan.deployments.length === 0) {
      return plan;
    }
    if (cancel) {
      await cancelSessions(plan, receipt, clock, () => progress("cancelled"));
    }
    if (list === mostLists) {
      return { ...plan, cutOff: `each of ${mostLists} lists after the pause showed another active deployment` };
    }
    const next = await startedSince(plan, receipt, clock.now()).catch((error: unknown) => unlisted(plan, error));
    await pauseIn(next, receipt, progress);
    return finish(next, list + 1);
  };
  return eachOf(plans, (plan) => finish(plan), plans.length);
}

/** How often the deployments are listed again, until a list shows no other active one. */
const mostLists = 3;

/** The plan with the selected deployments that were created or started while the command worked. */
async function startedSince(plan: AccountPlan, { content }: Receipt, now: number): Promise<AccountPlan> {
  const states = new Map(content.deployments.map(({ id, state }) => [id, state]));
  const isTried = (id: string) => states.get(id) === "failed" || states.get(id) === "pausing";
  // The command line may give a name.
  const isPaused = (given: string) =>
    content.deployments.some(({ id, name, state }) => state === "paused" && (id === given || name === given));
  const { deployments, unread, cutOff } = await planned(
    plan.account,
    false,
    content.deployments,
    now,
    await readDeployments(plan.account),
  );
  return {
    ...plan,
    deployments: deployments.filter(({ id, state }) => state === "to pause" && !isTried(id)),
    sessions: [],
    unread: unread.filter(({ id }) => !isPaused(id)),
    cutOff,
  };
}

function unlisted(plan: AccountPlan, error: unknown): AccountPlan {
  if (!(error instanceof QoderError)) {
    throw error;
  }
  return { ...plan, deployments: [], cutOff: plan.cutOff ?? failureText(error, goOnAgain) };
}

async function pauseIn({ account, deployments }: AccountPlan, receipt: Receipt, progress: Progress): Promise<void> {
  const toPause = deployments.filter(({ state }) => state === "to pause");
  await eachOf(toPause, async (entry) => {
    const client = account.client.forObject();
    const from = new Date(client.serviceNow() ?? client.now()).toISOString();
    receipt.setDeployment({ ...entry, state: "pausing", requests: [...entry.requests, { from, to: null }] });
    const changed = await changeStatus(client, entry.id, "pause");
    const own = changed.does === "did not" ? [] : [{ from, to: new Date(changed.endedAt).toISOString() }];
    receipt.setDeployment(entryAfter({ ...entry, requests: [...entry.requests, ...own] }, changed));
    progress("paused");
  });
}

function entryAfter(entry: PausedEntry, changed: Changed): PausedEntry {
  if ("problem" in changed) {
    return { ...entry, state: changed.does === "did not" ? "failed" : "pausing", problem: changed.problem };
  }
  return changed.does === "did" || isOwnChange(entry, changed.deployment.updated_at)
    ? pausedEntry(entry, changed.deployment)
    : { ...entry, state: "left alone", problem: "somebody else has paused it" };
}

/** "Cancel a session": the published test of the service reads the session every second. */
const betweenLooksMs = 1_000;
/** The command names a session whose turn has not ended after this number of requests. */
const mostLooks = 60;
/** A look reads few sessions. */
const lookMs = 60_000;
/** The session of a run that started before the pause appears within this time. */
const slipMs = 10 * 60_000;

/**
 * Cancels the sessions of the deployments, and lists sessions again until none is left: a run may have started just before
 * the pause, a new session is idle until it begins, and the lists may show it late. Each session is in the receipt before its
 * cancel request.
 */
async function cancelSessions(plan: AccountPlan, receipt: Receipt, clock: Clock, tell: () => void): Promise<void> {
  const { client } = plan.account;
  const start = clock.now();
  const since = start - slipMs;
  const ids = new Set(plan.deployments.map(({ id }) => id));
  const isOurs = (id: string | undefined) => id !== undefined && ids.has(id);
  const asked = new Set<string>();
  let open = plan.sessions;
  let isSettled = false;
  for (let look = 0; look < mostLooks && !(isSettled && open.length === 0); look += 1) {
    const next = open.filter(({ id, does }) => !asked.has(id) && does !== "new");
    await eachOf(next, async (session) => {
      asked.add(session.id);
      await cancel(client, receipt, session);
      tell();
    });
    const isLast = look > 0 && open.length === 0;
    await clock.sleep(isLast ? Math.max(start + settlingMs - clock.now(), betweenLooksMs) : betweenLooksMs);
    isSettled = clock.now() - start >= settlingMs;
    const reader = client.forAtMost(lookMs);
    const gaps: SessionGaps = new Set();
    const working = (await workingSessions(reader, gaps)).filter(({ deploymentId }) => isOurs(deploymentId));
    const idle = await idleSessions(reader, isOurs, since, since, gaps);
    if (gaps.size > 0) {
      // Nobody can tell which sessions have ended. They stay `cancelling` in the receipt, and the same command looks again.
      for (const gap of gaps) {
        plan.gaps.add(gap);
      }
      return;
    }
    open = [...working, ...idle.filter(({ id }) => !asked.has(id))];
  }
  await tellEnds(client, receipt, isOurs, open);
}

/** Records the end of each session in the receipt. */
async function tellEnds(
  client: CommandClient,
  receipt: Receipt,
  isOurs: (id: string) => boolean,
  open: readonly OpenSession[],
): Promise<void> {
  const working = new Set(open.map(({ id }) => id));
  const cancelled = receipt.content.sessions.filter(
    ({ state, deploymentId }) => state === "cancelling" && isOurs(deploymentId),
  );
  for (const entry of cancelled) {
    const problem = working.has(entry.id)
      ? `it still works ${mostLooks} seconds after the cancel`
      : await waitingProblem(client, entry.id);
    receipt.setSession({ ...entry, state: problem === undefined ? "ended" : "running", problem: problem ?? null });
  }
  for (const { id, deploymentId = "", does } of open.filter(({ does }) => does === "new")) {
    const problem = `it has not begun after ${mostLooks} seconds, and a session cannot be cancelled before it begins`;
    receipt.setSession({ id, deploymentId, was: does, state: "running", problem });
  }
}

async function cancel(client: CommandClient, receipt: Receipt, session: OpenSession): Promise<void> {
  const { id, deploymentId = "", does: was } = session;
  const entry = { id, deploymentId, was, problem: null };
  receipt.setSession({ ...entry, state: "cancelling" });
  try {
    // The request can be repeated, because a cancel does not change an idle session.
    await client.forObject().send({ method: "POST", path: ["sessions", id, "cancel"], repeat: "safe" });
  } catch (error) {
    if (meetsAll(error)) {
      throw error;
    }
    // The session is archived, deleted or terminated.
    const isOver = error instanceof QoderApiError && (error.status === 404 || error.status === 409);
    receipt.setSession({
      ...entry,
      state: isOver ? "cancelling" : "running",
      problem: isOver ? null : failureText(error, goOnAgain),
    });
  }
}

/**
 * "Cancel a session": a cancel does not change an idle session. The page does not say whether that holds for a session that
 * waits for a person.
 */
async function waitingProblem(client: CommandClient, id: string): Promise<string | undefined> {
  try {
    return (await idleState(client.forObject(), id)) === "waiting"
      ? "it waits for somebody, and the service does not end it; an answer would continue it"
      : undefined;
  } catch (error) {
    if (meetsAll(error)) {
      throw error;
    }
    return error instanceof QoderApiError && error.status === 404 ? undefined : failureText(error, goOnAgain);
  }
}
