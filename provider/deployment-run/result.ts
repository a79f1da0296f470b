import { z } from "zod";
import { archivedAt } from "../api/schema";
import type { RunError } from "./arguments";

/** What became of a run, where that follows from what the service says. */
type KnownState =
  | "could not start"
  | "not started yet"
  | "running"
  | "done"
  /** The work is done, and does not satisfy the outcome that was asked for. */
  | "not satisfied"
  | "failed"
  | "stopped by budget"
  | "cancelled"
  | "waiting for somebody";

/** What became of a run. */
export interface RunResult {
  /** Undefined where nobody can tell: `said` is all that is known then. */
  readonly state: KnownState | undefined;
  /** What the service said, in its own words, or why it said nothing. */
  readonly said?: string;
  /** Why it could not start or failed. */
  readonly error?: RunError | undefined;
  /** So far. Undefined where the service does not tell. */
  readonly credits?: number | undefined;
  /** What the last grading of an outcome said: `satisfied`, `failed` ... Undefined where no outcome was graded. */
  readonly outcome?: string | undefined;
}

/** The state in one text, for people and for JSON. */
export function stateText({ state, said }: RunResult): string {
  return state ?? said ?? "not known";
}

const amount = z.union([
  z.number(),
  z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number),
]);

const evaluation = z.looseObject({ outcome_id: z.string().optional(), result: z.string() });

/** A session as the API returns it. What is in a new form must not keep anybody from the rest. */
export const sessionSchema = z.looseObject({
  id: z.string().min(1),
  status: z.string(),
  archived_at: archivedAt,
  deployment_id: z.string().nullish().catch(undefined),
  usage: z
    .looseObject({ total_credits: amount.optional().catch(undefined) })
    .nullish()
    .catch(undefined),
  outcome_evaluations: z.array(evaluation).nullish().catch(undefined),
});
export type SessionReply = z.infer<typeof sessionSchema>;

/** The events that decide. A message of the agent proves that a turn without a reason for its end has worked. */
export const decidingEvents = [
  "session.status_idle",
  "session.status_running",
  "session.status_terminated",
  "session.error",
  "agent.message",
] as const;

const reasonSchema = z.union([z.string(), z.looseObject({ type: z.string() }).transform(({ type }) => type)]).nullish();

const errorSchema = z.looseObject({
  type: z.string(),
  message: z.string().nullish().catch(undefined),
  retry_status: z
    .union([z.string(), z.looseObject({ type: z.string() }).transform(({ type }) => type)])
    .optional()
    .catch(undefined),
});

/** Newest first. */
export const eventPageSchema = z.looseObject({
  data: z.array(
    z.looseObject({
      type: z.string(),
      stop_reason: reasonSchema.catch("a reason in a new form"),
      error: errorSchema.optional().catch(undefined),
    }),
  ),
  has_more: z.boolean().nullish().catch(undefined),
});
export type EventPage = z.infer<typeof eventPageSchema>;

/** Whether the state of the session alone does not tell: a fresh session is as idle as one that has done its work. */
export function needsEvents({ status, archived_at: archived }: SessionReply): boolean {
  return archived == null && (status === "idle" || status === "terminated");
}

/** What became of a run that started this session. `events`: the newest, where `needsEvents` wants them. */
export function resultOf(session: SessionReply, events: EventPage): RunResult {
  const more = { credits: session.usage?.total_credits, outcome: outcomeOf(session) };
  if (session.archived_at != null) {
    // Somebody cleaned up, after whatever had happened.
    return { state: undefined, said: "session archived", ...more };
  }
  switch (session.status) {
    case "terminated":
      return { state: "failed", error: failureIn(events) ?? unexplained("terminated"), ...more };
    case "running":
    case "rescheduling":
    case "canceling":
      return { state: "running", ...more };
    case "idle":
      return { ...ended(events, more.outcome), ...more };
    default:
      return { state: undefined, said: session.status, ...more };
  }
}

/** "Session events": an idle session tells by its newest events why it is idle. */
function ended(page: EventPage, outcome: string | undefined): RunResult {
  const { data: events } = page;
  const idle = events.find(({ type }) => type === "session.status_idle");
  const error = failureIn(page);
  if (error !== undefined) {
    return { state: "failed", error };
  }
  const begun = events.findIndex(({ type }) => type === "session.status_running");
  if (idle === undefined || (begun >= 0 && begun < events.indexOf(idle))) {
    // Between the two requests it began.
    return begun >= 0 ? { state: "running" } : unstarted(page);
  }
  const reason = idle.stop_reason ?? "";
  switch (reason) {
    case "end_turn":
      return done(outcome);
    case "stop_sequence":
    case "":
      return hasWorked(page) ? done(outcome) : { state: undefined, said: reason === "" ? "idle" : reason };
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

/** Where older events are not in the page, one of them may say that it ran. */
function unstarted({ has_more: hasMore }: EventPage): RunResult {
  return hasMore === true ? { state: undefined, said: "idle" } : { state: "not started yet" };
}

function done(outcome: string | undefined): RunResult {
  return { state: outcome === undefined || outcome === "satisfied" ? "done" : "not satisfied" };
}

function hasWorked({ data }: EventPage): boolean {
  return newestTurn(data).some(({ type }) => type === "agent.message");
}

/** What ended the newest turn, or the session. An error that is tried again ends nothing. */
function failureIn({ data }: EventPage): RunError | undefined {
  const failed = newestTurn(data).find(
    ({ type, error }) => type === "session.error" && ["exhausted", "terminal"].includes(error?.retry_status ?? ""),
  );
  return failed?.error === undefined
    ? undefined
    : { type: failed.error.type, message: failed.error.message ?? noReason };
}

function newestTurn<Event extends { readonly type: string }>(events: readonly Event[]): readonly Event[] {
  const begun = events.findIndex(({ type }) => type === "session.status_running");
  return begun < 0 ? events : events.slice(0, begun);
}

const noReason = "the service gives no reason";

function unexplained(type: string): RunError {
  return { type, message: noReason };
}

/** Of several outcomes the first that is not satisfied; each is told by its last grading. */
function outcomeOf({ outcome_evaluations: evaluations }: SessionReply): string | undefined {
  const last = new Map((evaluations ?? []).map(({ outcome_id: id, result }) => [id, result]));
  const results = [...last.values()];
  return results.find((result) => result !== "satisfied") ?? results[0];
}
