import { z } from "zod";
import { absentIfNotFound } from "../../provider/api/errors";
import type { DeploymentRun } from "../../provider/deployment-run/arguments";
import { allEvents, askResult, readSession } from "../../provider/deployment-run/ask-result";
import { deliveredIn, type Lacking, lackingOf } from "../../provider/deployment-run/delivered";
import { cleanResult, valuesIn } from "../../provider/deployment-run/hide-secrets";
import { type EventPage, evaluationsIn, type RunResult, type SessionReply } from "../../provider/deployment-run/result";
import { mapMembers } from "../../provider/resource/kind/program-values";
import type { CommandClient } from "../client";
import { orNeverBegan } from "../runs/recent-runs";
import { type CommandTime, refuseLate } from "../time";
import { type Entry, entriesOf, type Grade, gradesIn } from "./events";

export interface Layout {
  readonly json: boolean;
  readonly timeZone: string;
  readonly columns: number;
  readonly isWhole: boolean;
  readonly time: CommandTime;
}

/** The lines that are printed unless `isWhole` is set. */
export const mostLines = 60;

/** A run as the command prints it, without secrets. */
export interface RunLog {
  /** What is known of the run; of a session without a run, what the session shows. */
  readonly run: Partial<DeploymentRun>;
  readonly agentId: string | undefined;
  readonly result: RunResult;
  /** The oldest first. */
  readonly grades: readonly Grade[];
  readonly entries: readonly Entry[];
  /** The artifacts that the program expects and the run, which is done, did not deliver. */
  readonly lacking: readonly Lacking[];
  /** True if the session has more events than the command reads. */
  readonly isCut: boolean;
}

/** The run to read; its session, if it has been read already. */
export interface ReadRun {
  readonly run?: DeploymentRun | undefined;
  readonly session?: SessionReply;
  /** The artifacts that the program expects. */
  readonly expected?: readonly string[] | undefined;
}

/**
 * Reads the session of a run and all its events, and cleans the entries that the layout may show. The environment variables of the
 * session become secrets.
 */
export async function runLog(
  client: CommandClient,
  { run, session: read, expected = [] }: ReadRun,
  layout: Layout,
): Promise<RunLog> {
  const sessionId = read?.id ?? run?.sessionId;
  // Somebody may have deleted the session of the run.
  const session =
    read ??
    (sessionId === undefined ? undefined : await readSession(client.forObject(), sessionId).catch(absentIfNotFound));
  const events: EventPage = session === undefined ? { data: [] } : await allEvents(client.forList(), session.id);
  const { agent, environment_variables: variables } = sessionMembers.parse(session ?? {});
  client.keep(valuesIn(variables));
  const clean = (text: string) => {
    refuseLate(layout.time);
    return client.clean(text);
  };
  const entries = entriesOf(events);
  const kept =
    layout.isWhole || layout.json || entries.length <= 2 * mostLines
      ? entries
      : [...entries.slice(0, mostLines), ...entries.slice(-mostLines)];
  const result: RunResult =
    sessionId !== undefined && session === undefined
      ? { state: undefined, said: "session not found", error: run?.error }
      : orNeverBegan(
          await askResult(client.forObject(), { sessionId, error: run?.error }, session, events),
          session,
          events,
        );
  return {
    run: {
      ...run,
      sessionId,
      createdAt: run?.createdAt ?? session?.created_at,
      agentVersion: run?.agentVersion ?? agent?.version,
    },
    agentId: agent?.id,
    result: cleanResult(result, clean),
    grades: gradesOf(session, events).map(({ result, explanation }) => ({
      result: clean(result),
      explanation: explanation && clean(explanation),
    })),
    entries: kept.map((entry) => cleanEntry(entry, clean)),
    lacking: result.state === "done" ? lackingOf(deliveredIn(events, false), expected) : [],
    isCut: events.has_more === true,
  };
}

/** The entry without secrets. */
export function cleanEntry(entry: Entry, clean: (text: string) => string): Entry {
  const { text, tool, input } = entry;
  return {
    ...entry,
    text: clean(text),
    tool: tool === undefined ? undefined : clean(tool),
    input: cleanIn(input, clean),
  };
}

function cleanIn(value: unknown, clean: (text: string) => string): unknown {
  return typeof value === "string" ? clean(value) : mapMembers(value, (member) => cleanIn(member, clean));
}

const sessionMembers = z.looseObject({
  agent: z
    .looseObject({ id: z.string().optional().catch(undefined), version: z.number().optional().catch(undefined) })
    .optional()
    .catch(undefined),
  environment_variables: z.unknown().optional(),
});

/** The session may show its last grading only, and the events may be cut off. */
function gradesOf(session: SessionReply | undefined, events: EventPage): Grade[] {
  const [inSession, inEvents] = [session === undefined ? [] : evaluationsIn(session), gradesIn(events)];
  return inEvents.length >= inSession.length
    ? inEvents
    : inSession.map(({ result, explanation }) => ({ result, explanation: explanation ?? undefined }));
}
