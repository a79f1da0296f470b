/** The points that the pages of sessions and of their events leave open, and how sessions go on by themselves. */
export interface SessionSwitches {
  /** How long a new session is idle before it runs. "Sessions": it is idle at first; how long is not said. */
  sessionsStart: "never" | number;
  /** When a session that runs has done its work, by the clock of the service: once told so, at once, or after milliseconds. */
  sessionsEnd: "never" | "at-once" | number;
  /** How long a session goes on after "Cancel a session". The published test of the service waits for it. */
  cancelTakesMs: number;
  /** What a session shows meanwhile: one page calls `canceling` a status in between, another the word of the answer alone. */
  cancelingStatus: "running" | "canceling";
  /** "Cancel a session": an idle one stays as it is. Whether that holds for one that waits for somebody is not said. */
  cancelWaiting: "no-op" | "cancelled";
  /** The answer to canceling a session that has terminated. No page says. */
  cancelTerminated: 200 | 409;
  /** The answer to archiving or deleting a session that runs. No page says. */
  removeRunningSession: 200 | 409;
  /** The answer to archiving an archived session. No page says. */
  archiveSessionTwice: 409 | 200;
  /** Whether a session shows the parts of its credits, which only the newest client's types have. */
  usageParts: "shown" | "omitted";
  /** How long after the work its sandbox counts: "Pricing" settles that by the hour. */
  sandboxCreditsLateMs: number;
  /** Whether "List sessions" takes several statuses in one parameter, with commas. The clients send `statuses[]`. */
  commaSeparatedStatuses: "honour" | "reject";
  /** Whether "List session events" is narrowed by `types[]`, which the clients send and no page has. */
  eventTypes: "honour" | "ignore" | "reject";
  /** How "List session events" orders them when the query does not say. */
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
