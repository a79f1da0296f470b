import { durationText } from "../../api/clock";
import { reasonOf } from "../../api/errors";
import { warning } from "../../api/remark";
import { creationTime, longestInterruptionMs } from "../age";
import { liveAsRecorded } from "../arguments";
import type { CommandLists } from "../command-lists";
import type { ResourceKind } from "../kind";
import type { Objects } from "../objects";
import { type BaseReply, toldOutputs } from "../outputs";
import type { Ownership } from "../ownership";
import type { Properties } from "../program-values";
import { changesBetween } from "./plan";

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
            `${listed.id} has the same name and content, was created ${age}, and no resource of this stack is known to manage it: a \`pulumi up\` whose answer was lost may have made it. ${kind.deletes?.({}) === true ? "Delete" : "Archive"} the one that is not needed; to keep ${listed.id}, set adopt: "${listed.id}"`,
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
