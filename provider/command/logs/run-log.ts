import { z } from "zod";
import { QoderApiError } from "../../api/errors";
import { redacted } from "../../api/redacted";
import { parseEnvironmentVariables } from "../../deployment/argument-rows";
import type { DeploymentRun } from "../../deployment-run/arguments";
import { askResult, readSession } from "../../deployment-run/ask-result";
import { type EventPage, evaluationsIn, type RunResult, type SessionReply } from "../../deployment-run/result";
import type { CommandClient } from "../client";
import { type Entry, entriesOf, eventsOf, type Grade, gradesIn } from "./events";

/** A run as the command prints it, without secrets. */
export interface RunLog {
  readonly id: string | undefined;
  readonly sessionId: string | undefined;
  readonly startedAt: string | undefined;
  readonly trigger: string | undefined;
  readonly scheduledAt: string | undefined;
  readonly agentId: string | undefined;
  readonly agentVersion: number | undefined;
  readonly result: RunResult;
  /** The oldest first. */
  readonly grades: readonly Grade[];
  readonly entries: readonly Entry[];
  /** Whether the session has more events than the command reads. */
  readonly isCut: boolean;
}

/** The run to read; its session, if it has been read already. */
export interface Told {
  readonly run?: DeploymentRun | undefined;
  readonly session?: SessionReply;
}

/** Reads the session of a run and all its events. `secrets` grow by what the session shows. */
export async function runLog(client: CommandClient, read: Told, secrets: Set<string>): Promise<RunLog> {
  const { run } = read;
  const sessionId = read.session?.id ?? run?.sessionId;
  const session = read.session ?? (sessionId === undefined ? undefined : await sessionIfAny(client, sessionId));
  const events: EventPage = session === undefined ? { data: [] } : await eventsOf(client.forList(), session.id);
  const shown = sessionMembers.parse(session ?? {});
  addValues(shown.environment_variables, secrets);
  const clean = (text: string) => redacted(text, [...secrets, ...client.secrets]);
  const result: RunResult =
    sessionId !== undefined && session === undefined
      ? { state: undefined, said: "session not found", error: run?.error }
      : await askResult(client.forObject(), { sessionId, error: run?.error }, session, events);
  return {
    id: run?.id,
    sessionId,
    startedAt: run?.createdAt ?? shown.created_at,
    trigger: run?.trigger,
    scheduledAt: run?.scheduledAt,
    agentId: shown.agent?.id,
    agentVersion: run?.agentVersion ?? shown.agent?.version,
    result: cleanResult(result, clean),
    grades: gradesOf(session, events).map(({ result, explanation }) => ({
      result: clean(result),
      explanation: explanation && clean(explanation),
    })),
    entries: entriesOf(events).map((entry) => ({ ...entry, text: clean(entry.text) })),
    isCut: events.has_more === true,
  };
}

/** The session; undefined if somebody has deleted the session of the run. */
async function sessionIfAny(client: CommandClient, id: string): Promise<SessionReply | undefined> {
  try {
    return await readSession(client.forObject(), id);
  } catch (error) {
    if (error instanceof QoderApiError && error.isNotFound) {
      return undefined;
    }
    throw error;
  }
}

const sessionMembers = z.looseObject({
  created_at: z.string().optional().catch(undefined),
  agent: z
    .looseObject({ id: z.string().optional().catch(undefined), version: z.number().optional().catch(undefined) })
    .optional()
    .catch(undefined),
  environment_variables: z.unknown().optional(),
});

const variablesSchema = z.union([z.string().transform(parseEnvironmentVariables), z.record(z.string(), z.unknown())]);

/** Adds the values of environment variables: deployments show these as a text, sessions as an object. */
export function addValues(variables: unknown, secrets: Set<string>): void {
  for (const value of Object.values(variablesSchema.safeParse(variables).data ?? {})) {
    secrets.add(String(value));
  }
}

export function cleanResult(result: RunResult, clean: (text: string) => string): RunResult {
  const { error, said } = result;
  return {
    ...result,
    ...(said === undefined ? {} : { said: clean(said) }),
    ...(error === undefined ? {} : { error: { type: error.type, message: clean(error.message) } }),
  };
}

/** The session may show its last grading only, and the events may be cut off. */
function gradesOf(session: SessionReply | undefined, events: EventPage): Grade[] {
  const [inSession, inEvents] = [session === undefined ? [] : evaluationsIn(session), gradesIn(events)];
  return inEvents.length >= inSession.length
    ? inEvents
    : inSession.map(({ result, explanation }) => ({ result, explanation: explanation ?? undefined }));
}
