/** The behaviour that the pages of sessions and events leave open, and the times at which sessions start and end. */
export interface SessionSwitches {
  /** How long a new session is idle before it runs. "Sessions" says that it is idle at first, and not how long. */
  sessionsStart: "never" | number;
  /** When a running session ends: only on a call of the console, at once, or after this many milliseconds of the service's clock. */
  sessionsEnd: "never" | "at-once" | number;
  /** How long a session still runs after "Cancel a session". The published test of the service waits for its end. */
  cancelTakesMs: number;
  /** The status during a cancellation. One page lists `canceling` as a status, another uses it only in the answer. */
  cancelingStatus: "running" | "canceling";
  /** The effect of "Cancel a session" on a session that waits for a user. The page says only that an idle session stays idle. */
  cancelWaiting: "no-op" | "cancelled";
  /** The answer to the cancellation of a terminated session. No page says. */
  cancelTerminated: 200 | 409;
  /** The answer to archiving or deleting a session that runs. No page says. */
  removeRunningSession: 200 | 409;
  /** The answer to archiving an archived session. No page says. */
  archiveSessionTwice: 409 | 200;
  /** Whether a session shows the parts of its credits, which only the newest client's types have. */
  usageParts: "shown" | "omitted";
  /** How long after the work the credits of the sandbox appear: "Pricing" settles them every hour. */
  sandboxCreditsLateMs: number;
  /** Whether "List sessions" takes several statuses in one parameter, with commas. The clients send `statuses[]`. */
  commaSeparatedStatuses: "honour" | "reject";
  /** Whether "List session events" filters by `types[]`, which the clients send and no page names. */
  eventTypes: "honour" | "ignore" | "reject";
  /** The order of "List session events" if the query gives none. */
  eventOrder: "asc" | "desc";
}

export function defaultSessionSwitches(): SessionSwitches {
  return {
    sessionsStart: 0,
    sessionsEnd: "never",
    cancelTakesMs: 0,
    cancelingStatus: "running",
    cancelWaiting: "no-op",
    cancelTerminated: 200,
    removeRunningSession: 200,
    archiveSessionTwice: 409,
    usageParts: "omitted",
    sandboxCreditsLateMs: 0,
    commaSeparatedStatuses: "honour",
    eventTypes: "honour",
    eventOrder: "asc",
  };
}
