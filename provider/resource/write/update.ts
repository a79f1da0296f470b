import { QoderApiError, QoderReplyError } from "../../api/errors";
import { only, openArguments, shownArguments } from "../arguments";
import { argumentNames, type Recorded } from "../kind";
import type { Objects } from "../objects";
import { type BaseReply, toldOutputs } from "../outputs";
import { isClearingUntold, keptValues, withReplaceAdvice } from "./clearing";
import { PartialFailure } from "./partial-failure";
import { type Change, changesBetween } from "./patch";
import { updatePlan } from "./update-plan";
import { sendPatch } from "./version-conflict";

/** Turns the recorded object into the wanted one. */
export async function update<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  objects: Objects<Arguments, Outputs, Reply>,
  id: string,
  recorded: Recorded<Arguments, Outputs>,
  wanted: Partial<Arguments>,
  isOpen: boolean,
): Promise<Reply> {
  const applied = await appliedNow(objects, id, recorded, wanted, isOpen);
  try {
    // Nothing to send: an earlier try did it all, but its answer did not reach the state.
    return (await applyChanges(objects, id, applied, wanted)) ?? (await objects.get(id));
  } catch (error) {
    throw openFailure(objects, { id }, error, applied.arguments, wanted) ?? error;
  }
}

/** What is to be recorded where nobody knows whether the wanted arguments are applied; undefined for other failures. */
function openFailure<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  { kind }: Objects<Arguments, Outputs, Reply>,
  known: BaseReply,
  error: unknown,
  applied: Partial<Arguments>,
  wanted: Partial<Arguments>,
): PartialFailure | undefined {
  const { object, cause, isOpen } = asPartial(known, error, applied);
  return isOpen ? new PartialFailure(object, cause, openArguments(kind, applied, wanted), true) : undefined;
}

function asPartial(known: BaseReply, error: unknown, held: object): PartialFailure {
  return error instanceof PartialFailure ? error : new PartialFailure(known, error, held);
}

/** Does what the request that creates cannot. Whatever fails from here on, there is an object, and it must reach the state. */
export async function finish<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  objects: Objects<Arguments, Outputs, Reply>,
  object: Reply,
  held: Partial<Arguments>,
  wanted: Partial<Arguments>,
): Promise<Reply> {
  try {
    const applied = { arguments: held, outputs: toldOutputs(objects.kind, object) };
    return (await applyChanges(objects, object.id, applied, wanted)) ?? object;
  } catch (error) {
    throw openFailure(objects, object, error, held, wanted) ?? asPartial(object, error, held);
  }
}

/** What an update starts from: the state, or what a look at the object adds to it. */
async function appliedNow<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  objects: Objects<Arguments, Outputs, Reply>,
  id: string,
  recorded: Recorded<Arguments, Outputs>,
  wanted: Partial<Arguments>,
  isOpen: boolean,
): Promise<Recorded<Arguments, Outputs>> {
  const { kind } = objects;
  const { looksFirst } = updatePlan(kind, recorded, wanted, isOpen);
  if (looksFirst === undefined) {
    return recorded;
  }
  const now = await objects.get(id);
  return looksFirst === "as the last write is open"
    ? { arguments: shownArguments(kind, now, recorded.arguments), outputs: toldOutputs(kind, now) }
    : { ...recorded, outputs: { ...recorded.outputs, ...toldOutputs(kind, now) } };
}

/**
 * Sends what differs and nothing else: at most one merge patch and one change of status. Undefined when nothing differs,
 * and then nothing is sent.
 */
async function applyChanges<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  objects: Objects<Arguments, Outputs, Reply>,
  id: string,
  applied: Recorded<Arguments, Outputs>,
  wanted: Partial<Arguments>,
): Promise<Reply | undefined> {
  const { changes, action } = updatePlan(objects.kind, applied, wanted);
  const patched = changes.length === 0 ? undefined : await patch(objects, id, changes, applied, wanted);
  if (action === undefined) {
    return patched;
  }
  try {
    return await setStatus(objects, id, action);
  } catch (error) {
    throw patched === undefined
      ? error
      : new PartialFailure(patched, error, patchedArguments(objects, applied.arguments, wanted));
  }
}

/** What holds after the patch: the status is set after all else. */
function patchedArguments<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  { kind }: Objects<Arguments, Outputs, Reply>,
  applied: Partial<Arguments>,
  wanted: Partial<Arguments>,
): Partial<Arguments> {
  const isStatus = (name: keyof Arguments) => name === kind.statusChange?.argument;
  const names = argumentNames(kind);
  return {
    ...only(
      wanted,
      names.filter((name) => !isStatus(name)),
    ),
    ...only(applied, names.filter(isStatus)),
  };
}

async function patch<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  objects: Objects<Arguments, Outputs, Reply>,
  id: string,
  changes: readonly Change<Arguments>[],
  recorded: Recorded<Arguments, Outputs>,
  wanted: Partial<Arguments>,
): Promise<Reply> {
  const { kind } = objects;
  const { arguments: applied } = recorded;
  let reply: Reply;
  try {
    reply = await sendPatch(objects, id, changes, recorded, wanted);
  } catch (error) {
    const told = withReplaceAdvice(kind, error, changes);
    reply = await lookAfter(objects, id, told, openArguments(kind, applied, wanted), wanted, changes);
  }
  if (isClearingUntold(kind, changes, reply)) {
    const patched = reply;
    reply = await objects.get(id).catch((error: unknown) => {
      // The rest of the patch is done, and it is open whether the values are gone.
      throw new PartialFailure(patched, error, openArguments(kind, applied, wanted), true);
    });
  }
  const kept = keptValues(kind, changes, reply);
  if (kept !== undefined) {
    // What the program dropped and the service kept is still ours.
    const held = { ...patchedArguments(objects, applied, wanted), ...only(applied, kept.names) };
    throw new PartialFailure(reply, kept.error, held);
  }
  return reply;
}

/**
 * The object, where it shows that an update was done whose answer cannot be used. What the update left alone has no part in
 * that: a secret is in no reply.
 */
async function lookAfter<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  objects: Objects<Arguments, Outputs, Reply>,
  id: string,
  error: unknown,
  asked: Partial<Arguments>,
  wanted: Partial<Arguments>,
  changes: readonly Change<Arguments>[],
): Promise<Reply> {
  const { kind } = objects;
  const now = error instanceof QoderReplyError ? await objects.get(id).catch(() => undefined) : undefined;
  if (now === undefined) {
    throw error;
  }
  const shown = { arguments: shownArguments(kind, now, asked), outputs: toldOutputs(kind, now) };
  const isSent = ({ argument }: Change<Arguments>) => changes.some((change) => change.argument === argument);
  if (changesBetween(kind, shown, wanted).some(isSent)) {
    throw error;
  }
  return now;
}

/**
 * 409 says that the status is not what the request expects, and an answer may not show it; then the object itself tells
 * whether it is the wanted one.
 */
async function setStatus<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  objects: Objects<Arguments, Outputs, Reply>,
  id: string,
  action: string,
): Promise<Reply> {
  const missing = (reply: Reply) => objects.kind.statusChange?.missing(action, reply);
  try {
    return await objects.act(id, action, missing);
  } catch (error) {
    const isUnclear = error instanceof QoderApiError ? error.status === 409 : error instanceof QoderReplyError;
    const now = isUnclear ? await objects.get(id) : undefined;
    if (now !== undefined && now.archived_at == null && missing(now) === undefined) {
      return now;
    }
    throw error;
  }
}
