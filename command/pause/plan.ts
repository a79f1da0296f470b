import { dayMs, hourMs, minuteMs } from "../../provider/api/clock";
import type { ReadDeployment, readDeployments } from "../deployments";
import type { CommandAccount, UnreadObject } from "../scope";
import { markOf } from "./mark";
import { idleSessions, type OpenSession, type SessionGaps, workingSessions } from "./open-sessions";
import { type PauseDecision, whatToPause } from "./what-to-pause";

/** A session that waits for a person longer than this counts as forgotten; it costs no credits. */
const forgottenAfterMs = 7 * dayMs;
/** No known run works longer than this before it waits. */
const longestWorkMs = 7 * dayMs;
/** The session of a run that started before the pause appears within this time. */
export const slipMs = 10 * minuteMs;

/** The deployments wait for the plan, so it reads sessions for this time only. The same command, run again, reads the rest. */
const urgentMs = minuteMs;
const thoroughMs = hourMs;

/** A selected deployment, and what the command does or did with it. */
export interface PausedEntry {
  readonly id: string;
  readonly name: string | undefined;
  readonly state: Exclude<PauseDecision, object> | "failed";
  /** The reason for which the pause failed. */
  readonly problem?: string;
  /** The reason for which `resume` does not know the pause. */
  readonly unmarked?: string | undefined;
}

/** The plan for one account. */
export interface AccountPlan {
  readonly account: CommandAccount;
  /** The selected deployments that can be paused or need no pause. */
  readonly deployments: readonly PausedEntry[];
  readonly sessions: readonly OpenSession[];
  /** The working sessions that no deployment started; the command does not change them. */
  readonly strangers: readonly OpenSession[];
  /** True if a run that started before an earlier pause may still begin a session. */
  readonly isUnsettled: boolean;
  readonly gaps: SessionGaps;
  readonly unread: readonly UnreadObject[];
  readonly cutOff: string | undefined;
}

/** What a command knows of the selected deployments of an account. */
export type KnownFleet = Awaited<ReturnType<typeof readDeployments>>;

export async function planned(
  account: CommandAccount,
  cancel: boolean,
  { read, unread, cutOff }: KnownFleet,
): Promise<AccountPlan> {
  const answers = read.map(entryOf);
  const deployments = answers.filter((answer) => "state" in answer);
  const ids = new Set(deployments.map(({ id }) => id));
  const gaps: SessionGaps = new Set();
  const reader = account.client.forAtMost(deployments.some(({ state }) => state === "pause") ? urgentMs : thoroughMs);
  const working = cancel ? await workingSessions(reader, gaps) : [];
  const now = account.client.serviceNow();
  const since = now - forgottenAfterMs;
  const idle = cancel
    ? await idleSessions(reader, (one) => ids.has(one.deploymentId), since, since - longestWorkMs, gaps)
    : [];
  return {
    account,
    deployments,
    sessions: [...working, ...idle].filter(({ deploymentId }) => deploymentId !== undefined && ids.has(deploymentId)),
    strangers: working.filter(({ deploymentId }) => deploymentId === undefined),
    isUnsettled: cancel && read.some((one) => whatToPause(one) === "paused" && (markOf(one)?.at ?? 0) > now - slipMs),
    gaps,
    unread: [...unread, ...answers.filter((answer) => "reason" in answer)],
    cutOff,
  };
}

/** The plan for an account in which nothing can be read. */
export function unreadPlan(unread: readonly UnreadObject[], account: CommandAccount): AccountPlan {
  const nothing = { deployments: [], sessions: [], strangers: [], isUnsettled: false, gaps: new Set<string>() };
  return { account, ...nothing, unread, cutOff: undefined };
}

function entryOf(deployment: ReadDeployment): PausedEntry | UnreadObject {
  const { id, name } = deployment;
  const decision = whatToPause(deployment);
  return typeof decision === "object" ? { id, name, reason: decision.problem } : { id, name, state: decision };
}
