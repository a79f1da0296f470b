import { longestTimerMs } from "./connection";
import type { Tell } from "./remark";

/** Of a piece of work: all its calls together, with their retries and waits. */
export interface TimeLimit {
  readonly wholeMs: number;
  /** When it ends, in milliseconds since the epoch. */
  readonly deadline: number;
  /** How long one try of a request may take with its whole answer. Left out: as long as the work. */
  readonly requestMs?: number | undefined;
  /** A person waits: a request that fails is tried as rarely as one without a limit. Left out: as long as the work allows. */
  readonly hasFewTries?: boolean | undefined;
  /** Nobody chose the time of the work. */
  readonly mayTakeMore?: boolean | undefined;
  readonly tell?: Tell | undefined;
  /** What is not to be repeated of what the service says; the tokens that the work is sent with come to it. */
  readonly secrets?: Set<string> | undefined;
}

export const unlimited: TimeLimit = { wholeMs: Number.POSITIVE_INFINITY, deadline: Number.POSITIVE_INFINITY };

// A call that may take a month needs none.
export function abortAfter(left: number): AbortSignal | null {
  return left > longestTimerMs ? null : AbortSignal.timeout(Math.max(Math.ceil(left), 1));
}

/**
 * undici looks at the signal only once there is a connection to send on (undici issue 386); then it does not send what
 * was given up here.
 */
export async function unlessAborted<Result>(signal: AbortSignal | null, work: Promise<Result>): Promise<Result> {
  if (signal === null) {
    return work;
  }
  let giveUp = () => {};
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason);
    signal.addEventListener("abort", giveUp, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    // Node keeps a signal that somebody listens to until its time is over, and with it the answer and all that was sent.
    signal.removeEventListener("abort", giveUp);
  }
}
