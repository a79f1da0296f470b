import type { ResourceKind } from "../kind/kind";
import { type BaseReply, creationTime, shownOutputs } from "../kind/outputs";
import type { Properties } from "../kind/program-values";

// "Errors": a GET may show a write late. What an earlier reply has shown stays in the state.

/**
 * True if the reply shows the object as it was before these outputs. Each comparison is about one member of one object: each change raises
 * the `version` ("Update an agent") or moves `updated_at` ("Update a deployment").
 */
export function isOlder(kind: ResourceKind, reply: BaseReply, recorded: Properties): boolean {
  const shown = shownOutputs(kind, reply);
  const [version, known] = [Number(shown["version"]), Number(recorded["version"])];
  const isEarlier = (creationTime(shown["updatedAt"]) ?? Number.NaN) < Date.parse(String(recorded["updatedAt"]));
  return version < known || (!(version > known) && isEarlier);
}

/**
 * True if the newest version that the reply shows was made before the one of these outputs: the reply is older, or a person has deleted the
 * newest version ("Delete a skill version").
 */
export function showsOlderVersion(kind: ResourceKind, reply: BaseReply, recorded: Properties): boolean {
  const made = (outputs: Properties) => kind.upload?.versions?.madeAt(outputs) ?? Number.NaN;
  return made(shownOutputs(kind, reply)) < made(recorded);
}
