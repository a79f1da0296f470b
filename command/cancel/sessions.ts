import type { QoderClient } from "../../provider/api/client";
import { counted, secondText } from "../../provider/api/clock";
import { QoderApiError } from "../../provider/api/errors";
import { patience } from "../../provider/api/patience";
import { cancelledKey } from "../../provider/deployment-run/result";
import { sessionKind } from "../../provider/deployment-run/sessions";
import { updateRequest } from "../../provider/resource/kind/requests";
import type { KnownFleet } from "../act";
import { type CommandClient, eachOf } from "../client";
import type { CommandTime } from "../time";
import { printable, problemOf } from "../words";
import {
  cancelLater,
  idleSessions,
  idleState,
  type OpenSession,
  type SessionGaps,
  workingSessions,
} from "./open-sessions";

/** The open sessions of some deployments of an account. */
export interface SessionsOf {
  readonly client: CommandClient;
  readonly deployments: ReadonlySet<string>;
  readonly sessions: readonly OpenSession[];
  /** The working sessions that no deployment started; no command changes them. */
  readonly strangers: readonly OpenSession[];
}

/** `found` gets those that work before the events of the idle ones are read, which can take minutes. */
export async function sessionsOf(
  { account: { client }, read }: KnownFleet,
  gaps: SessionGaps,
  found: (working: readonly OpenSession[]) => Promise<unknown> = async () => {},
): Promise<SessionsOf> {
  const deployments = new Set(read.map(({ deployment }) => deployment.id));
  if (deployments.size === 0) {
    return { client, deployments, sessions: [], strangers: [] };
  }
  const isOurs = ({ deploymentId = "" }: OpenSession) => deployments.has(deploymentId);
  const reader = client.forAtMost(patience.thoroughMs);
  const working = await workingSessions(reader, gaps);
  const ours = working.filter(isOurs);
  await found(ours);
  const since = client.serviceNow() - patience.forgottenMs;
  const idle = await idleSessions(reader, deployments, since, since - patience.longestWorkMs, gaps, true);
  const strangers = working.filter(({ deploymentId }) => deploymentId === undefined);
  return { client, deployments, sessions: [...ours, ...idle], strangers };
}

interface SessionEntry extends Pick<OpenSession, "id" | "deploymentId"> {
  readonly client: CommandClient;
  /** True if the service shows the end of its turn. */
  readonly isEnded?: boolean;
  readonly problem?: string | undefined;
}

/** What a command did with sessions. */
export class CancelRecord {
  readonly sessions = new Map<string, SessionEntry>();
  readonly gaps: SessionGaps = new Set();
  /** How long the command looked for sessions after the pause, if its time limit left less than a run needs to begin one. */
  lookedMs: number | undefined;

  get ended(): number {
    return [...this.sessions.values()].filter(({ isEnded }) => isEnded).length;
  }

  get problems(): string[] {
    const problems = [...this.sessions.values()].flatMap(({ id, deploymentId, problem }) => {
      const of = deploymentId === undefined ? "" : ` of ${deploymentId}`;
      return problem === undefined ? [] : [`Not ended: ${printable(`${id}${of}: ${problem}`)}`];
    });
    return [...[...this.gaps].map((gap) => `Not read: ${printable(gap)}`), ...problems];
  }
}

/** The sessions to cancel in an account. */
interface CancelTarget extends Pick<SessionsOf, "client" | "sessions"> {
  /** The deployments whose sessions may still begin, and are cancelled too. Left out: only these sessions are. */
  readonly deployments?: ReadonlySet<string>;
  /** Called when a session is cancelled. */
  readonly tell?: () => void;
}

/**
 * Cancels the sessions and waits for their ends. If others may begin, it looks once more after the time in which a session begins: a new
 * session is idle until it begins, and the lists may show it late. The time limit of the command ends the looks.
 */
export async function cancelSessions(
  target: CancelTarget,
  record: CancelRecord,
  { clock, limit }: CommandTime,
): Promise<void> {
  const { client, sessions, deployments } = target;
  if (sessions.length === 0 && !deployments?.size) {
    return;
  }
  const start = clock.now();
  const leftMs = (limit?.deadline ?? Number.POSITIVE_INFINITY) - start;
  const mostMs = Math.max(leftMs - Math.min(leftMs / 4, patience.closingMs), 0);
  const leastMs = deployments === undefined ? 0 : patience.eventuallyConsistentMs;
  const since = client.serviceNow() - patience.sessionSlipMs;
  let open = sessions;
  let passedMs = 0;
  const mayChange = ({ does }: OpenSession) =>
    does === "new"
      ? passedMs < patience.eventuallyConsistentMs
      : isAtWork(does) && passedMs < leastMs + patience.endingMs;
  await cancelEach(target, record, open);
  while (passedMs < mostMs && (passedMs < leastMs || open.some(mayChange))) {
    await clock.sleep(Math.min(Math.max(leastMs - passedMs, patience.betweenEndsMs), mostMs - passedMs));
    passedMs = clock.now() - start;
    const gaps: SessionGaps = new Set();
    open = await lookAgain(target, open, since, gaps);
    if (gaps.size > 0) {
      // Nobody can tell which sessions have ended. The same command looks again.
      for (const gap of gaps) {
        record.gaps.add(gap);
      }
      return;
    }
    await cancelEach(target, record, open);
  }
  if (passedMs < leastMs) {
    record.lookedMs = passedMs;
  }
  await tellEnds(target, record, open, passedMs);
}

const isAtWork = (does: OpenSession["does"]) => does === "running" || does === "rescheduling";

/** The sessions of the target that work now, and those that may begin. */
async function lookAgain(
  { client, sessions, deployments }: CancelTarget,
  open: readonly OpenSession[],
  since: number,
  gaps: SessionGaps,
): Promise<OpenSession[]> {
  const reader = client.forAtMost(patience.sessionsMs);
  const isWanted = ({ id, deploymentId = "" }: OpenSession) =>
    deployments === undefined ? sessions.some((one) => one.id === id) : deployments.has(deploymentId);
  const working = (await workingSessions(reader, gaps)).filter(isWanted);
  const isUnbegun = ({ id, does }: OpenSession) => does === "new" && working.every((one) => one.id !== id);
  const idle =
    deployments === undefined
      ? open.filter(isUnbegun)
      : await idleSessions(reader, deployments, since, since, gaps, false);
  return [...working, ...idle];
}

/** Records the end of each session. */
async function tellEnds(
  { client }: CancelTarget,
  record: CancelRecord,
  open: readonly OpenSession[],
  passedMs: number,
): Promise<void> {
  const working = new Set(open.flatMap(({ id, does }) => (isAtWork(does) ? [id] : [])));
  const passed = counted(Math.round(passedMs / 1_000), "second");
  for (const entry of record.sessions.values()) {
    if (entry.client === client && !entry.isEnded && entry.problem === undefined) {
      const problem = working.has(entry.id)
        ? `it still works ${passed} after the cancel`
        : await waitingProblem(client, entry.id);
      record.sessions.set(entry.id, { ...entry, isEnded: problem === undefined, problem });
    }
  }
  for (const { id, deploymentId, does } of open.filter(({ id }) => !record.sessions.has(id))) {
    const problem =
      does === "new" ? `it has not begun after ${passed}; ${cancelLater}` : "there was no time left to cancel it";
    record.sessions.set(id, { client, id, deploymentId, problem });
  }
}

/** Cancels those that can be cancelled and are not yet. */
export async function cancelEach(
  { client, tell = () => {} }: Pick<CancelTarget, "client" | "tell">,
  record: CancelRecord,
  sessions: readonly OpenSession[],
): Promise<void> {
  const next = sessions.filter(({ id, does }) => does !== "new" && !record.sessions.has(id));
  const cancelled = await eachOf(next, async ({ id, deploymentId }) => {
    record.sessions.set(id, { client, id, deploymentId });
    const problem = await cancelProblem(client.forObject(), id);
    record.sessions.set(id, { client, id, deploymentId, problem });
    tell();
    return problem === undefined ? [id] : [];
  });
  await eachOf(cancelled.flat(), (id) => mark(client, id));
}

/** Without the mark ("Update a session": a patch of the metadata) a later report names the session as one that somebody cancelled. */
async function mark(client: CommandClient, id: string): Promise<void> {
  const metadata = { [cancelledKey]: secondText(client.serviceNow()) };
  await client
    .forObject()
    .send(updateRequest(sessionKind, id, { metadata }))
    .catch(() => {});
}

async function cancelProblem(client: QoderClient, id: string): Promise<string | undefined> {
  try {
    // The request can be repeated, because a cancel does not change an idle session.
    await client.send({ method: "POST", path: ["sessions", id, "cancel"], repeat: "safe" });
    return undefined;
  } catch (error) {
    // The session is archived, deleted or terminated.
    const isOver = error instanceof QoderApiError && (error.status === 404 || error.status === 409);
    return isOver ? undefined : problemOf(error);
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
    ? "it waits for somebody, and the service does not end it: archive it in the console, as an answer would continue it"
    : problem;
}
