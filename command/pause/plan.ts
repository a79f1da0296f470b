import { dayMs, hourMs, minuteMs } from "../../provider/api/clock";
import { markOf, type PauseMark } from "../../provider/deployment/pause-mark";
import type { ReadDeployment, readDeployments } from "../deployments";
import type { CommandAccount, Scopes, UnreadObject } from "../scope";
import { idleSessions, type OpenSession, type SessionGaps, workingSessions } from "./open-sessions";
import { type PauseDecision, whatToPause } from "./what-to-pause";

/** A session that waits for a person longer than this counts as forgotten; it costs no credits. */
const forgottenAfterMs = 7 * dayMs;
/** No known run works longer than this before it waits. */
const longestWorkMs = 7 * dayMs;
/** The session of a run that started before the pause appears within this time. */
export const slipMs = 10 * minuteMs;

/** Nothing waits for the sessions that wait for somebody. The same command, run again, reads the rest. */
const thoroughMs = hourMs;

/** A selected deployment, and what the command does or did with it: `done` is a pause of its own. */
export interface PausedEntry {
  readonly id: string;
  readonly name: string | undefined;
  readonly state: Exclude<PauseDecision, object> | "done" | "failed";
  /** The reason for which the pause failed. */
  readonly problem?: string;
  /** The reason for which the id of the pause does not start the deployment. */
  readonly unmarked?: string;
  /** As it was read for the plan. */
  readonly read: ReadDeployment;
}

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

export function planned(
  account: CommandAccount,
  { read, unread, cutOff }: KnownFleet,
  { managed }: Pick<Scopes, "managed">,
  pause: Pick<PauseMark, "by">,
): AccountPlan {
  const answers = read.map((one) => entryOf(one, managed, pause));
  const deployments = answers.filter((answer) => "state" in answer);
  const all = [...unread, ...answers.filter((answer) => "reason" in answer)];
  return { ...unreadPlan(all, account), deployments, cutOff };
}

/** The plan for an account in which nothing can be read. */
export function unreadPlan(unread: readonly UnreadObject[], account: CommandAccount): AccountPlan {
  return { account, deployments: [], sessions: [], strangers: [], gaps: new Set(), unread, cutOff: undefined };
}

/**
 * The plan with the open sessions of its deployments. `found` gets those that work before the events of the idle ones are read, which can
 * take minutes.
 */
export async function withSessions(
  plan: AccountPlan,
  found: (working: readonly OpenSession[]) => Promise<unknown> = async () => {},
): Promise<AccountPlan> {
  const { account, deployments, gaps } = plan;
  const ids = new Set(deployments.map(({ id }) => id));
  const isOurs = ({ deploymentId = "" }: Pick<OpenSession, "deploymentId">) => ids.has(deploymentId);
  const reader = account.client.forAtMost(thoroughMs);
  const working = await workingSessions(reader, gaps);
  await found(working.filter(isOurs));
  const since = account.client.serviceNow() - forgottenAfterMs;
  const idle = await idleSessions(reader, isOurs, since, since - longestWorkMs, gaps);
  const strangers = working.filter(({ deploymentId }) => deploymentId === undefined);
  return { ...plan, sessions: [...working, ...idle].filter(isOurs), strangers };
}

/** True if a run that started before an earlier pause may still begin a session. */
export function isUnsettled({ account, deployments }: AccountPlan): boolean {
  const since = account.client.serviceNow() - slipMs;
  return deployments.some((one) => one.state === "paused" && Date.parse(markOf(one.read)?.at ?? "") > since);
}

/** The earlier pauses of commands that hold, newest first, each with the number of its deployments. */
export function earlierPauses(plans: readonly AccountPlan[]): { readonly mark: PauseMark; readonly count: number }[] {
  return pausesOf(
    plans.flatMap((plan) => plan.deployments.filter(({ state }) => state === "paused")).map(({ read }) => markOf(read)),
  );
}

/** The pauses of these marks, newest first. */
export function pausesOf(
  marks: readonly (PauseMark | undefined)[],
): { readonly mark: PauseMark; readonly count: number }[] {
  const found = new Map<string, { readonly mark: PauseMark; readonly count: number }>();
  for (const mark of marks.filter((one) => one !== undefined)) {
    const before = found.get(mark.pause);
    const isNewer = before === undefined || Date.parse(mark.at) > Date.parse(before.mark.at);
    found.set(mark.pause, { mark: isNewer ? mark : before.mark, count: (before?.count ?? 0) + 1 });
  }
  return [...found.values()].sort((one, other) => Date.parse(other.mark.at) - Date.parse(one.mark.at));
}

function entryOf(
  read: ReadDeployment,
  managed: Scopes["managed"],
  pause: Pick<PauseMark, "by">,
): PausedEntry | UnreadObject {
  const { id, name } = read;
  const decision = whatToPause(read, managed.get(id), pause);
  return typeof decision === "object" ? { id, name, reason: decision.problem } : { id, name, state: decision, read };
}
