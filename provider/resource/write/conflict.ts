import { mayHaveActed, QoderError } from "../../api/errors";
import { type Patch, updateBody, versionIn } from "../compare/changes";
import { membersOfPath } from "../compare/replaced-places";
import { isAllDone, isForeign } from "../compare/views";
import { type BaseReply, shownOutputs } from "../kind/outputs";
import type { Objects } from "../read/objects";

/**
 * An update that the service refused (409) because the object has another version than the one from which the changes were computed, or
 * whose version the state does not know. If nobody changed what the program owns, the update goes out on the present version. Otherwise
 * throws an error.
 */
export async function onPresentVersion(objects: Objects, patch: Patch, refused?: unknown): Promise<BaseReply> {
  const { kind } = objects;
  const { id, changes, applied, wanted } = patch;
  const now = await objects.againIfOlder(await objects.get(id), applied.outputs);
  const known = versionIn(kind, applied.outputs);
  const present = versionIn(kind, shownOutputs(kind, now));
  if (refused !== undefined && (present === known || now.archived_at != null)) {
    throw refused;
  }
  const foreign = foreignArguments(objects, now, patch, mayHaveActed(refused));
  if (foreign.length > 0) {
    const after = known === undefined ? "" : `, made after ${known},`;
    throw new QoderError(
      `somebody changed the ${kind.noun}: ${kind.versionMember} ${present}${after} differs in ${foreign.join(", ")}. Nothing was sent on top of it.\nRun \`pulumi refresh\`, then \`pulumi preview\`, which compares it with the program`,
    );
  }
  return isAllDone(kind, patch, now) ? now : objects.update(id, updateBody(kind, changes, present), wanted);
}

/** The declared arguments that somebody else changed. `mayBeDone`: by an earlier try of this update. */
function foreignArguments({ kind }: Objects, now: BaseReply, patch: Patch, mayBeDone: boolean): string[] {
  const { applied, changes, wanted } = patch;
  const { arguments: recorded, open = {}, ignored = [] } = applied;
  const isDeclared = (name: string) => recorded[name] !== undefined || wanted[name] !== undefined;
  const isCarried = (name: string) => changes.some(({ argument }) => argument === name);
  // An update that carries an argument overwrites all of it, also a member that `ignoreChanges` leaves to others.
  const isIgnored = (name: string) => ignored.some((path) => ["*", name].includes(membersOfPath(path)[0] ?? ""));
  const isLeft = (name: string) => open[name] !== undefined || (isCarried(name) ? mayBeDone : isIgnored(name));
  return Object.entries(kind.fields)
    .filter(([name, { wire }]) => wire !== undefined && isDeclared(name) && !isLeft(name))
    .flatMap(([name]) => (isForeign(kind, name, patch, now) ? [name] : []));
}
