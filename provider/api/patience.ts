import { dayMs, hourMs, minuteMs } from "./clock";

/**
 * How long this package waits and how often it tries, in milliseconds where no other unit is named. A page in quotes is one of the API's
 * documentation; a row without a page is a choice of this package, for the reason that it gives.
 */
export const patience = {
  // A call of the engine, a look-up or a command.

  /** For a resource without `customTimeouts`, and for all that waits in its place; Pulumi's own time limit is longer. */
  callMs: 5 * minuteMs,
  /** For all questions of a preview or refresh about the objects that one resource names: a preview must stay quick. */
  questionMs: 30_000,
  /** For the look after a lost write whose default time limit has ended: it decides what the error says. */
  lookMs: 10_000,
  /** `--timeout` takes no more: a timer of Node.js ends after 24.8 days. */
  commandMs: 7 * dayMs,

  // A request.

  /** For a connection with TLS. It grows with the limit of the call, as `silenceMs` does. */
  connectMs: 10_000,
  /** For the headers, and then for each next piece of the body. */
  silenceMs: minuteMs,
  /** For one try of a command, also at a service that sends one byte at a time and is never silent. */
  commandTryMs: minuteMs,
  /** For one try of an exchange of tokens, as in Qoder's own client. */
  exchangeTryMs: 30_000,
  /** After an exchange, in which a failure or a refused token causes no other one, as in Qoder's own client. */
  betweenExchangesMs: 5_000,
  /** The slowest line on which an upload ends in time, in bytes a millisecond. */
  slowestBytesPerMs: 50,

  // Repeated requests. "Rate limits": at most three tries; with many calls at once, refusals are normal.

  /** Tries for failures that waiting does not repair: a connection that was never established, an unreadable reply. */
  briefTries: 3,
  /** Tries without a time limit. */
  triesWithoutLimit: 3,
  refusalsWithoutLimit: 8,
  /** The first wait, which doubles up to the longest one. */
  firstDelayMs: 500,
  longestDelayMs: 8_000,
  /** The longest wait that the service may ask for (`Retry-After`). */
  longestAskedDelayMs: minuteMs,
  /** The delays of the service that are followed exactly, however short they are. */
  delaysTakenAtWord: 3,

  // Rates. "Rate limits": the recommended ones; above them the gateway answers 429 or resets connections.

  readsPerSecond: 50,
  writesPerSecond: 20,
  /** Slightly more than the second of the limit, because requests do not travel equally fast. */
  rateWindowMs: 1_050,
  /** Between two pages of a list: the pause that the page recommends. */
  betweenPagesMs: 100,

  // Lists of unknown length that a search reads: what is older or later is not found.

  /** The runs in which the one of a session, or a failed one, is looked for. */
  runsOfSearch: 1_000,
  /** The skills whose names are asked for, each by a request: a longer list means that the service ignores the filter. */
  skillsOfSearch: 50,
  /** The events of a transcript, as many as the published clients read. */
  eventsOfTranscript: 2_000,

  // What the service may not show yet. "Errors": shortly after a write the API may still answer as before it.

  /** Similar services need up to half a minute. */
  eventuallyConsistentMs: minuteMs,
  /** Before another look at what may show late: a look at once would take a write that was done for one that was not. */
  lateMs: 2_000,
  /** An older object is not taken over by the create of an interrupted `up`: another stack may own it by now. */
  interruptionMs: hourMs,
  /**
   * The keys of a create ("Conventions: idempotency": the service remembers each for 24 hours): so often a declaration can be created and
   * destroyed in a day. A preview environment lives and ends with each push, so this is far above a working day of pushes.
   */
  generations: 50,

  // A refresh that reads many objects by lists.

  /** The first reads of a list send GETs, which give cursors: a stack with three objects of a kind asks for no page. */
  readsBeforeLists: 3,
  /** A page has to answer so many reads: others waited for it. */
  readsOfPage: 2,
  /** A read that waited for this many pages sends a GET. */
  pagesOfRead: 20,
  /** An older page is not used. */
  pageValidMs: 10_000,
  /** Reads that wait longer for the first GETs, or for a page, send GETs. */
  pageWaitMs: 2_000,

  // Windows: how far apart two times may be of which no page says that they are one.

  /** Many times of the service, and the header `Date`, have whole seconds. */
  timeResolutionMs: 1_000,
  /** The start of a run and of its session; in published replies they share a second. Outside of the window a log lacks the run. */
  sessionApartMs: minuteMs,
  /** The clock of the service and that of its scheduler. */
  schedulerAheadMs: 5_000,

  // Runs and sessions.

  /** `waitForResult` without `timeoutSeconds`. */
  resultMs: hourMs,
  /** For the read of a run that has ended, with all its tries. */
  lastReadMs: minuteMs,
  /** Between two looks at a session: short at first, for short sessions, and half as much again each time up to the longest one. */
  firstPauseMs: 2_000,
  longestPauseMs: 15_000,
  /** For a grading or an artifact that is missing at the end of a turn. */
  gradingMs: 30_000,
  /** "Cancel a session": the published test of the service reads the session every second. */
  betweenEndsMs: 1_000,
  /** After it, a command names a session that it has cancelled and whose turn has not ended. */
  endingMs: minuteMs,
  /** At most this part of the time of a command is for its last look. */
  closingMs: 10_000,
  /** For one look at the sessions that were cancelled. */
  sessionsMs: minuteMs,
  /** Nothing waits for the sessions that wait for somebody: the same command, run again, reads the rest. */
  thoroughMs: hourMs,
  /** A session that waits for a person longer than this counts as forgotten; it costs no credits. */
  forgottenMs: 7 * dayMs,
  /** No known run works longer than this before it waits. */
  longestWorkMs: 7 * dayMs,
  /** The session of a run that started before a pause appears within this time. */
  sessionSlipMs: 10 * minuteMs,
  /** A command that holds an active deployment pauses it within this time, unless it was killed. */
  holdingMs: 10 * minuteMs,
  /** How often the deployments are listed again, until a list shows no other active one. */
  lists: 3,

  // What a person who waits is told.

  /** The first word about a wait, and the next ones at growing intervals. */
  firstWordMs: 15_000,
  longestBetweenWordsMs: 5 * minuteMs,
  betweenProgressMs: 5_000,

  // The engine, whose end must end this process: a killed CLI does not.

  betweenProbesMs: 1_000,
  confirmationMs: 100,
  probeMs: 1_000,
} satisfies Readonly<Record<string, number>>;
