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

export const outcome = { type: "user.define_outcome", description: "A report", rubric: { type: "text", content: "r" } };
const noReason = "the service gives no reason";
const ends = (ending: SessionEnding) => (api: QoderApi, session: string) => api.sessions.end(session, ending);
const cancel = ({ url }: QoderApi, session: string, token: string) =>
  fetch(`${url}/sessions/${session}/cancel`, { method: "POST", headers: { authorization: `Bearer ${token}` } });
const stops = (reason: string) => ends({ stop_reason: { type: reason } });
const billing = { type: "billing_error", message: "No credits are left." };
type Happens = SessionRow["happens"];

const done = (happens: Happens, more: Partial<SessionRow> = {}): SessionRow => ({
  happens,
  state: "done",
  credits: 1.3,
  ...more,
});
const running = (happens: Happens, more: Partial<SessionRow> = {}): SessionRow => ({
  happens,
  state: "running",
  credits: null,
  requests: 1,
  ...more,
});
const failed = (error: { type: string; message: string }, happens: Happens, credits = 1.3): SessionRow => ({
  ...{ happens, state: "failed", error, credits },
  problem: `The last run failed: ${error.type}: ${error.message}`,
});
const restarted: Happens = (api, session) => {
  api.sessions.end(session, { error: billing });
  api.sessions.resume(session);
  api.sessions.end(session);
};
const oldestFirst = { eventOrderQuery: "ignore" } as const;

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
    state: "done",
    credits: 1.3,
    requests: 2,
  },
  "a session that was archived while it waited": {
    happens(api, session) {
      api.sessions.end(session, { stop_reason: { type: "requires_action", event_ids: ["evt_1"] } });
      api.sessions.archive(session);
    },
    state: "session archived",
    credits: 1.3,
    requests: 2,
  },
  "a session that terminated for a reason": failed(billing, ends({ status: "terminated", error: billing })),
  "a session that terminated without a reason": failed(
    { type: "terminated", message: noReason },
    ends({ status: "terminated" }),
  ),
  "a session that runs": running(() => undefined),
  "a session that the service tries again": running((api, session) => api.sessions.reschedule(session)),
  "a session during its cancellation": running(cancel, {
    switches: { cancelTakesMs: 60_000, cancelingStatus: "canceling" },
  }),
  "a session during the evaluation of its outcome": running(
    (api, session) => api.sessions.evaluate(session, { result: "needs_revision" }),
    { initial_events: [outcome] },
  ),
  "a session that has not started": {
    switches: { sessionsStart: "never" },
    happens: () => undefined,
    state: "not started yet",
    credits: null,
  },
  "a session with an error that the service does not retry": failed(billing, ends({ error: billing })),
  "a session with an error and the stop reason of a normal end": failed(
    billing,
    ends({ error: billing, stop_reason: { type: "end_turn" } }),
  ),
  "a session with an error that the service retried with success": done((api, session) => {
    api.sessions.reschedule(session);
    api.sessions.resume(session);
    api.sessions.end(session);
  }),
  "a session that a user restarted after an error": done(restarted, { credits: 2.6 }),
  "a session whose turn ended": done(ends({})),
  "a session whose turn ended at a stop sequence": done(ends({ stop_reason: "stop_sequence" })),
  "a session whose turn ended without a reason, with a message": done(ends({ stop_reason: null })),
  "a session whose turn ended without a reason, with no message": {
    happens: ends({ stop_reason: null, message: null }),
    state: "idle",
    credits: 1.3,
  },
  "a session whose outcome is satisfied": done(ends({}), { initial_events: [outcome] }),
  "a session whose outcome is not satisfied": {
    initial_events: [outcome],
    happens: ends({ outcomes: [{ result: "needs_revision" }, { result: "max_iterations_reached" }] }),
    state: "not satisfied",
    credits: 1.3,
    problem: "The last run did not satisfy its outcome: max_iterations_reached",
  },
  "a session with an outcome that is satisfied after a revision, among gradings from the oldest to the newest": done(
    ends({ outcomes: [{ result: "needs_revision" }, { result: "satisfied" }] }),
    { switches: { outcomeEvaluations: "oldest-first" }, initial_events: [outcome] },
  ),
  "a session with an outcome that is satisfied after a revision, among gradings from the newest to the oldest": done(
    ends({ outcomes: [{ result: "needs_revision" }, { result: "satisfied" }] }),
    { switches: { outcomeEvaluations: "newest-first" }, initial_events: [outcome] },
  ),
  "a session with an outcome that is not satisfied, among gradings from the newest to the oldest": {
    switches: { outcomeEvaluations: "newest-first" },
    initial_events: [outcome],
    happens: ends({ outcomes: [{ result: "satisfied" }, { result: "failed" }] }),
    state: "not satisfied",
    credits: 1.3,
    problem: "The last run did not satisfy its outcome: failed",
  },
  "a session whose turn ended, with events from the oldest to the newest": done(ends({}), { switches: oldestFirst }),
  "a session that a user restarted after an error, with events from the oldest to the newest": done(restarted, {
    switches: oldestFirst,
    credits: 2.6,
  }),
  "a session that failed after a turn that ended, with events from the oldest to the newest": {
    switches: oldestFirst,
    ...failed(
      billing,
      (api, session) => {
        api.sessions.end(session);
        api.sessions.resume(session);
        api.sessions.end(session, { error: billing });
      },
      2.6,
    ),
  },
  "a session that waits for a user": {
    happens: ends({ stop_reason: { type: "requires_action", event_ids: ["evt_1"] } }),
    state: "waiting for somebody",
    credits: 1.3,
    problem: "The last run waits until somebody answers in its session # or `npx pulumi-qoder cancel #` ends it",
  },
  "a session that a user cancelled": { happens: cancel, state: "cancelled", credits: 0 },
  "a session that stopped after all retries": failed(
    { type: "retries_exhausted", message: noReason },
    stops("retries_exhausted"),
  ),
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
