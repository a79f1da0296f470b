import type { QoderClient } from "../../api/client";
import { waitText } from "../../api/clock";
import { isNotFound, mayHaveActed, QoderApiError, type QoderError, reasonOf } from "../../api/errors";
import { patience } from "../../api/patience";
import { isLastUnreadable, waitAfter } from "../../api/retry";

// What is retried, and for how long at most: the numbers are rows of `api/patience.ts`.
//
// 1. One call of the engine has one time limit for everything below: `callMs`, or `customTimeouts`. The questions of a preview
//    have `questionMs`. No wait begins that would end after the limit.
// 2. A request (`api/retry.ts`): a 429 is waited out until the limit. If a repetition has no second effect (`Repeat`: reads, merge
//    patches, changes of status, ends), the same holds for a lost answer and a 5xx; an unreadable reply is asked for three times.
// 3. A write whose answer does not say what it did (this file): a look at the service decides. A refused write is sent once more, a
//    lost one until the limit, one with unreadable replies three times. The look has `lookMs` even after a default limit.
// 4. What the service may not show yet (`not-visible-yet.ts`) is asked for until it is as old as `eventuallyConsistentMs`.

/** How a write is settled that has no usable answer. */
export interface Settlement<Done, Shown> {
  /** Reads what the service shows after the failure. `client`: with the time that a look has. */
  look(client: QoderClient, failed: QoderError): Promise<Shown>;
  /** True if this shows that the write is done, by whatever request. */
  isDone(shown: Shown): shown is Shown & Done;
  /** True if another try is safe and may help: two of them must not have two effects. */
  mayRepeat(shown: Shown, failed: QoderError): boolean;
  /** The end of "It is unknown whether": for a look that fails. */
  readonly whether: string;
}

export interface Settled<Done> {
  readonly done: Done;
  /** False if the service refused the write because it was done already. */
  readonly isOwn: boolean;
}

/**
 * Sends a write, and finds out what it did if its answer does not say that. Throws the error of the write unless the write is done: the
 * caller never needs to look again.
 */
export async function settle<Done, Shown>(
  client: QoderClient,
  write: () => Promise<Done>,
  settlement: Settlement<Done, Shown>,
): Promise<Settled<Done>> {
  const start = client.now();
  let isOwn = false;
  for (let tries = 1; ; tries += 1) {
    try {
      return { done: await write(), isOwn: true };
    } catch (failed) {
      assureUnsettled(failed);
      isOwn ||= mayHaveActed(failed);
      const shown = await looked(client, failed, settlement);
      if (settlement.isDone(shown)) {
        return { done: shown, isOwn };
      }
      const mayTryAgain = settlement.mayRepeat(shown, failed) && !isLast(failed, tries);
      if (!mayTryAgain || !(await client.pause(waitAfter(tries)))) {
        throw withTries(failed, tries, client.now() - start);
      }
    }
  }
}

async function looked<Done, Shown>(
  client: QoderClient,
  failed: QoderError,
  { look, whether }: Settlement<Done, Shown>,
): Promise<Shown> {
  const late = client.atLeast(patience.lookMs);
  if (!(await late.pause(mayHaveActed(failed) ? patience.lateMs : 0))) {
    throw failed;
  }
  return look(late, failed).catch((error: unknown) => {
    throw error !== failed && mayHaveActed(failed) ? withUnknown(failed, whether, error) : error;
  });
}

/** A refusal that a look contradicts is tried once more, a lost answer for as long as the time limit allows. */
function isLast(failed: QoderError, tries: number): boolean {
  return isLastUnreadable(failed, tries) || (tries > 1 && !mayHaveActed(failed));
}

/**
 * Throws unless the service may have done the write, now or before: no answer says so, or it refuses what is done already. "Archive a
 * deployment" answers 409 then, "Errors" names 403, and a deleted object is not found.
 */
function assureUnsettled(failed: unknown): asserts failed is QoderError {
  const isRefused = isNotFound(failed) || (failed instanceof QoderApiError && [403, 409].includes(failed.status));
  if (!isRefused && !mayHaveActed(failed)) {
    throw failed;
  }
}

function withUnknown(failed: QoderError, whether: string, error: unknown): QoderError {
  failed.message += `. It is unknown whether ${whether}: ${reasonOf(error)}`;
  return failed;
}

function withTries(failed: QoderError, tries: number, tookMs: number): QoderError {
  failed.message += tries === 1 ? "" : ` (tried ${tries} times in ${waitText(tookMs)})`;
  return failed;
}
