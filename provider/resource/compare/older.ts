import type { ResourceKind } from "../kind/kind";
import { type BaseReply, creationTime, shownOutputs } from "../kind/outputs";
import type { Properties } from "../kind/program-values";

// "Errors": a GET may show a write late. What an earlier reply has shown stays in the state.

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
