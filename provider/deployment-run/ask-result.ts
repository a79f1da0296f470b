import type { QoderClient } from "../api/client";
import { QoderApiError, QoderError } from "../api/errors";
import type { Query } from "../api/object-list";
import type { DeploymentRun } from "./arguments";
import {
  decidingEvents,
  type EventPage,
  eventPageSchema,
  hasNewer,
  inOrder,
  needsEvents,
  type RunResult,
  resultOf,
  type SessionReply,
  sessionSchema,
} from "./result";

/** The page size that the published clients use for the events of a session. */
const eventCount = "20";

const noEvents: EventPage = { data: [] };

/**
 * The result of a run: at most two GETs, and none if the run itself shows its result. `session` is the reply about the
 * session, if a list has read it already; `events` are its newest events, if they are known.
 */
export async function askResult(
  client: QoderClient,
  { sessionId, error }: Pick<DeploymentRun, "sessionId" | "error">,
  session?: SessionReply,
  events?: EventPage,
): Promise<RunResult> {
  if (sessionId === undefined) {
    return error === undefined ? { state: "not started yet" } : { state: "could not start", error };
  }
  const shown = await sessionResult(client, sessionId, session, events);
  // In the older generation the run itself may show that its work failed.
  return error === undefined || shown.state === "failed" ? shown : { ...shown, state: "failed", error };
}

async function sessionResult(
  client: QoderClient,
  id: string,
  read: SessionReply | undefined,
  events: EventPage | undefined,
): Promise<RunResult> {
  try {
    const session = read ?? (await readSession(client, id));
    return resultOf(session, needsEvents(session) ? (events ?? (await newestEvents(client, id))) : noEvents);
  } catch (error) {
    if (error instanceof QoderApiError && error.isNotFound) {
      // A person deleted the session, which says nothing about its work.
      return { state: undefined, said: "session not found" };
    }
    throw error;
  }
}

export async function readSession(client: QoderClient, id: string): Promise<SessionReply> {
  const session = await client.read({ method: "GET", path: ["sessions", id], repeat: "safe" }, sessionSchema);
  if (session.id !== id) {
    throw new QoderError(`the service answered with a different session, ${session.id}`);
  }
  return session;
}

/** A session with more events than this on the pages before the newest one has no known result. */
const mostPages = 50;

/** The newest events of a session, from the newest to the oldest; one GET, unless the service ignores the order. */
export async function newestEvents(client: QoderClient, id: string): Promise<EventPage> {
  let page = await eventsOf(client, id, { limit: eventCount });
  for (let pages = 1; hasNewer(page); pages += 1) {
    const after = page.data.at(-1)?.id;
    const next = after === undefined ? noEvents : await eventsOf(client, id, { limit: "100", after_id: after });
    const isFurther = (next.data.at(-1)?.id ?? after) !== after;
    if (!isFurther || pages === mostPages) {
      return { data: [], has_more: true };
    }
    page = { ...next, data: [...page.data, ...next.data] };
  }
  return inOrder(page);
}

async function eventsOf(client: QoderClient, id: string, part: Query): Promise<EventPage> {
  const request = { method: "GET", path: ["sessions", id, "events"], repeat: "safe" } as const;
  const query = { order: "desc", ...part };
  try {
    return await client.read({ ...request, query: { ...query, "types[]": decidingEvents } }, eventPageSchema);
  } catch (error) {
    if (error instanceof QoderApiError && error.status === 400) {
      // The clients filter the list by type; no page says that the service accepts the filter.
      return client.read({ ...request, query }, eventPageSchema);
    }
    throw error;
  }
}
