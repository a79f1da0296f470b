import { creationTime } from "./age";
import type { ResourceKind } from "./kind";
import type { Objects } from "./objects";
import { type BaseReply, shownOutputs } from "./outputs";
import type { Properties } from "./program-values";

// "Errors": a GET may show a write late. What an earlier reply has shown stays in the state.

const lateMs = 2_000;

/**
 * True if the reply shows the object as it was before these outputs. Each comparison is about one member of one object: each change raises
 * the `version` ("Update an agent") or moves `updated_at` ("Update a deployment"), and a later version of a skill has a larger number
 * ("Create a skill version").
 */
export function isOlder(kind: ResourceKind, reply: BaseReply, recorded: Properties): boolean {
  const shown = shownOutputs(kind, reply);
  const { versionMember = "", upload } = kind;
  const made = (outputs: Properties) => upload?.versions?.madeAt(outputs);
  const pairs: readonly (readonly [unknown, unknown])[] = [
    [shown[versionMember], recorded[versionMember]],
    [made(shown), made(recorded)],
    [creationTime(shown["updatedAt"]), Date.parse(String(recorded["updatedAt"]))],
  ];
  const [now, last] =
    pairs.map((pair) => pair.map(Number)).find(([one = 0, other = 0]) => one < other || one > other) ?? [];
  return now !== undefined && last !== undefined && now < last;
}

/** The object of this reply, which is asked for again if it is older than these outputs, and may be older once more. */
export async function againIfOlder(objects: Objects, shown: BaseReply, recorded: Properties): Promise<BaseReply> {
  const isAsked = isOlder(objects.kind, shown, recorded) && (await objects.client.pause(lateMs));
  return isAsked ? objects.get(shown.id) : shown;
}
