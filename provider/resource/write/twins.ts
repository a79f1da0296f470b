import { durationText } from "../../api/clock";
import { type QoderError, reasonOf } from "../../api/errors";
import { warning } from "../../api/remark";
import type { JsonObject, Listed } from "../../api/schema";
import { ageAt, creationTime, isAsYoungAs, longestInterruptionMs } from "../age";
import { liveAsRecorded } from "../arguments";
import type { CommandLists } from "../command-lists";
import { askUntilSettled } from "../gone";
import { comparedIdentity, type ResourceKind } from "../kind";
import type { Objects } from "../objects";
import { type BaseReply, shownOutputs } from "../outputs";
import type { Ownership } from "../ownership";
import type { Properties } from "../program-values";
import { changesBetween } from "./plan";

interface Sought {
  readonly body: JsonObject;
  readonly wanted: Properties;
  readonly ownership: Ownership;
}

/** A live object that the lost create may have made. */
export interface Candidate {
  readonly object: Listed;
  /** True if the service's clock shows that it is not older than the create. */
  readonly isNew: boolean;
  /** True if it is new, and the service shows that it has the content of the create. */
  readonly isProved: boolean;
}

/** Whether the object was created after this time of this machine's clock; undefined if no time of the service shows that. */
export function isNewSince({ client }: Objects, object: Listed, start: number): boolean | undefined {
  const age = ageAt(creationTime(object.created_at), client.serviceNow());
  return age === undefined ? undefined : isAsYoungAs(age, client.now() - start);
}

/**
 * The objects that the lost create may have made, for a kind whose names are not unique: they have this name, may have this content and
 * may be new, and no resource of the stack manages them. Empty if none appears for as long as a service may hide a new object.
 */
export async function findNew(
  objects: Objects,
  sought: Sought,
  lost: QoderError,
  start: number,
): Promise<readonly Candidate[]> {
  const found = await askUntilSettled(objects.client, lost, async () => {
    const now = await newOnes(objects, sought, start);
    return now.length === 0 ? undefined : now;
  });
  return found ?? [];
}

async function newOnes(objects: Objects, { body, wanted, ownership }: Sought, start: number): Promise<Candidate[]> {
  const { client, kind } = objects;
  const identity = comparedIdentity(kind, body);
  const found: Candidate[] = [];
  for await (const entry of client.live(objects.list)) {
    const listed = objects.withHolder(entry);
    const isNew = isNewSince(objects, listed, start);
    if (isNew !== false && comparedIdentity(kind, listed) === identity && ownership.mayTake(listed.id)) {
      const reply = objects.readable(entry);
      const isHeld = reply === undefined ? undefined : await kind.upload?.holds(objects, reply, wanted);
      if (isHeld !== false) {
        found.push({ object: listed, isNew: isNew === true, isProved: isNew === true && isHeld === true });
      }
    }
  }
  return found;
}

/**
 * Warns before a create of a kind for which no page of the API documents an idempotency key: an `up` whose answer was lost may have made
 * the object already. No fact proves who made a live object with the same content, so the person who runs the command decides. Returns
 * the error for which the objects cannot be seen.
 */
export async function warnOfTwins(
  objects: Objects,
  wanted: Properties,
  ownership: Ownership,
  lists: CommandLists,
): Promise<unknown> {
  const { client, kind } = objects;
  try {
    for (const entry of await lists.recent(client, objects.list, longestInterruptionMs)) {
      const listed = objects.withHolder(entry);
      const reply = objects.readable(entry);
      const ageMs = ageAt(creationTime(listed.created_at), client.serviceNow());
      // Filters again: a service may ignore the filter of the list.
      const isRecent = ageMs === undefined || ageMs <= longestInterruptionMs;
      const isCandidate = reply !== undefined && isRecent && ownership.mayTake(listed.id);
      if (
        isCandidate &&
        hasContent(kind, reply, wanted) &&
        (await kind.upload?.holds(objects, reply, wanted)) !== false
      ) {
        const verb = kind.deletes?.(wanted) === true ? "delete" : "archive";
        const age = ageMs === undefined ? "lately" : `${durationText(ageMs)} ago`;
        await client.remark(
          warning(
            `${listed.id} has the same name and content, was created ${age}, and no resource of this stack is known to manage it. If another stack or person manages it, ignore this. Otherwise a \`pulumi up\` whose answer was lost may have made it: ${verb} the one that is not needed. To keep ${listed.id}, set adopt: "${listed.id}" and run \`pulumi up --replace\` with the URN of this resource: that takes it over and ${verb}s the one that this \`pulumi up\` creates`,
          ),
        );
      }
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The warning for an object that was created although its twins could not be looked for: one for all objects of the command. */
export async function warnOfUnseenTwins({ client }: Objects, error: unknown, lists: CommandLists): Promise<void> {
  if (lists.isFirst("unseen twins")) {
    await client.remark(
      warning(`whether a lost answer has left another object like this one is unknown: ${reasonOf(error)}`),
    );
  }
}

function hasContent(kind: ResourceKind, reply: BaseReply, wanted: Properties): boolean {
  const live = { arguments: liveAsRecorded(kind, reply, wanted, undefined), outputs: shownOutputs(kind, reply) };
  return changesBetween(kind, live, wanted).length === 0;
}
