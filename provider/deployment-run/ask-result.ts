import type { z } from "zod";
import type { QoderClient } from "../api/client";
import { QoderApiError, QoderError, QoderReplyError } from "../api/errors";
import { shapeProblem } from "../api/schema";
import { requestLabel } from "../api/transport";
import type { DeploymentRun } from "./arguments";
import {
  decidingEvents,
  type EventPage,
  eventPageSchema,
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
 * session, if a list has read it already.
 */
export async function askResult(
  client: QoderClient,
  { sessionId, error }: Pick<DeploymentRun, "sessionId" | "error">,
  session?: SessionReply,
): Promise<RunResult> {
  if (sessionId === undefined) {
    return error === undefined ? { state: "not started yet" } : { state: "could not start", error };
  }
  const told = await sessionResult(client, sessionId, session);
  // In the older generation the run itself may show that its work failed.
  return error === undefined || told.state === "failed" ? told : { ...told, state: "failed", error };
}

async function sessionResult(client: QoderClient, id: string, read: SessionReply | undefined): Promise<RunResult> {
  try {
    const session = read ?? (await asked(client, ["sessions", id], {}, sessionSchema));
    if (session.id !== id) {
      throw new QoderError(`the service answered with a different session, ${session.id}`);
    }
    return resultOf(session, needsEvents(session) ? await newestEvents(client, id) : noEvents);
  } catch (error) {
    if (error instanceof QoderApiError && error.isNotFound) {
      // A person deleted the session, which says nothing about its work.
      return { state: undefined, said: "session not found" };
    }
    throw error;
  }
}

async function newestEvents(client: QoderClient, id: string): Promise<EventPage> {
  const path = ["sessions", id, "events"];
  const query = { order: "desc", limit: eventCount };
  try {
    return await asked(client, path, { ...query, "types[]": decidingEvents }, eventPageSchema);
  } catch (error) {
    if (error instanceof QoderApiError && error.status === 400) {
      // The clients filter the list by type; no page says that the service accepts the filter.
      return asked(client, path, query, eventPageSchema);
    }
    throw error;
  }
}

async function asked<Schema extends z.ZodType>(
  client: QoderClient,
  path: readonly string[],
  query: Readonly<Record<string, string | readonly string[]>>,
  schema: Schema,
): Promise<z.output<Schema>> {
  const request = { method: "GET", path, query, repeat: "safe" } as const;
  const reply = await client.send(request);
  const read = schema.safeParse(reply.body);
  if (!read.success) {
    throw new QoderReplyError(requestLabel(request), reply.status, shapeProblem(read.error), reply.requestId);
  }
  return read.data;
}
