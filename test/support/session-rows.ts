import type { QoderApi, Switches } from "../qoder-api";
import type { SessionEnding } from "../qoder-api/session-life";
import type { JsonObject } from "../qoder-api/wire";

/** A possible outcome of a run, and the answers about it. */
export interface SessionRow {
  /** The switches, set before the run starts. */
  readonly switches?: Partial<Switches>;
  /** The initial events of the deployment; a message of a user if left out. */
  readonly initial_events?: readonly JsonObject[];
  /** Changes the session of the run. `token`: a token for the account of the run. */
  readonly happens: (api: QoderApi, session: string, token: string) => unknown;
  readonly state: string;
  readonly error?: { readonly type: string; readonly message: string };
  readonly credits: number | null;
  /** The sentence about a deployment that is unhealthy because of this outcome; absent if it is healthy. */
  readonly problem?: string;
  /** How many requests it takes to read the outcome; two if left out. */
  readonly requests?: number;
}

const outcome = { type: "user.define_outcome", description: "A report", rubric: { type: "text", content: "r" } };
const noReason = "the service gives no reason";
const ends = (ending: SessionEnding) => (api: QoderApi, session: string) => api.sessions.end(session, ending);
const cancel = ({ url }: QoderApi, session: string, token: string) =>
  fetch(`${url}/sessions/${session}/cancel`, { method: "POST", headers: { authorization: `Bearer ${token}` } });
const stops = (reason: string) => ends({ stop_reason: { type: reason } });
const billing = { type: "billing_error", message: "No credits are left." };

/** The rows of the table that derives the outcome of a run from its session, in their order. */
export const sessionRows: Readonly<Record<string, SessionRow>> = {
  "a session that was deleted": {
    happens: (api, session) => api.sessions.remove(session),
    state: "session not found",
    credits: null,
    requests: 1,
  },
  "a session that was archived after its work": {
    happens(api, session) {
      api.sessions.end(session);
      api.sessions.archive(session);
    },
    state: "session archived",
    credits: 1.3,
    requests: 1,
  },
  "a session that terminated for a reason": {
    happens: ends({ status: "terminated", error: billing }),
    state: "failed",
    error: billing,
    credits: 1.3,
    problem: "The last run failed: billing_error: No credits are left.",
  },
  "a session that terminated without a reason": {
    happens: ends({ status: "terminated" }),
    state: "failed",
    error: { type: "terminated", message: noReason },
    credits: 1.3,
    problem: `The last run failed: terminated: ${noReason}`,
  },
  "a session that runs": { happens: () => undefined, state: "running", credits: null, requests: 1 },
  "a session that the service tries again": {
    happens: (api, session) => api.sessions.reschedule(session),
    state: "running",
    credits: null,
    requests: 1,
  },
  "a session during its cancellation": {
    switches: { cancelTakesMs: 60_000, cancelingStatus: "canceling" },
    happens: cancel,
    state: "running",
    credits: null,
    requests: 1,
  },
  "a session during the evaluation of its outcome": {
    initial_events: [outcome],
    happens: (api, session) => api.sessions.evaluate(session, { result: "needs_revision" }),
    state: "running",
    credits: null,
    requests: 1,
  },
  "a session that has not started": {
    switches: { sessionsStart: "never" },
    happens: () => undefined,
    state: "not started yet",
    credits: null,
  },
  "a session with an error that the service does not retry": {
    happens: ends({ error: billing }),
    state: "failed",
    error: billing,
    credits: 1.3,
    problem: "The last run failed: billing_error: No credits are left.",
  },
  "a session with an error and the stop reason of a normal end": {
    happens: ends({ error: billing, stop_reason: { type: "end_turn" } }),
    state: "failed",
    error: billing,
    credits: 1.3,
    problem: "The last run failed: billing_error: No credits are left.",
  },
  "a session with an error that the service retried with success": {
    happens(api, session) {
      api.sessions.reschedule(session);
      api.sessions.resume(session);
      api.sessions.end(session);
    },
    state: "done",
    credits: 1.3,
  },
  "a session that a user restarted after an error": {
    happens(api, session) {
      api.sessions.end(session, { error: billing });
      api.sessions.resume(session);
      api.sessions.end(session);
    },
    state: "done",
    credits: 2.6,
  },
  "a session whose turn ended": { happens: ends({}), state: "done", credits: 1.3 },
  "a session whose turn ended at a stop sequence": {
    happens: ends({ stop_reason: "stop_sequence" }),
    state: "done",
    credits: 1.3,
  },
  "a session whose turn ended without a reason, with a message": {
    happens: ends({ stop_reason: null }),
    state: "done",
    credits: 1.3,
  },
  "a session whose turn ended without a reason, with no message": {
    happens: ends({ stop_reason: null, message: null }),
    state: "idle",
    credits: 1.3,
  },
  "a session whose outcome is satisfied": { initial_events: [outcome], happens: ends({}), state: "done", credits: 1.3 },
  "a session whose outcome is not satisfied": {
    initial_events: [outcome],
    happens: ends({ outcomes: [{ result: "needs_revision" }, { result: "max_iterations_reached" }] }),
    state: "not satisfied",
    credits: 1.3,
    problem: "The last run did not satisfy its outcome: max_iterations_reached",
  },
  "a session with an outcome that is satisfied after a revision, among gradings from the oldest to the newest": {
    switches: { outcomeEvaluations: "oldest-first" },
    initial_events: [outcome],
    happens: ends({ outcomes: [{ result: "needs_revision" }, { result: "satisfied" }] }),
    state: "done",
    credits: 1.3,
  },
  "a session with an outcome that is satisfied after a revision, among gradings from the newest to the oldest": {
    switches: { outcomeEvaluations: "newest-first" },
    initial_events: [outcome],
    happens: ends({ outcomes: [{ result: "needs_revision" }, { result: "satisfied" }] }),
    state: "done",
    credits: 1.3,
  },
  "a session with an outcome that is not satisfied, among gradings from the newest to the oldest": {
    switches: { outcomeEvaluations: "newest-first" },
    initial_events: [outcome],
    happens: ends({ outcomes: [{ result: "satisfied" }, { result: "failed" }] }),
    state: "not satisfied",
    credits: 1.3,
    problem: "The last run did not satisfy its outcome: failed",
  },
  "a session whose turn ended, with events from the oldest to the newest": {
    switches: { eventOrderQuery: "ignore" },
    happens: ends({}),
    state: "done",
    credits: 1.3,
  },
  "a session that a user restarted after an error, with events from the oldest to the newest": {
    switches: { eventOrderQuery: "ignore" },
    happens(api, session) {
      api.sessions.end(session, { error: billing });
      api.sessions.resume(session);
      api.sessions.end(session);
    },
    state: "done",
    credits: 2.6,
  },
  "a session that failed after a turn that ended, with events from the oldest to the newest": {
    switches: { eventOrderQuery: "ignore" },
    happens(api, session) {
      api.sessions.end(session);
      api.sessions.resume(session);
      api.sessions.end(session, { error: billing });
    },
    state: "failed",
    error: billing,
    credits: 2.6,
    problem: "The last run failed: billing_error: No credits are left.",
  },
  "a session that waits for a user": {
    happens: ends({ stop_reason: { type: "requires_action", event_ids: ["evt_1"] } }),
    state: "waiting for somebody",
    credits: 1.3,
    problem: "The last run waits until somebody answers in its session # or `npx pulumi-qoder cancel #` ends it",
  },
  "a session that a user cancelled": { happens: cancel, state: "cancelled", credits: 0 },
  "a session that stopped after all retries": {
    happens: stops("retries_exhausted"),
    state: "failed",
    error: { type: "retries_exhausted", message: noReason },
    credits: 1.3,
    problem: `The last run failed: retries_exhausted: ${noReason}`,
  },
  "a session that was stopped by its budget": {
    happens: stops("budget_reached"),
    state: "stopped by budget",
    credits: 1.3,
    problem: "The budget of the deployment stopped the last run",
  },
  "a session that stopped for an undocumented reason": {
    happens: stops("later_reason"),
    state: "later_reason",
    credits: 1.3,
  },
};
