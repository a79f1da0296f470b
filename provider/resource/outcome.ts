import { mayHaveActed, QoderApiError, QoderError, QoderReplyError } from "../api/errors";
import { liveAsRecorded, liveAsShown, recordedWhileOpen } from "./arguments";
import { comparedWith } from "./baseline";
import { type Change, changesBetween, type Patch, updateBody, versionIn } from "./changes";
import type { ResourceKind } from "./kind";
import type { Objects } from "./objects";
import { type BaseReply, shownOutputs } from "./outputs";
import { same } from "./program-values";

/**
 * The object after an update without a usable answer, with a version that the service refused (409), or that was not sent because the
 * state shows no version: the live object decides. If it holds what the update carries, this was our own update, whose answer was lost.
 * Otherwise throws an error.
 */
export async function outcomeOf(objects: Objects, patch: Patch, failed: unknown): Promise<BaseReply> {
  if (needsPresentVersion(objects, patch, failed)) {
    return afterRefusal(objects, patch, failed);
  }
  const now =
    failed instanceof QoderReplyError ? await objects.get(patch.id).catch(() => Promise.reject(failed)) : undefined;
  if (now === undefined || compared(objects, now, patch).isLeft) {
    throw failed;
  }
  return now;
}

function needsPresentVersion({ kind }: Objects, { applied }: Patch, failed: unknown): boolean {
  const isConflict = failed instanceof QoderApiError && failed.status === 409;
  return kind.versionMember !== undefined && (isConflict || versionIn(kind, applied.outputs) === undefined);
}

/** If nobody else changed what the program owns, sends the update on top of the present version. */
async function afterRefusal(objects: Objects, patch: Patch, failed: unknown): Promise<BaseReply> {
  const { kind } = objects;
  const { id, changes, applied, wanted } = patch;
  const now = await objects.get(id).catch((error: unknown) => {
    // If the answer to the update was lost, its outcome is still unknown.
    throw mayHaveActed(failed) ? failed : error;
  });
  const [known, present] = [applied.outputs, shownOutputs(kind, now)].map((outputs) => versionIn(kind, outputs));
  if (present === undefined || present === known || now.archived_at != null) {
    throw failed;
  }
  const { isLeft, foreign } = compared(objects, now, patch);
  if (foreign.length > 0) {
    const after = known === undefined ? "" : `, made after ${known},`;
    throw new QoderError(
      `somebody changed the ${kind.noun}: ${kind.versionMember} ${present}${after} differs in ${foreign.join(", ")}. Nothing was sent on top of it.\nRun \`pulumi refresh\`, then \`pulumi preview\`, which compares it with the program`,
    );
  }
  return isLeft || keptValues(kind, patch, now).length > 0
    ? objects.update(id, updateBody(kind, changes, present), wanted)
    : now;
}

/**
 * The live object beside the recorded and the wanted one. `isLeft`: it does not hold all that the update carries; what the service adds
 * to a value is no difference. `foreign`: the arguments that it holds neither as recorded nor as the update carries them.
 */
function compared({ kind }: Objects, now: BaseReply, { applied, changes, wanted }: Patch) {
  const { arguments: recorded, baseline } = applied;
  const live = liveAsRecorded(kind, now, recorded, baseline);
  const shown = liveAsShown(kind, now, recordedWhileOpen(kind, recorded, wanted));
  const left = changesBetween(kind, { arguments: shown, outputs: shownOutputs(kind, now) }, wanted)
    .map(({ argument }) => argument)
    .filter((name) => same(live[name], recorded[name]) || !kind.fields[name]?.isFilledIn?.(now, wanted[name]));
  const foreign = Object.entries(kind.fields).flatMap(([name, { both, meansTheSame }]) => {
    // Of a value in parts, the parts count that the program owns before or after the update.
    const [before, held] = [recorded[name], both === undefined ? live[name] : shown[name]];
    const isOurs = changes.some(({ argument }) => argument === name) && !left.includes(name);
    if (isOurs || same(held, before) || meansTheSame?.(held, before)) {
      return [];
    }
    return [name];
  });
  return { isLeft: changes.some(({ argument }) => left.includes(argument)), foreign };
}

/** A change that the service answered with success and whose reply does not prove that it was made. */
export interface Kept extends Change {
  /** True if the reply shows the old value; false if it does not show whether the value is gone. */
  readonly isShown: boolean;
}

/**
 * The changes that the reply disproves or leaves open. The API's documents do not say whether null clears a member, so a removal
 * counts only if the reply shows it. A member that no reply shows counts as changed.
 */
export function keptValues({ fields }: ResourceKind, { changes, applied, wanted }: Patch, reply: BaseReply): Kept[] {
  return changes.flatMap((change) => {
    const { argument, value } = change;
    const field = fields[argument];
    if (field === undefined) {
      return [];
    }
    if (value === null) {
      const isCleared = field.isCleared === undefined || field.isCleared(reply);
      return isCleared ? [] : [{ ...change, isShown: isCleared === false }];
    }
    const before = applied.arguments[argument];
    const compared = comparedWith(field, before, applied.baseline, argument);
    const isShown = field.isKept?.(reply, before, wanted[argument], compared) ?? false;
    return isShown ? [{ ...change, isShown }] : [];
  });
}
