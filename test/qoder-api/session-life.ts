import type { SharedFields, StoredObject } from "./managed-objects";
import { latest, microseconds, type Service } from "./service";
import type { Budget, JsonObject, OutcomeEvaluation, Session, SessionEvent } from "./wire";

/** The stored fields: the service computes the counters and the fields that follow the clock. */
export type SessionFields = SharedFields &
  Omit<Session, "type" | "budget" | "stats" | "usage"> & { budget: Budget | null };

export interface StoredSession extends StoredObject {
  fields: SessionFields;
  readonly events: SessionEvent[];
  readonly createdAt: number;
  /** True if the session has run: before and after its work, the status is the same. */
  hasBegun: boolean;
  /** The start of the present work; undefined while the session is idle, and after its end. */
  workingSince: number | undefined;
  activeMs: number;
  endedAt: number | undefined;
  cancelAt: number | undefined;
  credits: { model: number; sandbox: number } | undefined;
}

export interface Credits {
  model?: number;
  sandbox?: number;
}

export interface Evaluation {
  result: string;
  explanation?: string;
}

/** The end of a session; with success if nothing is set. */
export interface SessionEnding {
  /** "idle" if left out. */
  status?: "idle" | "terminated";
  /** `end_turn` if left out, or `retries_exhausted` with an error. Helpers of the clients also accept a text, and null. */
  stop_reason?: JsonObject | string | null;
  /** Members of the error in its event. If left out, `retry_status` follows from the status. */
  error?: JsonObject;
  credits?: Credits;
  /** The duration of the work; absent if the clock gives it. */
  activeSeconds?: number;
  /** The evaluations before the end, in this order. */
  outcomes?: readonly Evaluation[];
  /** The last message of the agent; null for no message. */
  message?: string | null;
}

/** "Outcomes": the results after which no iteration follows. */
const FINAL_RESULTS = ["satisfied", "failed", "max_iterations_reached", "interrupted"];

/** "Pricing": a simple question costs one to three credits, a tenth of them for the sandbox. */
const ORDINARY_CREDITS: Credits = { model: 1.2, sandbox: 0.1 };

const CANCELLED: SessionEnding = {
  stop_reason: { type: "cancelled" },
  credits: { model: 0, sandbox: 0 },
  message: null,
};

export class SessionLife {
  constructor(private readonly service: Service) {}

  /** Applies all changes that are due by now. An archived session does not change. */
  settle(stored: StoredSession): void {
    const { clock, switches } = this.service;
    const now = clock().getTime();
    if (stored.fields.archived_at !== null) return;
    const startsAt = switches.sessionsStart === "never" ? Infinity : stored.createdAt + switches.sessionsStart;
    if (!stored.hasBegun && startsAt <= now) this.begin(stored, startsAt);
    if (stored.cancelAt !== undefined && stored.cancelAt <= now) this.#stop(stored, stored.cancelAt);
    if (stored.workingSince === undefined || switches.sessionsEnd === "never") return;
    const endsAt = stored.workingSince + (switches.sessionsEnd === "at-once" ? 0 : switches.sessionsEnd);
    if (stored.cancelAt === undefined && endsAt <= now) this.end(stored, {}, endsAt);
  }

  begin(stored: StoredSession, at: number): void {
    stored.hasBegun = true;
    stored.workingSince ??= at;
    stored.fields.status = "running";
    this.tell(stored, "session.status_running", {}, at);
  }

  /** Ends the turn, and with "terminated" the session. */
  end(stored: StoredSession, ending: SessionEnding, at: number): void {
    if (stored.workingSince === undefined) this.begin(stored, at);
    const { status = "idle", error, credits = ORDINARY_CREDITS, message = "Done." } = ending;
    this.#account(stored, ending, at);
    this.spend(stored, credits);
    const hasWorked = error === undefined && status === "idle";
    if (hasWorked) this.#speak(stored, message, credits, at);
    const outcomes = ending.outcomes ?? (hasWorked && this.#isOutcomeOpen(stored) ? [{ result: "satisfied" }] : []);
    for (const outcome of outcomes) this.evaluate(stored, outcome, at);
    if (error !== undefined) {
      const retry = { type: status === "terminated" ? "terminal" : "exhausted" };
      const told = { type: "unknown_error", message: "The turn failed.", retry_status: retry, ...error };
      this.tell(stored, "session.error", { error: told }, at);
    }
    stored.fields.status = status;
    stored.cancelAt = undefined;
    if (status === "terminated") {
      this.tell(stored, "session.status_terminated", {}, at);
      return;
    }
    const { stop_reason = { type: error === undefined ? "end_turn" : "retries_exhausted" } } = ending;
    this.tell(stored, "session.status_idle", stop_reason === null ? {} : { stop_reason }, at);
  }

  /** Marks the session as tried again by the service. */
  reschedule(stored: StoredSession, error: JsonObject, at: number): void {
    const told = {
      type: "model_overloaded_error",
      message: "Trying again.",
      retry_status: { type: "retrying" },
      ...error,
    };
    this.tell(stored, "session.error", { error: told }, at);
    stored.fields.status = "rescheduling";
    this.tell(stored, "session.status_rescheduled", {}, at);
  }

  /** "Cancel a session": cancels the session, and returns the status of the answer. */
  cancel(stored: StoredSession, at: number): 200 | 202 {
    const { switches } = this.service;
    if (stored.workingSince !== undefined) {
      stored.cancelAt ??= at + switches.cancelTakesMs;
      this.settle(stored);
      return 202;
    }
    if (switches.cancelWaiting === "cancelled" && isWaiting(stored)) this.#stop(stored, at);
    return 200;
  }

  /** "Outcomes": a grader evaluates each iteration of the work while the session runs. */
  evaluate(stored: StoredSession, { result, explanation = "" }: Evaluation, at: number): void {
    const { outcome_evaluations: evaluations } = stored.fields;
    const asked = stored.events.filter(({ type }) => type === "user.define_outcome");
    // "Outcomes": one outcome is active at a time.
    const event = asked.find((one) => !isGraded(stored, one)) ?? asked.at(-1);
    const outcome_id = String(event?.["outcome_id"] ?? this.service.makeId("outc"));
    const last = evaluations.findLast((one) => one.outcome_id === outcome_id);
    // Iterations count from 0, as in the types that the clients inherit.
    const iteration = (last?.iteration ?? -1) + 1;
    const shared = { outcome_id, iteration };
    const start = this.tell(stored, "span.outcome_evaluation_start", shared, at);
    const told = { ...shared, result, explanation, outcome_evaluation_start_id: start.id };
    this.tell(stored, "span.outcome_evaluation_end", told, at);
    const evaluation: OutcomeEvaluation = {
      ...shared,
      type: "outcome_evaluation",
      description: String(event?.["description"] ?? ""),
      result,
      explanation,
      completed_at: FINAL_RESULTS.includes(result) ? microseconds(new Date(at)) : null,
    };
    stored.fields.outcome_evaluations = [...evaluations, evaluation];
  }

  spend(stored: StoredSession, { model = 0, sandbox = 0 }: Credits): void {
    const before = stored.credits ?? { model: 0, sandbox: 0 };
    stored.credits = { model: before.model + model, sandbox: before.sandbox + sandbox };
  }

  tell(stored: StoredSession, type: string, members: JsonObject, at: number): SessionEvent {
    // The events of a session have an order, so each is later than the one before it.
    const last = stored.events.at(-1)?.processed_at;
    const moment = new Date(last === undefined ? at : Math.max(at, Date.parse(last) + 1));
    const processed_at = microseconds(moment);
    const event = { ...members, id: this.service.makeId("evt"), type, processed_at };
    stored.events.push(event);
    const { latitude, switches } = this.service;
    if (switches.sessionUpdates === "never") return event;
    const off = latitude.microsecondsOff(`${stored.id} updated_at`, moment);
    stored.fields.updated_at = latest(stored.fields.updated_at, microseconds(moment, off));
    return event;
  }

  #speak(stored: StoredSession, message: string | null, { model = 0 }: Credits, at: number): void {
    if (message !== null) {
      this.tell(stored, "agent.message", { content: [{ type: "text", text: message }] }, at);
    } else if (model > 0) {
      // Only a request to a model costs credits of models.
      this.tell(stored, "agent.tool_use", { name: "Bash", input: {} }, at);
    }
  }

  #stop(stored: StoredSession, at: number): void {
    // A waiting session does not run again before its cancellation.
    stored.workingSince ??= at;
    const outcomes = this.#isOutcomeOpen(stored) ? [{ result: "interrupted" }] : [];
    this.end(stored, { ...CANCELLED, outcomes }, at);
  }

  #account(stored: StoredSession, { activeSeconds }: SessionEnding, at: number): void {
    const worked = at - (stored.workingSince ?? at);
    stored.activeMs += activeSeconds === undefined ? worked : activeSeconds * 1000;
    stored.workingSince = undefined;
    stored.endedAt = at;
  }

  #isOutcomeOpen(stored: StoredSession): boolean {
    return stored.events.some((event) => event.type === "user.define_outcome" && !isGraded(stored, event));
  }
}

function isGraded({ fields }: StoredSession, { outcome_id }: SessionEvent): boolean {
  return fields.outcome_evaluations.some((one) => one.outcome_id === outcome_id && one.completed_at !== null);
}

function isWaiting({ fields, events }: StoredSession): boolean {
  const reason: unknown = events.filter(({ type }) => type === "session.status_idle").at(-1)?.["stop_reason"];
  return fields.status === "idle" && (reason === "requires_action" || Object(reason).type === "requires_action");
}
