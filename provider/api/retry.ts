import { waitText } from "./clock";
import {
  afterOpenTry,
  type FailedCall,
  isServerFailure,
  mayHaveActed,
  QoderApiError,
  QoderConnectionError,
  QoderReplyError,
} from "./errors";
import { patience } from "./patience";

/** When a failed request may be repeated, before the provider has read what the first try did. */
export type Repeat =
  /** Reads, merge patches, and status changes that are checked afterwards: two requests have the effect of one. */
  | "safe"
  /** A create, or an update with a secret: only an answer that proves that the server did not act allows another try. */
  | "only-if-refused"
  /** What costs something each time. */
  | "never";

/** How often a request is repeated after a failure of this kind. */
export type Repetition =
  /** Never: the failure is final. */
  | "none"
  /** Waiting is not likely to help, or nobody knows. */
  | "brief"
  /** The service pushes back: as long as the time limit of the operation allows. */
  | "long";

export interface ReplyHeaders {
  readonly [name: string]: string | string[] | undefined;
}

export function repetitionAfter(error: FailedCall, headers: ReplyHeaders, repeat: Repeat): Repetition {
  if (repeat === "never") {
    return "none";
  }
  if (error instanceof QoderApiError) {
    return afterAnswer(error, header(headers, "x-should-retry"), repeat);
  }
  if (error instanceof QoderConnectionError && !error.sent) {
    return "brief";
  }
  // A repeated request would give the same oversized reply.
  if (repeat !== "safe" || (error instanceof QoderReplyError && error.isTooLarge)) {
    return "none";
  }
  return error instanceof QoderConnectionError ? "long" : "brief";
}

function afterAnswer(error: QoderApiError, advice: string | undefined, repeat: Repeat): Repetition {
  if (error.status === 429) {
    // A refusal by the rate limit proves that the service did nothing.
    return advice === "false" ? "none" : "long";
  }
  if (repeat !== "safe") {
    return "none";
  }
  if (advice === "false" || !(isServerFailure(error) || advice === "true")) {
    return "none";
  }
  return isServerFailure(error) ? "long" : "brief";
}

/** The milliseconds to wait after this number of failed tries. */
export function retryDelay(headers: ReplyHeaders, tries: number, now: Date, random: () => number): number {
  const asked = askedDelay(headers, now);
  if (asked === undefined) {
    return waitAfter(tries, random);
  }
  // If the service repeatedly asks for no delay, the waits grow nevertheless, to protect it.
  return tries <= patience.delaysTakenAtWord
    ? asked
    : Math.max(asked, waitAfter(tries - patience.delaysTakenAtWord, random));
}

function askedDelay(headers: ReplyHeaders, now: Date): number | undefined {
  const milliseconds = Number.parseFloat(header(headers, "retry-after-ms") ?? "");
  if (Number.isFinite(milliseconds)) {
    return bounded(milliseconds);
  }
  const after = header(headers, "retry-after");
  if (after === undefined || after.trim() === "") {
    return undefined;
  }
  const seconds = Number(after);
  // A time is one of the service's clock, which the header `Date` shows.
  const sentAt = Date.parse(header(headers, "date") ?? "");
  const delay = Number.isFinite(seconds)
    ? seconds * 1_000
    : Date.parse(after) - (Number.isNaN(sentAt) ? now.getTime() : sentAt);
  return Number.isFinite(delay) ? bounded(delay) : undefined;
}

function bounded(delay: number): number {
  return Math.min(Math.max(delay, 0), patience.longestAskedDelayMs);
}

/** The wait after this number of failed tries: it doubles each time, minus a random part of up to a quarter. */
export function waitAfter(tries: number, random: () => number = () => 0): number {
  const full = Math.min(patience.firstDelayMs * 2 ** (tries - 1), patience.longestDelayMs);
  return full * (1 - 0.25 * random());
}

/** A service whose answers are unreadable does not recover by waiting. */
export function isLastUnreadable(error: unknown, tries: number): boolean {
  return error instanceof QoderReplyError && tries >= patience.briefTries;
}

export function header(headers: ReplyHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

export class Tries {
  #count = 0;
  #brieflyInARow = 0;
  #mayHaveArrived = false;
  #last: FailedCall | undefined;

  constructor(
    private readonly repeat: Repeat,
    private readonly isLimited: boolean,
    private readonly begun: number,
  ) {}

  get count(): number {
    return this.#count;
  }

  tookMs(now: number): number {
    return now - this.begun;
  }

  /** Records a failure. Returns whether the request may be repeated. */
  failed(error: FailedCall, headers: ReplyHeaders): boolean {
    const kind = repetitionAfter(error, headers, this.repeat);
    this.#count += 1;
    this.#brieflyInARow = kind === "brief" ? this.#brieflyInARow + 1 : 0;
    this.#last = this.#mayHaveArrived ? afterOpenTry(error) : error;
    this.#mayHaveArrived ||= mayHaveActed(error);
    return (
      kind !== "none" &&
      this.#brieflyInARow < patience.briefTries &&
      (this.isLimited || this.#count < mostOf(kind, error))
    );
  }

  /** The last failure, with the number of tries and their duration. */
  failure(now: number): FailedCall | undefined {
    if (this.#last !== undefined && this.#count > 1) {
      this.#last.message += ` (${this.attempts} in ${waitText(this.tookMs(now))})`;
    }
    return this.#last;
  }

  get attempts(): string {
    return this.#count === 1 ? "tried once" : `tried ${this.#count} times`;
  }
}

function mostOf(kind: Repetition, error: FailedCall): number {
  const isRefusal = kind === "long" && error instanceof QoderApiError && error.status === 429;
  return isRefusal ? patience.refusalsWithoutLimit : patience.triesWithoutLimit;
}
