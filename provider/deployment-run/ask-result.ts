import type { QoderClient } from "../api/client";
import { QoderApiError, QoderError } from "../api/errors";
import type { Query } from "../api/object-list";
import type { DeploymentRun } from "./arguments";
import { valuesIn, withoutSecrets } from "./clean";
import {
  decidingEvents,
  type EventPage,
  eventPageSchema,
  hasNewer,
  inOrder,
  isAsNewAs,
  mayLackOutcomes,
  needsEvents,
  outcomeEvent,
  type RunResult,
  resultOf,
  type SessionReply,
  sessionSchema,
  showsEnd,
} from "./result";

/** The page size that the published clients use for the events of a session. */
const eventCount = "20";

const noEvents: EventPage = { data: [] };

/**
 * The result of a run: at most two GETs, and none if the run itself shows its result; more only if the session changes between them.
 * `session` is the reply about the session, if a list has read it already; `events` are its newest events, if they are known.
 */
export async function askResult(
  client: QoderClient,
  { sessionId, error }: Pick<DeploymentRun, "sessionId" | "error">,
  session?: SessionReply,
  events?: EventPage,
): Promise<RunResult> {
  if (sessionId === undefined) {
    const state = error === undefined ? "not started yet" : "could not start";
    return withoutSecrets({ state, ...(error === undefined ? {} : { error }) }, client.secrets);
  }
  const { result, variables } = await sessionResult(client, sessionId, session, events);
  // In the older generation the run itself may show that its work failed.
  const isShown = error === undefined || result.state === "failed";
  return withoutSecrets(isShown ? result : { ...result, state: "failed", error }, [...client.secrets, ...variables]);
}

/** The result that the session shows, and the values of its environment variables. */
interface SessionResult {
  readonly result: RunResult;
  readonly variables: readonly string[];
}

async function sessionResult(
  client: QoderClient,
  id: string,
  read: SessionReply | undefined,
  known: EventPage | undefined,
): Promise<SessionResult> {
  try {
    let session = read ?? (await readSession(client, id));
    const variables = valuesIn(session["environment_variables"]);
    if (!needsEvents(session)) {
      return { result: resultOf(session, noEvents), variables };
    }
    let events = known ?? (await newestEvents(client, id));
    if (!isAsNewAs(session, events)) {
      // The facts of one result are of one moment: a session that has ended meanwhile shows its credits and gradings only now.
      session = await readSession(client, id);
      events = needsEvents(session) && !showsEnd(events) ? await newestEvents(client, id) : events;
    }
    const result = resultOf(session, needsEvents(session) ? events : noEvents);
    if (!mayLackOutcomes(result, events)) {
      return { result, variables };
    }
    const { data } = await eventsOf(client, id, { limit: eventCount }, [outcomeEvent]);
    return { result: resultOf(session, { ...events, data: [...events.data, ...data] }), variables };
  } catch (error) {
    if (error instanceof QoderApiError && error.isNotFound) {
      // A person deleted the session, which says nothing about its work.
      return { result: { state: undefined, said: "session not found" }, variables: [] };
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

async function eventsOf(
  client: QoderClient,
  id: string,
  part: Query,
  types: readonly string[] = decidingEvents,
): Promise<EventPage> {
  const request = { method: "GET", path: ["sessions", id, "events"], repeat: "safe" } as const;
  const query = { order: "desc", ...part };
  try {
    return await client.read({ ...request, query: { ...query, "types[]": types } }, eventPageSchema);
  } catch (error) {
    if (error instanceof QoderApiError && error.status === 400) {
      // The clients filter the list by type; no page says that the service accepts the filter.
      return client.read({ ...request, query }, eventPageSchema);
    }
    throw error;
  }
}
