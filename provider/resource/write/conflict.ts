import { mayHaveActed, QoderError } from "../../api/errors";
import { type Patch, updateBody, versionIn } from "../compare/changes";
import { membersOfPath } from "../compare/replaced-places";
import { metBy } from "../compare/views";
import { argumentNames } from "../kind/kind";
import { type BaseReply, shownOutputs } from "../kind/outputs";
import type { Objects } from "../read/objects";

/**
 * An update that the service refused (409) because the object has another version than the one from which the changes were computed, or
 * whose version the state does not know. If nobody changed what the program owns, the update is sent for the present version. Otherwise
 * throws an error.
 */
export async function onPresentVersion(objects: Objects, patch: Patch, refused?: unknown): Promise<BaseReply> {
  const { kind } = objects;
  const { id, changes, applied, wanted } = patch;
  const shown = refused === undefined ? objects.get(id) : objects.getLater(id);
  const now = await objects.againIfOlder(await shown, applied.outputs);
  const known = versionIn(kind, applied.outputs);
  const present = versionIn(kind, shownOutputs(kind, now));
  if (refused !== undefined && (present === known || now.archived_at != null)) {
    throw refused;
  }
  const { foreign, isDone } = metBy(kind, patch, now, askedArguments(objects, patch, mayHaveActed(refused)));
  if (foreign.length > 0) {
    const after = known === undefined ? "" : `, made after ${known},`;
    throw new QoderError(
      `somebody changed the ${kind.noun}: version ${present}${after} differs in ${foreign.join(", ")}. Nothing was sent on top of it.\nRun \`git pull\` first, as the change may be in the program of somebody else, then \`pulumi refresh\` and \`pulumi preview\`, which compares them`,
    );
  }
  return isDone ? now : objects.update(id, updateBody(kind, changes, present), wanted);
}

/** The declared arguments that somebody else must not have changed. `mayBeDone`: an earlier try may have done the update. */
function askedArguments({ kind }: Objects, { applied, changes, wanted }: Patch, mayBeDone: boolean): string[] {
  const { arguments: recorded, unanswered = {}, ignored = [] } = applied;
  const isDeclared = (name: string) => recorded[name] !== undefined || wanted[name] !== undefined;
  const isCarried = (name: string) => changes.some(({ argument }) => argument === name);
  // An update that carries an argument overwrites all of it, also a member that `ignoreChanges` leaves to others.
  const isIgnored = (name: string) => ignored.some((path) => ["*", name].includes(membersOfPath(path)[0] ?? ""));
  const isLeft = (name: string) => unanswered[name] !== undefined || (isCarried(name) ? mayBeDone : isIgnored(name));
  return argumentNames(kind).filter(
    (name) => kind.fields[name]?.wire !== undefined && isDeclared(name) && !isLeft(name),
  );
}
