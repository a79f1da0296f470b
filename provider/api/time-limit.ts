import { longestTimerMs } from "./connection";
import type { Tell } from "./remark";

/** The time limit of a piece of work: of all its calls together, with retries and waits. */
export interface TimeLimit {
  readonly wholeMs: number;
  /** The end of the work, in milliseconds since the epoch. */
  readonly deadline: number;
  /** The milliseconds that one try of a request may take, including its whole answer. Left out: the limit of the work. */
  readonly requestMs?: number | undefined;
  /** Whether a failed request gets only a few tries, because a person waits. Left out: tries until the end of the work. */
  readonly hasFewTries?: boolean | undefined;
  /** Whether the limit is a default, which the provider may extend. */
  readonly mayTakeMore?: boolean | undefined;
  readonly tell?: Tell | undefined;
  /** The texts that messages must not repeat; the tokens of the work are added. */
  readonly secrets?: Set<string> | undefined;
}

export const unlimited: TimeLimit = { wholeMs: Number.POSITIVE_INFINITY, deadline: Number.POSITIVE_INFINITY };

// No signal for a limit of a month or more.
export function abortAfter(left: number): AbortSignal | null {
  return left > longestTimerMs ? null : AbortSignal.timeout(Math.max(Math.ceil(left), 1));
}

/**
 * Rejects as soon as the signal is aborted. undici reads the signal only after a connection is established (undici issue
 * 386); it then does not send the aborted request.
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
    // Node.js keeps a signal with a listener until its time is over, and with it the request and the answer.
    signal.removeEventListener("abort", giveUp);
  }
}
