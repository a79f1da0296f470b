import { livePause } from "../../deployment/paused";
import { outOfUse, type ReadDeployment, type readDeployments } from "../deployments";
import type { CommandAccount, UnreadObject } from "../scope";
import { idleSessions, type OpenSession, type SessionGaps, workingSessions } from "./open-sessions";
import { contentOf, isOwnChange, type PausedEntry } from "./receipt";

const dayMs = 24 * 60 * 60_000;
/** A session that waits for a person longer than this counts as forgotten; it costs no credits. */
const longestWaitMs = 7 * dayMs;
/** No known run works longer than this before it waits. */
const longestWorkMs = 7 * dayMs;

/** The deployments wait for the plan, so it reads sessions for this time only. The same command, run again, reads the rest. */
const urgentMs = 60_000;
const thoroughMs = 60 * 60_000;

/** The plan for one account. */
export interface AccountPlan {
  readonly account: CommandAccount;
  /** The selected deployments that can be paused or need no pause. */
  readonly deployments: readonly PausedEntry[];
  readonly sessions: readonly OpenSession[];
  /** The working sessions that no deployment started; the command does not change them. */
  readonly strangers: readonly OpenSession[];
  readonly gaps: SessionGaps;
  readonly unread: readonly UnreadObject[];
  readonly cutOff: string | undefined;
}

/** What a command knows of the selected deployments of an account. */
export type KnownFleet = Awaited<ReturnType<typeof readDeployments>>;

/** Plans the command. `earlier` are the entries of the same command if it was interrupted, the latest last. */
export async function planned(
  account: CommandAccount,
  cancel: boolean,
  earlier: readonly PausedEntry[],
  now: number,
  { read, unread, cutOff }: KnownFleet,
): Promise<AccountPlan> {
  const { client, scope } = account;
  const { baseUrl, workspaceId } = scope.account;
  const known = new Map(earlier.map((entry) => [entry.id, entry]));
  const answers = read.map((deployment) =>
    entryOf(deployment, { baseUrl, workspaceId: workspaceId ?? null }, known.get(deployment.id)),
  );
  const deployments = answers.filter((answer) => "state" in answer);
  const refused = answers.filter((answer) => "reason" in answer);
  const ids = new Set(deployments.map(({ id }) => id));
  const gaps: SessionGaps = new Set();
  const reader = client.forAtMost(deployments.some(({ state }) => state === "to pause") ? urgentMs : thoroughMs);
  const working = cancel ? await workingSessions(reader, gaps) : [];
  const since = now - longestWaitMs;
  const idle = cancel ? await idleSessions(reader, (id) => ids.has(id), since, since - longestWorkMs, gaps) : [];
  return {
    account,
    deployments,
    sessions: [...working, ...idle].filter(({ deploymentId }) => deploymentId !== undefined && ids.has(deploymentId)),
    strangers: working.filter(({ deploymentId }) => deploymentId === undefined),
    gaps,
    unread: [...unread, ...refused],
    cutOff,
  };
}

/** The plan for an account in which nothing can be read. */
export function unreadPlan(unread: readonly UnreadObject[], account: CommandAccount): AccountPlan {
  return { account, deployments: [], sessions: [], strangers: [], gaps: new Set(), unread, cutOff: undefined };
}

/** Whether no deployment was found. One that could not be read was found. */
export function isEmptyPlan({ deployments, unread, cutOff }: AccountPlan): boolean {
  return deployments.length + unread.length === 0 && cutOff === undefined;
}

/** The entry of the deployment in the receipt before any request. */
export function entryOf(
  deployment: ReadDeployment,
  place: Pick<PausedEntry, "baseUrl" | "workspaceId">,
  earlier: PausedEntry | undefined,
): PausedEntry | UnreadObject {
  const { id, name, status, reply } = deployment;
  const now = { id, name: name ?? null, ...place, content: contentOf(reply) };
  const blank = { ...now, updatedAt: null, requests: earlier?.requests ?? [], problem: null };
  const reason = outOfUse(deployment);
  if (reason !== undefined && deployment.archived_at != null) {
    return { ...blank, state: "left alone", problem: reason };
  }
  if (reason !== undefined) {
    return { id, name, reason };
  }
  if (status === "active") {
    return { ...blank, state: "to pause" };
  }
  // `resume` starts the deployments that the earlier command paused or may have paused, but not those that were paused before
  // it.
  if (earlier?.state === "paused" || earlier?.state === "paused before") {
    return earlier;
  }
  const isOurs = earlier?.state === "pausing" && isOwnChange(earlier, deployment.updated_at);
  return isOurs && livePause(deployment) === "by hand"
    ? pausedEntry(earlier, deployment)
    : { ...blank, state: "paused before" };
}

/** The entry of a paused deployment. */
export function pausedEntry(entry: PausedEntry, { reply, updated_at: updatedAt }: ReadDeployment): PausedEntry {
  return { ...entry, state: "paused", updatedAt: updatedAt ?? null, content: contentOf(reply), problem: null };
}
