import type { QoderClient } from "../api/client";
import { secondText } from "../api/clock";
import { collected, listPath, type Query } from "../api/object-list";
import { creationTime } from "../resource/kind/outputs";
import { newestFirst, timeOf } from "./newest-first";
import { isWorking, type RunResult, type SessionReply, sessionSchema } from "./result";

/** The sessions of an account, for lists of them. */
export const sessionKind = { noun: "session", collection: "sessions", idPrefix: "sess_" };
/** The same with the documented cursor alone, which takes no request for the other one. */
export const sessionPages = { ...sessionKind, cursor: "page" } as const;

/** The sessions of the deployment, also archived ones, in the order of the service. */
async function* sessionsOf(
  client: QoderClient,
  deploymentId: string,
  pageSize?: number,
  filter: Query = {},
): AsyncGenerator<SessionReply> {
  const query = { deployment_id: deploymentId, include_archived: "true", ...filter };
  for await (const listed of client.list(sessionPages, query, { pageSize })) {
    yield await client.parsed(sessionSchema, listed, { method: "GET", path: listPath(sessionPages) });
  }
}

/** The credits of an ended session, if the service shows them. */
export function creditsAtEnd({ status, usage }: SessionReply): number[] {
  const credits = ["idle", "terminated"].includes(status) ? usage?.total_credits : undefined;
  return credits === undefined ? [] : [credits];
}

/** The number of sessions that say what a run usually costs. */
export const usualRuns = 10;

/** The credits of the ended ones among the newest ten sessions of the deployment, in one request. "List sessions": `order`. */
export async function newestCredits(client: QoderClient, deploymentId: string): Promise<number[]> {
  const newest = sessionsOf(client, deploymentId, usualRuns, { order: "desc" });
  return (await collected(newest, usualRuns)).flatMap(creditsAtEnd);
}

/**
 * The sessions of the deployment since the given time, newest first, read to the end of the list: no page promises an order. A session
 * without a time counts.
 */
export async function sessionsSince(client: QoderClient, deploymentId: string, since: number): Promise<SessionReply[]> {
  const all = await collected(sessionsOf(client, deploymentId, undefined, { "created_at[gte]": secondText(since) }));
  const sessions = all.filter((session) => (creationTime(session.created_at) ?? since) >= since);
  return newestFirst(sessions, ({ created_at: createdAt }) => timeOf(createdAt));
}

/** True if the session needs no GET of its own: it works, or shows what it has cost. */
export function showsCost(session: SessionReply): boolean {
  return isWorking(session) || session.usage?.total_credits !== undefined;
}

/** The states of runs that have cost nothing as long as the service shows no credits. */
const freeStates: readonly RunResult["state"][] = ["could not start", "not started yet", "never began", "running"];

/** The credits of a run so far; undefined if its session has ended and the service does not show what it cost. */
export function costOf({ state, credits }: RunResult): number | undefined {
  const isFree = state !== undefined && freeStates.includes(state);
  return credits ?? (isFree ? 0 : undefined);
}
