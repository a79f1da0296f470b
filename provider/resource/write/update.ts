import { mayHaveActed, QoderApiError, QoderReplyError } from "../../api/errors";
import { only, openArguments, shownArguments } from "../arguments";
import { type Baseline, rebased, shownAfterWrite, withSent } from "../baseline";
import { argumentNames, type Recorded, type ResourceKind } from "../kind";
import type { Objects } from "../objects";
import { type BaseReply, toldOutputs } from "../outputs";
import type { Properties } from "../program-values";
import { PartialFailure, type Standing } from "../state";
import { keptError, keptValues, withReplaceAdvice } from "./clearing";
import { follow } from "./follow";
import * as journal from "./journal";
import { type Change, changesBetween, updatePlan } from "./plan";
import { sendPatch } from "./version-conflict";
import { uploadKey, withFilesHeld } from "./versions";

/** What an update starts from. */
export interface Applied extends Recorded {
  readonly baseline: Baseline | undefined;
}

/** What a write came to. */
export interface Written {
  readonly object: BaseReply;
  readonly baseline: Baseline | undefined;
}

/** Turns the recorded object into the wanted one. */
export async function update(
  objects: Objects,
  id: string,
  recorded: Applied,
  wanted: Properties,
  isOpen: boolean,
): Promise<Written> {
  if (objects.kind.start !== undefined) {
    return follow(objects, { object: { id }, baseline: recorded.baseline }, recorded.outputs, wanted);
  }
  const upload = uploadKey(objects, id, recorded, wanted);
  const mayBeDone = isOpen || (upload !== undefined && journal.isOpen(upload));
  const applied = await appliedNow(objects, id, recorded, wanted, mayBeDone);
  try {
    const written = (await applyChanges(objects, id, applied, wanted)) ?? {
      // Nothing to send: an earlier try did it all, but its answer did not reach the state.
      object: await objects.get(id),
      baseline: applied.baseline,
    };
    if (upload !== undefined) {
      journal.end(upload);
    }
    return written;
  } catch (error) {
    throw openFailure(objects, { id }, error, applied, wanted) ?? error;
  }
}

/** What is to be recorded where nobody knows whether the wanted arguments are applied; undefined for other failures. */
function openFailure(
  { kind }: Objects,
  known: BaseReply,
  error: unknown,
  applied: Applied,
  wanted: Properties,
): PartialFailure | undefined {
  const { standing, cause, isOpen } = asPartial(known, error, applied);
  return isOpen
    ? new PartialFailure({ ...openStanding(kind, applied, wanted), object: standing.object }, cause, true)
    : undefined;
}

/** What is known while it is open which of the two the service holds. */
function openStanding(
  kind: ResourceKind,
  { arguments: older, outputs, baseline }: Applied,
  wanted: Properties,
): Pick<Standing, "held" | "baseline"> {
  const held = openArguments(kind, older, wanted);
  if (baseline === undefined) {
    return { held, baseline };
  }
  // Only where the service showed what was sent in another form does the next look need the older value.
  const names = changesBetween(kind, { arguments: older, outputs }, wanted)
    .map(({ argument }) => argument)
    .filter((name) => Object.hasOwn(baseline, name));
  return { held, baseline: withSent(kind, baseline, older, names) };
}

function asPartial(object: BaseReply, error: unknown, { arguments: held, baseline }: Applied): PartialFailure {
  return error instanceof PartialFailure ? error : new PartialFailure({ object, held, baseline }, error);
}

/** Does what the request that creates cannot. Whatever fails from here on, there is an object, and it must reach the state. */
export async function finish(
  objects: Objects,
  { object, held, baseline }: { readonly object: BaseReply; readonly held: Properties; readonly baseline: Baseline },
  wanted: Properties,
): Promise<Written> {
  const applied = { arguments: held, outputs: toldOutputs(objects.kind, object), baseline };
  try {
    const written = (await applyChanges(objects, object.id, applied, wanted)) ?? { object, baseline };
    return await follow(objects, written, applied.outputs, wanted);
  } catch (error) {
    throw openFailure(objects, object, error, applied, wanted) ?? asPartial(object, error, applied);
  }
}

/** What an update starts from: the state, or what a look at the object adds to it. */
async function appliedNow(
  objects: Objects,
  id: string,
  recorded: Applied,
  wanted: Properties,
  isOpen: boolean,
): Promise<Applied> {
  const { kind } = objects;
  const { looksFirst } = updatePlan(kind, recorded, wanted, isOpen);
  if (looksFirst === undefined) {
    return recorded;
  }
  const now = await objects.get(id);
  if (looksFirst === "as others set what is beside it") {
    return { ...recorded, outputs: { ...recorded.outputs, ...toldOutputs(kind, now) } };
  }
  const shown = shownArguments(kind, now, recorded.arguments, recorded.baseline);
  const held = await withFilesHeld(objects, now, shown, wanted);
  return { arguments: held, outputs: toldOutputs(kind, now), baseline: shownAfterWrite(kind, now, held) };
}

/**
 * Sends what differs and nothing else: at most one merge patch and one change of status. Undefined when nothing differs,
 * and then nothing is sent.
 */
async function applyChanges(
  objects: Objects,
  id: string,
  applied: Applied,
  wanted: Properties,
): Promise<Written | undefined> {
  const { changes, action } = updatePlan(objects.kind, applied, wanted);
  const patched = changes.length === 0 ? undefined : await patch(objects, id, changes, applied, wanted);
  if (action === undefined) {
    return patched;
  }
  try {
    return { object: await setStatus(objects, id, action), baseline: patched?.baseline ?? applied.baseline };
  } catch (error) {
    throw patched === undefined
      ? error
      : new PartialFailure({ ...patched, held: patchedArguments(objects, applied.arguments, wanted) }, error);
  }
}

/** What holds after the patch: the status is set after all else. */
function patchedArguments({ kind }: Objects, applied: Properties, wanted: Properties): Properties {
  const isStatus = (name: string) => name === kind.statusChange?.argument;
  const names = argumentNames(kind);
  return {
    ...only(
      wanted,
      names.filter((name) => !isStatus(name)),
    ),
    ...only(applied, names.filter(isStatus)),
  };
}

async function patch(
  objects: Objects,
  id: string,
  changes: readonly Change[],
  applied: Applied,
  wanted: Properties,
): Promise<Written> {
  const { kind } = objects;
  let reply: BaseReply;
  try {
    reply = await sendPatch(objects, id, changes, applied, wanted);
  } catch (error) {
    const told = withReplaceAdvice(kind, error, changes);
    reply = await lookAfter(objects, id, told, openArguments(kind, applied.arguments, wanted), wanted, changes);
  }
  let kept = keptValues(kind, changes, reply, applied, wanted);
  if (kept.length > 0) {
    const patched = reply;
    reply = await objects.get(id).catch((error: unknown) => {
      // The rest of the patch is done, and it is open whether the values are gone.
      throw new PartialFailure({ ...openStanding(kind, applied, wanted), object: patched }, error, true);
    });
    kept = keptValues(kind, changes, reply, applied, wanted);
  }
  const names = kept.map(({ argument }) => argument);
  const done = changes.map(({ argument }) => argument).filter((name) => !names.includes(name));
  const baseline = rebased(applied.baseline, done, shownAfterWrite(kind, reply, wanted, done));
  if (names.length > 0) {
    // What the program changed and the service kept is still as it was.
    const others = argumentNames(kind).filter((name) => !names.includes(name));
    const held = {
      ...only(patchedArguments(objects, applied.arguments, wanted), others),
      ...only(applied.arguments, names),
    };
    throw new PartialFailure({ object: reply, held, baseline }, keptError(kind, kept));
  }
  await kind.afterWrite?.(objects, id, wanted);
  return { object: reply, baseline };
}

/**
 * The object, where it shows that an update was done whose answer cannot be used. What the update left alone has no part in
 * that: a secret is in no reply.
 */
async function lookAfter(
  objects: Objects,
  id: string,
  error: unknown,
  asked: Properties,
  wanted: Properties,
  changes: readonly Change[],
): Promise<BaseReply> {
  const { kind } = objects;
  const now = error instanceof QoderReplyError ? await objects.get(id).catch(() => undefined) : undefined;
  if (now === undefined) {
    throw error;
  }
  const shown = { arguments: shownArguments(kind, now, asked), outputs: toldOutputs(kind, now) };
  const isSent = ({ argument }: Change) => changes.some((change) => change.argument === argument);
  if (changesBetween(kind, shown, wanted).some(isSent)) {
    throw error;
  }
  return now;
}

/**
 * 409 says that the status is not what the request expects, and an answer may not show it; then the object itself tells
 * whether it is the wanted one.
 */
async function setStatus(objects: Objects, id: string, action: string): Promise<BaseReply> {
  const missing = (reply: BaseReply) => objects.kind.statusChange?.missing(action, reply);
  try {
    return await objects.act(id, action, missing);
  } catch (error) {
    const isUnclear = error instanceof QoderApiError ? error.status === 409 : error instanceof QoderReplyError;
    const now = isUnclear
      ? await objects.get(id).catch((failed: unknown) => {
          throw mayHaveActed(error) ? error : failed;
        })
      : undefined;
    if (now !== undefined && now.archived_at == null && missing(now) === undefined) {
      return now;
    }
    throw error;
  }
}
