import { reasonOf } from "../../api/errors";
import { warning } from "../../api/remark";
import { liveAsRecorded } from "../arguments";
import type { CommandLists } from "../command-lists";
import type { Objects } from "../objects";
import { shownOutputs } from "../outputs";
import type { Ownership } from "../ownership";
import type { Properties } from "../program-values";
import { endOf, shownWithAge } from "./lost-answer";
import { changesBetween } from "./plan";

/**
 * Warns before a create whose name the setting `pulumi:autonaming` drew: an interrupted `up` may have made this object under another
 * name, and neither the name nor the idempotency key leads to it.
 */
export async function warnOfOtherNames(
  objects: Objects,
  wanted: Properties,
  ownership: Ownership,
  lists: CommandLists,
): Promise<void> {
  const { client, kind } = objects;
  const { argument: nameArgument = "name" } = kind.distinction ?? {};
  try {
    for (const entry of await lists.live(client, objects.list)) {
      const reply = objects.readable(entry);
      if (reply === undefined || !ownership.mayTake(reply.id)) {
        continue;
      }
      const live = { arguments: liveAsRecorded(kind, reply, wanted, undefined), outputs: shownOutputs(kind, reply) };
      if (changesBetween(kind, live, wanted).every(({ argument }) => argument === nameArgument)) {
        const text = `${shownWithAge(client, reply)}, differs from this ${kind.noun} only in the name, which pulumi:autonaming drew`;
        await client.remark(warning(`${text}. If an interrupted \`pulumi up\` created it, ${endOf(kind, wanted)} it`));
      }
    }
  } catch (error) {
    const text = `it is unknown whether an interrupted \`pulumi up\` created this ${kind.noun} under another name`;
    await client.remark(warning(`${text}: ${reasonOf(error)}`));
  }
}
