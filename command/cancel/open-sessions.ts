import type { QoderClient } from "../../provider/api/client";
import { secondText } from "../../provider/api/clock";
import { QoderApiError } from "../../provider/api/errors";
import type { Query } from "../../provider/api/object-list";
import { shapeProblem } from "../../provider/api/schema";
import { newestEvents } from "../../provider/deployment-run/ask-result";
import { timeOf } from "../../provider/deployment-run/newest-first";
import { resultOf, type SessionReply, sessionSchema } from "../../provider/deployment-run/result";
import { sessionKind, sessionPages } from "../../provider/deployment-run/sessions";
import { eachOf } from "../client";
import { meetsAll } from "../deployments";
import { printable, problemOf, shown } from "../words";

/** A session that works, or that an answer of a person would continue. */
export interface OpenSession {
  readonly id: string;
  /** The deployment that started the session; undefined if none did. */
  readonly deploymentId: string | undefined;
  /**
   * `new`: the session has the status `idle`, like an ended one, but has not begun. `unknown`: it is idle, and the service does
   * not show its events.
   */
  readonly does: "running" | "rescheduling" | "waiting" | "new" | "unknown";
  /** In milliseconds since the epoch; absent if the service does not show it, or nobody needs it. */
  readonly startedAt?: number | undefined;
}

export const doing: Readonly<Record<OpenSession["does"], string>> = {
  running: "it runs",
  rescheduling: "the service tries it again",
  waiting: "it waits for somebody",
  new: "it has not begun",
  unknown: "it may wait for somebody, and the service does not show its events",
};

/** The rows of a plan to cancel sessions, with the names of their deployments as far as they are known. */
export function openRows(open: readonly OpenSession[], known: readonly Parameters<typeof shown>[0][]): string[] {
  const names = new Map(known.map((one) => [one.id, one]));
  return open.map(({ id, deploymentId, does }) => {
    const of = deploymentId === undefined ? "" : ` of ${shown(names.get(deploymentId) ?? { id: deploymentId })}`;
    return `${printable(id)}${of}: ${doing[does]}`;
  });
}

/** What a person does about a session that has not begun: the service cancels only one that works. */
export const cancelLater = "run the command again once it works, as only then it can be cancelled";

/** The sessions that could not be read, each with the reason. They must not keep the deployments running. */
export type SessionGaps = Set<string>;

/** The statuses of sessions that work, in one list each: a command that acts must not depend on a filter by several. */
const listForEach = [["running"], ["rescheduling"]] as const;
/** In one list, as the published clients ask: for a command that only reads. */
export const oneList = [["running", "rescheduling"]] as const;

/** The sessions of the account that work now. Of those that two lists show, the second one counts. */
export async function workingSessions(
  client: QoderClient,
  gaps: SessionGaps,
  lists: typeof listForEach | typeof oneList = listForEach,
): Promise<OpenSession[]> {
  const found = new Map<string, OpenSession>();
  for (const statuses of lists) {
    for await (const { id, status, deployment_id: of, created_at: at } of sessions(client, statuses, gaps)) {
      // A service that ignores the filter shows all sessions. Only the guide documents the status `canceling`.
      const does = statuses.find((one) => one === status || (one === "running" && status === "canceling"));
      if (does !== undefined) {
        found.set(id, { id, deploymentId: of ?? undefined, does, startedAt: timeOf(at) });
      }
    }
  }
  return [...found.values()];
}

/**
 * The idle sessions of these deployments that wait for a person or have not begun, among those that changed after `since` and
 * were created after `createdSince`, in milliseconds. Only the events of an idle session show whether it waits. `ofEach`: a list for
 * each deployment, which in a long time has fewer sessions than one of the account.
 */
export async function idleSessions(
  client: QoderClient,
  deployments: ReadonlySet<string>,
  since: number,
  createdSince: number,
  gaps: SessionGaps,
  ofEach: boolean,
): Promise<OpenSession[]> {
  const idle = new Map<string, string>();
  const queries = ofEach ? [...deployments].map((id) => ({ deployment_id: id })) : [{}];
  await eachOf(queries, async (query) => {
    const filter = { ...query, "created_at[gte]": secondText(createdSince) };
    for await (const session of sessions(client, ["idle"], gaps, filter)) {
      const { id, status, deployment_id: deploymentId, created_at: created, updated_at: updated } = session;
      // A service may ignore a filter.
      const isIdle = status === "idle" && !isBefore(created, createdSince) && !isBefore(updated ?? created, since);
      if (isIdle && deploymentId != null && deployments.has(deploymentId)) {
        idle.set(id, deploymentId);
      }
    }
  });
  const found: OpenSession[] = [];
  try {
    await eachOf(idle, async ([id, deploymentId]) => {
      const { does } = await idleState(client, id);
      found.push(...(does === "done" ? [] : [{ id, deploymentId, does }]));
    });
  } catch (error) {
    note(gaps, "the events of idle sessions", error);
  }
  return found;
}

function note(gaps: SessionGaps, what: string, error: unknown): void {
  gaps.add(`${what}: ${problemOf(error)}`);
}

function isBefore(time: string | undefined, moment: number): boolean {
  return time !== undefined && Date.parse(time) < moment;
}

/** The sessions with these statuses, newest first, as far as the list can be read. */
async function* sessions(
  client: QoderClient,
  statuses: readonly string[],
  gaps: SessionGaps,
  filter: Query = {},
): AsyncGenerator<SessionReply> {
  const kind = statuses.length > 1 ? sessionPages : sessionKind;
  try {
    const unreadable = ({ id, reason }: { readonly id: string; readonly reason: string }) =>
      void gaps.add(`the session ${id}: ${reason}`);
    for await (const listed of client.live(
      kind,
      { "statuses[]": statuses, order: "desc", ...filter },
      { unreadable },
    )) {
      const { data: session, error } = sessionSchema.safeParse(listed);
      if (session === undefined) {
        unreadable({ id: listed.id, reason: shapeProblem(error) });
      } else {
        yield session;
      }
    }
  } catch (error) {
    note(gaps, `the sessions with the status ${statuses.join(" or ")}`, error);
  }
}

/**
 * The state of an idle session, from its newest events. One that cannot be read must not prevent the pause of all deployments: a cancel
 * does not harm an ended session.
 */
export async function idleState(
  client: QoderClient,
  id: string,
): Promise<{ readonly does: OpenSession["does"] | "done"; readonly problem?: string }> {
  try {
    const { state, said } = resultOf({ id, status: "idle" }, await newestEvents(client, id));
    return { does: states.get(state ?? "") ?? (said === "idle" ? "unknown" : "done") };
  } catch (error) {
    if (meetsAll(error)) {
      throw error;
    }
    // The session was deleted after the list was read.
    const isGone = error instanceof QoderApiError && error.status === 404;
    return isGone ? { does: "done" } : { does: "unknown", problem: problemOf(error) };
  }
}

const states = new Map<string, OpenSession["does"]>([
  ["waiting for somebody", "waiting"],
  ["not started yet", "new"],
  ["running", "running"],
]);
