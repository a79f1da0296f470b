import type { QoderClient } from "../api/client";
import { isNotFound, QoderApiError, QoderError } from "../api/errors";
import type { Query } from "../api/object-list";
import { patience } from "../api/patience";
import type { DeploymentRun } from "./arguments";
import { valuesIn, withoutSecrets } from "./hide-secrets";
import {
  decidingEvents,
  type EventPage,
  eventPageSchema,
  inOrder,
  isAsNewAs,
  needsEvents,
  outcomeEvent,
  type RunResult,
  resultOf,
  type SessionReply,
  sessionSchema,
} from "./result";

/** The page size that the published clients use for the events of a session. */
const eventCount = "20";
/** The largest page ("List events"). */
export const fullEventPage = "100";

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
    const result: RunResult = error === undefined ? { state: "not started yet" } : { state: "could not start", error };
    return withoutSecrets(result, client.secrets);
  }
  const [shown, variables] = await sessionResult(client, sessionId, session, events);
  return withoutSecrets(withOwnError(shown, error), [...client.secrets, ...variables]);
}

/** In the older generation the run itself may show that its work failed. */
function withOwnError(shown: RunResult, error: DeploymentRun["error"]): RunResult {
  return error === undefined || shown.state === "failed" ? shown : { ...shown, state: "failed", error };
}

/** A person deleted the session, which says nothing about its work. */
const deletedSession: RunResult = { state: undefined, said: "session not found" };

/** The result of a run whose session a caller could not read. */
export function resultOfDeleted(client: QoderClient, { error }: Pick<DeploymentRun, "error">): RunResult {
  return withoutSecrets(withOwnError(deletedSession, error), client.secrets);
}

/** The result that the session shows, and the values of its environment variables. */
async function sessionResult(
  client: QoderClient,
  id: string,
  read: SessionReply | undefined,
  known: EventPage | undefined,
): Promise<[RunResult, readonly string[]]> {
  try {
    const first = read ?? (await readSession(client, id));
    const events = needsEvents(first) ? (known ?? (await newestEvents(client, id))) : noEvents;
    // A session that has ended between the two requests shows its credits and gradings only now.
    const session = isAsNewAs(first, events) ? first : await readSession(client, id);
    let result = resultOf(session, events);
    if (result.outcome === "satisfied" && events.has_more === true) {
      // An older event may ask for one more outcome.
      const { data } = await eventsOf(client, id, { limit: eventCount }, [outcomeEvent]);
      result = resultOf(session, { ...events, data: [...events.data, ...data] });
    }
    return [result, await variablesOf(client, session, result, read !== undefined)];
  } catch (error) {
    if (isNotFound(error)) {
      return [deletedSession, []];
    }
    throw error;
  }
}

/** The values of the environment variables. A list may leave them out, and an error or a grader may repeat them. */
async function variablesOf(
  client: QoderClient,
  session: SessionReply,
  { error, explanation }: RunResult,
  isListed: boolean,
): Promise<readonly string[]> {
  const isWhole = !isListed || "environment_variables" in session || (error ?? explanation) === undefined;
  return valuesIn((isWhole ? session : await readSession(client, session.id))["environment_variables"]);
}

export async function readSession(client: QoderClient, id: string): Promise<SessionReply> {
  const session = await client.read({ method: "GET", path: ["sessions", id], repeat: "safe" }, sessionSchema);
  if (session.id !== id) {
    throw new QoderError(`the service answered with a different session, ${session.id}`);
  }
  return session;
}

/** The newest events of a session, from the newest to the oldest; one GET. */
export async function newestEvents(
  client: QoderClient,
  id: string,
  types: readonly string[] = decidingEvents,
  limit: string = eventCount,
): Promise<EventPage> {
  return inOrder(await eventsOf(client, id, { limit }, types), id);
}

/** The events of the session on one page; with `types` empty, those of all types. */
export async function eventsOf(
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
    if (isFilterRefused(error)) {
      return client.read({ ...request, query }, eventPageSchema);
    }
    throw error;
  }
}

/** Every event of these types, as far as a transcript is read, from the newest to the oldest; with `types` empty, of all types. */
export async function allEvents(client: QoderClient, id: string, types: readonly string[] = []): Promise<EventPage> {
  const kind = { noun: "event", collection: "events", idPrefix: "", parent: ["sessions", id] } as const;
  const data: EventPage["data"] = [];
  const query: Query = { order: "desc", ...(types.length === 0 ? {} : { "types[]": types }) };
  try {
    for await (const listed of client.list(kind, query)) {
      if (data.length === patience.eventsOfTranscript) {
        return inOrder({ data, has_more: true }, id);
      }
      data.push(...(eventPageSchema.safeParse({ data: [listed] }).data?.data ?? []));
    }
  } catch (error) {
    if (types.length > 0 && isFilterRefused(error)) {
      return allEvents(client, id);
    }
    throw error;
  }
  return inOrder({ data }, id);
}

/** The clients filter the list by type; no page says that the service accepts the filter. */
const isFilterRefused = (error: unknown) => error instanceof QoderApiError && error.status === 400;
