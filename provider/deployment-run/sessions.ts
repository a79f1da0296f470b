import type { QoderClient } from "../api/client";
import { QoderError } from "../api/errors";
import { creationTime } from "../resource/age";
import { type SessionReply, sessionSchema } from "./result";

/** The sessions of an account, for lists of them. */
export const sessionKind = { noun: "session", collection: "sessions", idPrefix: "sess_" };

/**
 * The sessions of the deployment, newest first, also archived ones; without those that this version cannot read. With `pageSize`, for a
 * caller that needs a few only, it throws at a service that ignores the filter, and else it reads the sessions of all deployments there.
 */
export async function* sessionsOf(
  client: QoderClient,
  deploymentId: string,
  pageSize?: number,
): AsyncGenerator<SessionReply> {
  const kind = { ...sessionKind, cursor: "page" } as const;
  for await (const listed of client.list(kind, { deployment_id: deploymentId, include_archived: "true" }, pageSize)) {
    const session = sessionSchema.safeParse(listed).data;
    if (session !== undefined && session.deployment_id !== deploymentId) {
      throw new QoderError(
        `the list of the sessions of ${deploymentId} does not show whether ${session.id} is one of them`,
      );
    }
    if (session !== undefined) {
      yield session;
    }
  }
}

/** The credits of a session that works no more, if the service shows them. */
export function creditsAtEnd({ status, usage }: SessionReply): number[] {
  const credits = ["idle", "terminated"].includes(status) ? usage?.total_credits : undefined;
  return credits === undefined ? [] : [credits];
}

/** The number of sessions that say what a run usually costs. */
export const usualRuns = 10;

/** The credits of the newest ten sessions of the deployment that work no more; one request. */
export async function newestCredits(client: QoderClient, deploymentId: string): Promise<number[]> {
  const newest: SessionReply[] = [];
  for await (const session of sessionsOf(client, deploymentId, usualRuns)) {
    if (newest.push(session) === usualRuns) {
      break;
    }
  }
  return newest.flatMap(creditsAtEnd);
}

/** The sessions of the deployment since the given time, and the credits of those that work no more, the newest first. */
export interface RecentSessions {
  readonly since: readonly SessionReply[];
  readonly credits: readonly number[];
}

/** Reads all sessions since the given time, and at least as many as say what a run costs. A session without a time counts. */
export async function sessionsSince(client: QoderClient, deploymentId: string, since: number): Promise<RecentSessions> {
  const sessions: SessionReply[] = [];
  const ended: number[] = [];
  let last = Number.POSITIVE_INFINITY;
  let isNewestFirst = true;
  for await (const session of sessionsOf(client, deploymentId)) {
    const at = creationTime(session.created_at) ?? last;
    isNewestFirst &&= at <= last;
    last = at;
    ended.push(...creditsAtEnd(session));
    if (at >= since) {
      sessions.push(session);
    } else if (isNewestFirst && ended.length >= usualRuns) {
      break;
    }
  }
  return { since: sessions, credits: ended.slice(0, usualRuns) };
}
