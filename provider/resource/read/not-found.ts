import type { QoderClient } from "../../api/client";
import { patience } from "../../api/patience";
import type { PriorState } from "../kind/kind";
import { type BaseReply, creationTime } from "../kind/outputs";
import type { Properties } from "../kind/program-values";
import { assureRightAccount } from "./account-proof";
import { ageAt, distinctAgeMs } from "./age";
import { notVisibleYet } from "./not-visible-yet";
import type { Objects } from "./objects";

/**
 * The live object, or undefined if it is gone. After `endsAt` one 404 of the service proves that. Before, it takes a second 404
 * when the object is old enough to be visible, and a token of the right account (see `AccountProofs`): at most three GETs. Without the
 * proof this function throws, and the state keeps the object. `look` is the first GET.
 */
export async function findUnlessGone(
  objects: Objects,
  id: string,
  { arguments: recorded, outputs }: PriorState,
  look: () => Promise<BaseReply | undefined> = () => objects.find(id),
): Promise<BaseReply | undefined> {
  const found = await look();
  if (found !== undefined) {
    return found;
  }
  // "Upload a file": the service deletes a file at `expires_at`. A clock that is ahead of the service's is no proof, so its own counts.
  if (
    Date.parse(objects.kind.removal?.endsAt?.(outputs) ?? "") <=
    (objects.client.serviceNow() ?? Number.NEGATIVE_INFINITY)
  ) {
    return undefined;
  }
  objects.recorded?.missed();
  const age = recordedAge(objects.client, outputs);
  // Meanwhile the command sees other objects, which saves the third GET.
  const isOldEnough =
    (await objects.client.pause(Math.max(patience.lateMs, patience.eventuallyConsistentMs - age))) ||
    age >= patience.eventuallyConsistentMs;
  if (!isOldEnough) {
    throw notVisibleYet(id);
  }
  const again = await objects.find(id);
  if (again === undefined) {
    await assureRightAccount(objects, id, recorded);
  }
  return again;
}

/** An object whose age nobody knows was not made a moment ago: each create records it. */
function recordedAge(client: QoderClient, { createdAt }: Properties): number {
  return ageAt(creationTime(createdAt), client.serviceNow()) ?? patience.eventuallyConsistentMs;
}

/** Waits until times of the service distinguish what follows from what happened at this time. */
export async function outlast(client: QoderClient, time: unknown): Promise<void> {
  const age = ageAt(creationTime(time), client.serviceNow() ?? client.now());
  if (age !== undefined && age < distinctAgeMs) {
    await client.pause(distinctAgeMs - age);
  }
}
