import type { QoderClient } from "../../api/client";
import { durationText } from "../../api/clock";
import { QoderError } from "../../api/errors";
import { patience } from "../../api/patience";
import { ageAt } from "./age";

/**
 * Asks until there is an answer, or for as long as the service may hide what it made at this time, or a moment ago if the time is
 * unknown. Throws `unseen` if the time limit ends before.
 */
export async function untilVisible<Result>(
  client: QoderClient,
  unseen: unknown,
  ask: () => Promise<Result | undefined>,
  createdAt?: number,
): Promise<Result | undefined> {
  const start = client.now();
  for (let waitMs = patience.lateMs; ; waitMs *= 2) {
    const found = await ask();
    const age = Math.max(client.now() - start, ageAt(createdAt, client.serviceNow()) ?? 0);
    if (found !== undefined || age >= patience.eventuallyConsistentMs) {
      return found;
    }
    if (!(await client.pause(waitMs))) {
      throw unseen;
    }
  }
}

export function notVisibleYet(id: string): QoderError {
  const age = durationText(patience.eventuallyConsistentMs);
  return new QoderError(
    `the service does not show ${id}, which is less than ${age} old and may not be visible yet.\nRun the same command again in a minute`,
  );
}
