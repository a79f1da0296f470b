import { z } from "zod";
import { QoderReplyError } from "../api/errors";
import { archivedAt, idSchema, timeSchema } from "../api/schema";
import type { DeploymentRunError } from "./arguments";
import { isDescending, newestFirst, timeOf } from "./newest-first";
import { noReason, unexplained } from "./reply";

/** The results of a run that this version can derive from the replies of the service. */
export type KnownState =
  | "could not start"
  | "not started yet"
  /** The session has ended, or is old, without an event of the agent. Only the commands `status` and `logs` find this. */
  | "never began"
  | "running"
  | "done"
  /** The work is done, and the final grading of an outcome that was asked for is missing. */
  | "done, not graded"
  /** The work is done, and does not satisfy the outcome that was asked for. */
  | "not satisfied"
  | "failed"
  | "stopped by budget"
  | "cancelled"
  | "waiting for somebody";

export interface RunResult {
  /** Undefined for an unknown state; `said` has the words. */
  readonly state: KnownState | undefined;
  /** The words of the service, or the reason for which there are none. */
  readonly said?: string;
  /** The reason for which the run could not start or failed. */
  readonly error?: DeploymentRunError | undefined;
  /** The credits so far; undefined if the service does not show them. */
  readonly credits?: number | undefined;
  /** The final grading of an outcome: `satisfied`, `failed` ... Undefined as long as there is none. */
  readonly outcome?: string | undefined;
  /** The end of the newest turn, as its event shows it. */
  readonly endedAt?: string | undefined;
  /** The session is done, and its events have no message of the agent and no artifact. */
  readonly saidNothing?: true;
  /** The grader's explanation of the outcome. */
  readonly explanation?: string | undefined;
}

/** The key of the metadata of a session that a command of this package cancelled, with the time. */
export const cancelledKey = "pulumi-qoder-cancelled";

/** What is said of a run whose session a person archived before its end: "Archive a session" ends what works or waits. */
export const archivedSession = "session archived";

/** The state as one text, for JSON and outputs. */
export function stateText({ state, said }: RunResult): string {
  return state ?? said ?? "not known";
}

/** The same for a person, who must see that a run gave nothing. */
export function shownState(result: RunResult): string {
  return result.state === "done" && result.saidNothing ? "done, said nothing" : stateText(result);
}

/** Credits: the API writes a decimal as a text. */
export const amount = z.union([
  z.number().nonnegative(),
  z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number),
]);

const evaluation = z.looseObject({
  outcome_id: z.string().optional(),
  result: z.string(),
  explanation: z.string().nullish().catch(undefined),
  iteration: z.number().optional().catch(undefined),
  completed_at: z.string().nullish().catch(undefined),
});
export type Evaluation = z.infer<typeof evaluation>;

/** A session in a reply. */
export const sessionSchema = z.looseObject({
  id: idSchema,
  status: z.string().min(1),
  archived_at: archivedAt,
  created_at: timeSchema,
  updated_at: timeSchema,
  deployment_id: idSchema.nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  usage: z.looseObject({ total_credits: amount.optional().catch(undefined) }).nullish(),
  outcome_evaluations: z.array(evaluation).nullish(),
});
type WholeSession = z.infer<typeof sessionSchema>;
export type SessionReply = Pick<WholeSession, "id" | "status"> & Partial<WholeSession>;

/** "Outcomes": the event that asks for an outcome, and the one that grades it. */
export const outcomeEvent = "user.define_outcome";
export const gradingEvent = "span.outcome_evaluation_end";

/**
 * The events that determine the result. If the end of a turn has no reason, a message of the agent proves that the turn
 * succeeded. A run that is done without a message and without an artifact has probably done nothing.
 */
export const decidingEvents = [
  "session.status_idle",
  "session.status_running",
  "session.status_terminated",
  "session.error",
  "agent.message",
  "agent.artifact_delivered",
  outcomeEvent,
  gradingEvent,
] as const;

const typeSchema = z.union([z.string(), z.looseObject({ type: z.string() }).transform(({ type }) => type)]);

const errorSchema = z.looseObject({
  type: z.string(),
  message: z.string().nullish().catch(undefined),
  retry_status: typeSchema.optional().catch(undefined),
});

const eventSchema = z.looseObject({
  id: z.string().optional().catch(undefined),
  type: z.string(),
  processed_at: z.string().nullish().catch(undefined),
  stop_reason: typeSchema.nullish().catch("a reason in a new form"),
  error: errorSchema.optional().catch(undefined),
  outcome_id: z.string().optional().catch(undefined),
  result: z.string().optional().catch(undefined),
  explanation: z.string().nullish().catch(undefined),
});
type Event = z.infer<typeof eventSchema>;

/** The events in the order of the service. */
export const eventPageSchema = z.looseObject({
  data: z.array(eventSchema),
  has_more: z.boolean().nullish().catch(undefined),
});
export type EventPage = z.infer<typeof eventPageSchema>;

const turnBegins = "session.status_running";
const isIdle = ({ type }: Event) => type === "session.status_idle";
const processedAt = ({ processed_at: at }: Event) => timeOf(at);

/** The page from its newest event to its oldest. A part of the events that does not begin with the newest one decides nothing. */
export function inOrder({ data, has_more }: EventPage, session: string): EventPage {
  if (has_more === true && !isDescending(data, processedAt)) {
    const reason = "its first page does not begin with the newest events, as the request asks";
    throw new QoderReplyError(`GET /sessions/${session}/events`, 200, reason, undefined);
  }
  return { data: newestFirst(data, processedAt), has_more };
}

/** True if the session works now. Only the guide documents the status `canceling`. */
export function isWorking({ status }: SessionReply): boolean {
  return ["running", "rescheduling", "canceling"].includes(status);
}

/** True if the result depends on the events: a new session is idle, and a finished one is too. */
export function needsEvents({ status }: SessionReply): boolean {
  return status === "idle" || status === "terminated";
}

/**
 * True if the session was read after the newest of these events: then it shows their credits and their gradings. No page says how the time
 * of a session follows those of its events. A session that seems older, or shows no time, is read once more, which costs one GET.
 */
export function isAsNewAs(
  { updated_at: updatedAt, archived_at: archivedAt }: SessionReply,
  { data }: EventPage,
): boolean {
  const newest = data.map(processedAt).find((at) => at !== undefined);
  // "Archive a session": it takes no more events.
  return archivedAt != null || newest === undefined || (timeOf(updatedAt) ?? Number.NEGATIVE_INFINITY) >= newest;
}

/** The result of the run that started this session. `events` are the newest events, read if `needsEvents` is true. */
export function resultOf(session: SessionReply, events: EventPage): RunResult {
  const shown = shownResult(session, events);
  const isOpen = ["running", "waiting for somebody", "not started yet"].includes(shown.state ?? "");
  return session.archived_at != null && isOpen ? { ...shown, state: undefined, said: archivedSession } : shown;
}

function shownResult(session: SessionReply, events: EventPage): RunResult {
  const { result: outcome, explanation } = decidingEvaluation(session, events) ?? {};
  const more = {
    ...{ credits: session.usage?.total_credits, outcome },
    ...(explanation == null || explanation === "" ? {} : { explanation }),
  };
  if (isWorking(session)) {
    return { state: "running", ...more };
  }
  switch (session.status) {
    case "terminated":
      return { state: "failed", error: failureIn(events) ?? unexplained("terminated"), ...more };
    case "idle":
      return { ...ended(events, more.outcome), ...more, endedAt: events.data.find(isIdle)?.processed_at ?? undefined };
    default:
      return { state: undefined, said: session.status, ...more };
  }
}

/** The result of an idle session. "Session events": the newest events say why the session is idle. */
function ended(page: EventPage, outcome: string | undefined): RunResult {
  const { data: events } = page;
  const idle = events.find(isIdle);
  const error = failureIn(page);
  if (error !== undefined) {
    return { state: "failed", error };
  }
  const begun = events.findIndex(({ type }) => type === turnBegins);
  if (idle === undefined || (begun >= 0 && begun < events.indexOf(idle))) {
    // The session began between the two requests.
    return begun >= 0 ? { state: "running" } : unstarted(page);
  }
  const reason = idle.stop_reason ?? "";
  switch (reason) {
    case "end_turn":
      return { ...done(page, outcome), ...(isSilent(page) ? { saidNothing: true } : {}) };
    case "stop_sequence":
    case "":
      return hasWorked(page) ? done(page, outcome) : { state: undefined, said: reason === "" ? "idle" : reason };
    case "requires_action":
      return { state: "waiting for somebody" };
    case "cancelled":
      return { state: "cancelled" };
    case "budget_reached":
      return { state: "stopped by budget" };
    case "retries_exhausted":
      return { state: "failed", error: unexplained(reason) };
    default:
      return { state: undefined, said: reason };
  }
}

/**
 * The result without a deciding event: if there are older events than this page, one of them may say that the session ran.
 */
function unstarted({ has_more: hasMore }: EventPage): RunResult {
  return hasMore === true ? { state: undefined, said: "idle" } : { state: "not started yet" };
}

function done(events: EventPage, outcome: string | undefined): RunResult {
  if (outcome === undefined) {
    return { state: askedOutcomes(events) > 0 ? "done, not graded" : "done" };
  }
  return { state: outcome === "satisfied" ? "done" : "not satisfied" };
}

function askedOutcomes({ data }: EventPage): number {
  const asked = data.filter(({ type }) => type === outcomeEvent);
  return new Set(asked.map((event) => event.outcome_id ?? event.id ?? event)).size;
}

/** Only if all events are on the page: an older one may be a message. */
function isSilent({ data, has_more: hasMore }: EventPage): boolean {
  return hasMore !== true && !data.some(({ type }) => type === "agent.message" || type === "agent.artifact_delivered");
}

function hasWorked({ data }: EventPage): boolean {
  return newestTurn(data).some(({ type }) => type === "agent.message");
}

/** The error that ended the newest turn or the session. An error that the service retries ends neither. */
function failureIn({ data }: EventPage): DeploymentRunError | undefined {
  const failed = newestTurn(data).find(
    ({ type, error }) => type === "session.error" && ["exhausted", "terminal"].includes(error?.retry_status ?? ""),
  );
  return failed?.error === undefined
    ? undefined
    : { type: failed.error.type, message: failed.error.message ?? noReason };
}

function newestTurn(events: EventPage["data"]): EventPage["data"] {
  const begun = events.findIndex(({ type }) => type === turnBegins);
  return begun < 0 ? events : events.slice(0, begun);
}

/** The grading after which the agent works on. */
const revised = "needs_revision";

/** "Outcomes": only the last grading of an outcome has a time. */
const gradingAge = ({ iteration, completed_at: at }: Evaluation) => iteration ?? timeOf(at) ?? Number.NEGATIVE_INFINITY;

const finalResults: readonly string[] = ["satisfied", "failed", "max_iterations_reached", "interrupted"];

/** "Outcomes": `needs_revision` starts a revision, whose grading follows. A grading that is new to this version has a time at its end. */
function isFinal({ result, completed_at: at }: Evaluation): boolean {
  return finalResults.includes(result) || (result !== revised && at != null);
}

/** The gradings of the session, the oldest first. */
export function evaluationsIn({ outcome_evaluations: evaluations }: SessionReply): Evaluation[] {
  return newestFirst((evaluations ?? []).toReversed(), gradingAge).toReversed();
}

const lastOfEach = (evaluations: readonly Evaluation[]) => [
  ...new Map(evaluations.map((one) => [one.outcome_id, one])).values(),
];

/**
 * The final grading of the outcome; with several outcomes, of the first one that is not satisfied. Undefined while there are fewer
 * final gradings than outcomes. The session may show its last grading only, and its events all.
 */
function decidingEvaluation(session: SessionReply, events: EventPage): Evaluation | undefined {
  const last = lastOfEach(evaluationsIn(session));
  const graded = events.data.flatMap((event) =>
    event.type === gradingEvent && event.result !== undefined ? [{ ...event, result: event.result }] : [],
  );
  const [shown, told] = [last.filter(isFinal), lastOfEach(graded.toReversed()).filter(isFinal)];
  const count = Math.max(shown.length, told.length);
  const isComplete = count > 0 && count >= Math.max(last.length, askedOutcomes(events));
  const all = [...shown, ...told];
  return all.find(({ result }) => result !== "satisfied") ?? (isComplete ? all[0] : undefined);
}
