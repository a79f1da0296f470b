import { mayHaveActed, QoderError } from "../../api/errors";
import { isNobodys, lastWrite, looksLike, normalOf } from "../compare/baseline";
import { type Patch, updateBody, versionIn } from "../compare/changes";
import { membersOfPath } from "../compare/replaced-places";
import { type Field, shownPart } from "../kind/field";
import { type BaseReply, shownOutputs } from "../kind/outputs";
import { membersOfAll, partsOf } from "../kind/parts";
import { same } from "../kind/program-values";
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
  // A repeated request meets the version that its first try made.
  const isDone = changes.every(({ argument }) => {
    const field = kind.fields[argument];
    const target = field && shownPart(field, wanted[argument]);
    const own = field?.inParts === undefined ? target : membersOfAll(applied.arguments[argument], target);
    return field?.live !== undefined && looksLike(field, field.live(now, own), target);
  });
  return isDone ? now : objects.update(id, updateBody(kind, changes, present), wanted);
}

/**
 * The arguments of the program that live neither as they did after our last write, nor as recorded, nor as wanted. `mayBeDone`: by an
 * earlier try of this update.
 */
function foreignArguments({ kind }: Objects, now: BaseReply, patch: Patch, mayBeDone: boolean): string[] {
  const { applied, changes, wanted } = patch;
  const { arguments: recorded, open = {}, ignored = [] } = applied;
  const isCarried = (name: string) => changes.some(({ argument }) => argument === name);
  // An update that carries an argument overwrites all of it, also a member that `ignoreChanges` leaves to others.
  const isIgnored = (name: string) => ignored.some((path) => ["*", name].includes(membersOfPath(path)[0] ?? ""));
  const isLeft = (name: string) => open[name] !== undefined || (isCarried(name) ? mayBeDone : isIgnored(name));
  return Object.entries(kind.fields)
    .filter(([name, field]) => !isLeft(name) && field.wire !== undefined && isForeign(name, field))
    .map(([name]) => name);

  function isForeign(name: string, field: Field): boolean {
    const { live, inParts } = field;
    const { sent, shown } = lastWrite(field, name, applied);
    const [held, target] = [recorded[name], wanted[name]].map((value) => shownPart(field, value));
    if (live === undefined || (isNobodys(field, held) && isNobodys(field, target))) {
      return false;
    }
    const known = [sent, shown, held, target];
    // An argument may show other parts for each value, such as a pinned version.
    if (inParts === undefined) {
      return (
        !known.some((value) => looksLike(field, live(now, value), value)) && !looksLike(field, live(now, sent), shown)
      );
    }
    const own = membersOfAll(...known);
    const [parts = {}, ...ours] = [live(now, own), ...known].map((value) => partsOf(normalOf(field, value), inParts));
    const names = Object.keys(membersOfAll(parts, ...ours));
    return names.some((part) => !ours.some((one) => same(one[part], parts[part])));
  }
}
