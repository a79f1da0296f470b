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

/** Whether a request that failed may be sent once more without a look at what happened to the first. */
export type Repeat =
  /** Reads, merge patches and status changes that are checked afterwards: twice has the effect of once. */
  | "safe"
  /** A create: only an answer that proves that the server did not act allows another try. */
  | "only-if-refused"
  /** What costs something each time. */
  | "never";

/** How long a request goes on when it fails like this. */
export type Patience =
  /** The failure is final. */
  | "none"
  /** Waiting is not likely to help, or nobody knows. */
  | "brief"
  /** The service pushes back: as long as the time limit of the operation allows. */
  | "long";

/** What fails in a way that waiting does not mend: a connection that never stood, a reply that nobody can read. */
const briefly = 3;
/** Where no time limit ends the tries ("Rate limits": three at most; many calls at once make refusals an ordinary case). */
const mostWithoutLimit = 3;
const mostRefusalsWithoutLimit = 8;

const firstDelayMs = 500;
const longestDelayMs = 8_000;
const longestAskedDelayMs = 60_000;
/** So many delays that the service asks for are taken at its word, however short. */
const delaysTakenAtWord = 3;

export interface ReplyHeaders {
  readonly [name: string]: string | string[] | undefined;
}

export function patience(error: FailedCall, headers: ReplyHeaders, repeat: Repeat): Patience {
  if (repeat === "never") {
    return "none";
  }
  if (error instanceof QoderApiError) {
    return patienceAfterAnswer(error, header(headers, "x-should-retry"), repeat);
  }
  if (error instanceof QoderConnectionError && !error.sent) {
    return "brief";
  }
  // A reply that is too large would be as large again.
  if (repeat !== "safe" || (error instanceof QoderReplyError && error.beginningOfTooLarge !== undefined)) {
    return "none";
  }
  return error instanceof QoderConnectionError ? "long" : "brief";
}

function patienceAfterAnswer(error: QoderApiError, advice: string | undefined, repeat: Repeat): Patience {
  if (error.status === 429) {
    // Refusals by the rate limit prove that nothing was done.
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

/** Before the next try, in milliseconds, after so many that failed. */
export function retryDelay(headers: ReplyHeaders, tries: number, now: Date, random: () => number): number {
  const asked = askedDelay(headers, now);
  if (asked === undefined) {
    return waitAfter(tries, random);
  }
  // A service that asks for no delay again and again must not be overrun.
  return tries <= delaysTakenAtWord ? asked : Math.max(asked, waitAfter(tries - delaysTakenAtWord, random));
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
  const delay = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(after) - now.getTime();
  return Number.isFinite(delay) ? bounded(delay) : undefined;
}

function bounded(delay: number): number {
  return Math.min(Math.max(delay, 0), longestAskedDelayMs);
}

/** After so many tries that failed: twice as long each time, less up to a quarter of it, by chance. */
export function waitAfter(tries: number, random: () => number = () => 0): number {
  const full = Math.min(firstDelayMs * 2 ** (tries - 1), longestDelayMs);
  return full * (1 - 0.25 * random());
}

export function header(headers: ReplyHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/** The tries of one request. */
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

  /** Whether the request may be sent once more. */
  failed(error: FailedCall, headers: ReplyHeaders): boolean {
    const kind = patience(error, headers, this.repeat);
    this.#count += 1;
    this.#brieflyInARow = kind === "brief" ? this.#brieflyInARow + 1 : 0;
    this.#last = this.#mayHaveArrived ? afterOpenTry(error) : error;
    this.#mayHaveArrived ||= mayHaveActed(error);
    return kind !== "none" && this.#brieflyInARow < briefly && (this.isLimited || this.#count < mostOf(kind, error));
  }

  /** What the last try was rejected with, and how much was tried. */
  failure(now: number): FailedCall | undefined {
    if (this.#last !== undefined && this.#count > 1) {
      this.#last.message += ` (${this.told} in ${waitText(this.tookMs(now))})`;
    }
    return this.#last;
  }

  get told(): string {
    return this.#count === 1 ? "tried once" : `tried ${this.#count} times`;
  }
}

function mostOf(kind: Patience, error: FailedCall): number {
  const isRefusal = kind === "long" && error instanceof QoderApiError && error.status === 429;
  return isRefusal ? mostRefusalsWithoutLimit : mostWithoutLimit;
}
