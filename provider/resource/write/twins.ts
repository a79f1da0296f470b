import { durationText } from "../../api/clock";
import { QoderError, reasonOf } from "../../api/errors";
import { withItsAge } from "../../api/object-list";
import { warning } from "../../api/remark";
import type { JsonObject } from "../../api/schema";
import { ageOf, creationTime, isAsYoungAs, longestInterruptionMs } from "../age";
import { liveAsRecorded } from "../arguments";
import type { CommandLists } from "../command-lists";
import { comparedIdentity, type ResourceKind } from "../kind";
import type { Objects } from "../objects";
import { type BaseReply, toldOutputs } from "../outputs";
import type { Ownership } from "../ownership";
import type { Properties } from "../program-values";
import { changesBetween } from "./plan";

interface Sought {
  readonly body: JsonObject;
  readonly wanted: Properties;
  readonly ownership: Ownership;
}

/**
 * The object that the lost create made, for a kind whose names are not unique: the only object with this name and content that is newer
 * than the create and that no resource of the stack manages. Undefined if no object fits, so that another try of the create is safe.
 */
export async function findNew(
  objects: Objects,
  sought: Sought,
  lost: QoderError,
  start: number,
): Promise<BaseReply | undefined> {
  const { kind } = objects;
  const found = await newOnes(objects, sought, start).catch((error: unknown) => {
    throw new QoderError(
      `${lost.message}. Whether it created the ${kind.noun} is open, as looking for it failed too: ${reasonOf(error)}. Run the same command again, it continues with what exists`,
    );
  });
  if (found.length > 1) {
    const ids = found.map(withItsAge).join("; ");
    throw new QoderError(
      `${lost.message}. Since then ${found.length} ${kind.noun}s of this name and content were created, and nothing proves which one is this one's: ${ids}. Set adopt to the id of one, delete the other at Qoder if nobody else made it, then run \`pulumi up\` again`,
    );
  }
  return found[0];
}

async function newOnes(objects: Objects, { body, wanted, ownership }: Sought, start: number): Promise<BaseReply[]> {
  const { client, kind } = objects;
  const identity = comparedIdentity(kind, body);
  const found: BaseReply[] = [];
  for await (const entry of client.live(objects.list)) {
    const listed = objects.placed(entry);
    const created = creationTime(listed.created_at);
    // This comparison uses the clock of this machine, so it is generous; the clock of the service decides below.
    if (created !== undefined && client.now() - created > longestInterruptionMs) {
      continue;
    }
    if (comparedIdentity(kind, listed) !== identity || !ownership.mayTake(listed.id)) {
      continue;
    }
    const answer = await objects.ask(listed.id);
    const now = client.now();
    const isNew = isAsYoungAs(ageOf(answer, now), now - start);
    if (isNew && (await kind.upload?.holds(objects, answer.object, wanted)) !== false) {
      found.push(answer.object);
    }
  }
  return found;
}

/**
 * Warns before a create of a kind for which no page of the API documents an idempotency key: an `up` whose answer was lost may have made
 * the object already. No fact proves who made a live object with the same content, so the person who runs the command decides.
 */
export async function warnOfTwins(
  objects: Objects,
  wanted: Properties,
  ownership: Ownership,
  lists: CommandLists,
): Promise<void> {
  const { client, kind } = objects;
  try {
    for (const entry of await lists.recent(client, objects.list, longestInterruptionMs)) {
      const listed = objects.placed(entry);
      const reply = kind.reply.safeParse(listed).data;
      const created = creationTime(listed.created_at);
      // Filters again: a service may ignore the filter of the list.
      const isRecent = created === undefined || client.now() - created <= longestInterruptionMs;
      const isCandidate = reply !== undefined && isRecent && ownership.mayTake(listed.id);
      if (
        isCandidate &&
        hasContent(kind, reply, wanted) &&
        (await kind.upload?.holds(objects, reply, wanted)) !== false
      ) {
        const age = created === undefined ? "lately" : `${durationText(client.now() - created)} ago`;
        await client.remark(
          warning(
            `${listed.id} has the same name and content, was created ${age}, and no resource of this stack is known to manage it. If another stack or person manages it, ignore this. Otherwise a \`pulumi up\` whose answer was lost may have made it: ${kind.deletes?.({}) === true ? "delete" : "archive"} the one that is not needed; to keep ${listed.id}, set adopt: "${listed.id}"`,
          ),
        );
      }
    }
  } catch (error) {
    await client.remark(
      warning(`whether a lost answer has left another object like this one is unknown: ${reasonOf(error)}`),
    );
  }
}

function hasContent(kind: ResourceKind, reply: BaseReply, wanted: Properties): boolean {
  const live = { arguments: liveAsRecorded(kind, reply, wanted, undefined), outputs: toldOutputs(kind, reply) };
  return changesBetween(kind, live, wanted).length === 0;
}
