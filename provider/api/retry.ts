import { type FailedCall, isServerFailure, QoderApiError, QoderConnectionError, QoderReplyError } from "./errors";

/** Whether a request that failed may be sent once more without a look at what happened to the first. */
export type Repeat =
  /** Reads, merge patches and status changes that are checked afterwards: twice has the effect of once. */
  | "safe"
  /** A create: only an answer that proves that the server did not act allows another try. */
  | "only-if-refused";

// "Rate limits": three tries at most. Refusals by the rate limit prove that nothing was done, and with many
// deployments in one `up` they are the ordinary case, so those get more.
const triesAfterFailure = 3;
const triesAfterRateLimit = 8;
const firstDelayMs = 500;
const longestDelayMs = 8_000;
const longestAskedDelayMs = 60_000;

export interface ReplyHeaders {
  readonly [name: string]: string | string[] | undefined;
}

/** The delay before the next try in milliseconds, or undefined when the error is final. */
export function retryDelay(
  error: FailedCall,
  headers: ReplyHeaders,
  repeat: Repeat,
  tries: number,
  now: Date,
  random: () => number,
): number | undefined {
  if (!mayRepeat(error, headers, repeat, tries)) {
    return undefined;
  }
  return askedDelay(headers, now) ?? backoff(tries, random);
}

function mayRepeat(error: FailedCall, headers: ReplyHeaders, repeat: Repeat, tries: number): boolean {
  if (!(error instanceof QoderApiError)) {
    if (error instanceof QoderReplyError && error.beginningOfTooLarge !== undefined) {
      // It would be as large again.
      return false;
    }
    const harmless = repeat === "safe" || (error instanceof QoderConnectionError && !error.sent);
    return harmless && tries < triesAfterFailure;
  }
  if (error.status === 429) {
    return header(headers, "x-should-retry") !== "false" && tries < triesAfterRateLimit;
  }
  if (tries >= triesAfterFailure || repeat !== "safe") {
    return false;
  }
  const advice = header(headers, "x-should-retry");
  if (advice !== undefined) {
    return advice === "true";
  }
  return isServerFailure(error);
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

function backoff(tries: number, random: () => number): number {
  const full = Math.min(firstDelayMs * 2 ** (tries - 1), longestDelayMs);
  return full * (1 - 0.25 * random());
}

export function header(headers: ReplyHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
