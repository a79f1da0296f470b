import { mayHaveActed, QoderApiError, QoderError, QoderReplyError, reasonOf } from "../../api/errors";
import { warning } from "../../api/remark";
import { ageAt, creationTime, settlingMs } from "../age";
import { liveAsShown, only, recordedWhileOpen } from "../arguments";
import { rebased, shownAfterWrite, withSent } from "../baseline";
import { findWhenSettled } from "../gone";
import { argumentNames, type Known, type ResourceKind } from "../kind";
import type { Objects } from "../objects";
import { type BaseReply, toldOutputs } from "../outputs";
import type { Properties } from "../program-values";
import { PartialFailure, type Standing } from "../state";
import { keptError, keptValues, withReplaceAdvice } from "./clearing";
import * as journal from "./idempotency";
import { type Change, changesBetween, type Obtained, type Patch, type Written } from "./plan";
import { follow } from "./run";
import { carriesSecret, countsAsSent, isUpdated, openSecrets } from "./secrets";
import { changeSteps, orRead, type Step, updateSteps } from "./steps";
import { sendPatch } from "./version-conflict";
import { uploadKey, withFilesHeld } from "./versions";

export async function update(objects: Objects, id: string, known: Known, wanted: Properties): Promise<Written> {
  const { kind } = objects;
  const upload = uploadKey(objects, id, known, wanted);
  const isOpen = known.isOpen === true || (upload !== undefined && journal.isOpen(upload));
  const planned = updateSteps(kind, { ...known, isOpen }, wanted);
  const [first] = planned;
  const applied = first?.do === "look" ? await look(objects, id, known, wanted, first.why) : known;
  const steps = first?.do === "look" ? orRead(changeSteps(kind, applied, wanted)) : planned;
  try {
    const written = await take(objects, steps, { object: { id }, baseline: applied.baseline }, applied, wanted);
    if (upload !== undefined) {
      journal.end(upload);
    }
    return written;
  } catch (error) {
    throw openFailure(objects, { id }, error, applied, wanted) ?? error;
  }
}

/** The failure with the state to record, if nobody knows whether the service applied the update; otherwise undefined. */
function openFailure(
  { kind }: Objects,
  known: BaseReply,
  error: unknown,
  applied: Known,
  wanted: Properties,
): PartialFailure | undefined {
  const { standing, cause, isOpen } = asPartial(known, error, applied);
  return isOpen
    ? new PartialFailure({ ...openStanding(kind, applied, wanted), object: standing.object }, cause, true)
    : undefined;
}

/** The arguments and the baseline to record while nobody knows whether the service applied the update. */
function openStanding(
  kind: ResourceKind,
  { arguments: older, outputs, baseline }: Known,
  wanted: Properties,
): Pick<Standing, "recorded" | "baseline"> {
  const recorded = recordedWhileOpen(kind, older, wanted);
  if (baseline === undefined) {
    return { recorded, baseline };
  }
  // The next read needs the older value only of arguments that the service shows in another form.
  const names = changesBetween(kind, { arguments: older, outputs }, wanted)
    .map(({ argument }) => argument)
    .filter((name) => Object.hasOwn(baseline, name));
  return { recorded, baseline: withSent(kind, baseline, older, names) };
}

function asPartial(object: BaseReply, error: unknown, { arguments: recorded, baseline }: Known): PartialFailure {
  return error instanceof PartialFailure ? error : new PartialFailure({ object, recorded, baseline }, error);
}

/** Sends what a create request cannot carry. The object exists by now, so every failure must carry it into the state. */
export async function finish(
  objects: Objects,
  { object, recorded, baseline, settled }: Obtained,
  wanted: Properties,
): Promise<Written> {
  const applied = { arguments: recorded, outputs: toldOutputs(objects.kind, object), baseline };
  try {
    const steps = changeSteps(objects.kind, applied, wanted);
    const written = await take(objects, steps, { object, baseline }, applied, wanted);
    settled?.();
    return written;
  } catch (error) {
    const failure = openFailure(objects, object, error, applied, wanted) ?? asPartial(object, error, applied);
    if (failure.cause instanceof QoderError) {
      settled?.();
    }
    throw failure;
  }
}

/** Reads the object: the values from which the rest of the update is planned. */
async function look(
  objects: Objects,
  id: string,
  recorded: Known,
  wanted: Properties,
  why: Extract<Step, { readonly do: "look" }>["why"],
): Promise<Known> {
  const { kind } = objects;
  const now = await objects.get(id);
  if (why === "as others may have set values beside it") {
    return { ...recorded, outputs: { ...recorded.outputs, ...toldOutputs(kind, now) } };
  }
  // Only an object that nobody has updated since the recorded time proves that the secrets of an open update did not arrive.
  const held = isUpdated(kind, recorded.outputs, now) === false ? [] : openSecrets(kind, recorded.arguments);
  const shown = liveAsShown(kind, now, recorded.arguments, recorded.baseline, held.length > 0);
  const live = await withFilesHeld(objects, now, shown, wanted);
  const outputs = toldOutputs(kind, now);
  if (held.length > 0 && !carriesSecret(kind, changesBetween(kind, { arguments: live, outputs }, wanted))) {
    await objects.client.remark(
      warning(`the answer to an earlier update was lost. ${countsAsSent(objects, id, held)}`),
    );
  }
  return { arguments: live, outputs, baseline: shownAfterWrite(kind, now, live) };
}

/** Takes the steps for an object that exists. If one of them fails after another, the failure carries what is done. */
async function take(
  objects: Objects,
  steps: readonly Step[],
  before: Written,
  applied: Known,
  wanted: Properties,
): Promise<Written> {
  const { id } = before.object;
  const { createdAt } = applied.outputs;
  let written = before;
  for (const step of steps) {
    try {
      if (step.do === "patch") {
        written = await send(objects, { id, changes: step.changes, applied, wanted });
      } else if (step.do === "act") {
        written = { ...written, object: await setStatus(objects, id, step.action, createdAt) };
      } else if (step.do === "read") {
        written = { ...written, object: await objects.get(id) };
      } else if (step.do === "wait") {
        written = await follow(objects, step.ending, written, applied.outputs, wanted);
      }
    } catch (error) {
      throw written === before
        ? error
        : new PartialFailure({ ...written, recorded: recordedAfterPatch(objects, applied.arguments, wanted) }, error);
    }
  }
  return written;
}

/** The arguments to record after the patch and before the change of status, which is the last request. */
function recordedAfterPatch({ kind }: Objects, applied: Properties, wanted: Properties): Properties {
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

async function send(objects: Objects, patch: Patch): Promise<Written> {
  const { kind } = objects;
  const { id, changes, applied, wanted } = patch;
  let reply: BaseReply;
  try {
    reply = await sendPatch(objects, patch);
  } catch (error) {
    reply = await lookAfter(objects, patch, withReplaceAdvice(kind, error, changes));
  }
  let kept = keptValues(kind, patch, reply);
  if (kept.length > 0) {
    const patched = reply;
    reply = await objects.get(id).catch((error: unknown) => {
      // The service applied the patch; only the read that shows whether the values are gone failed.
      throw new PartialFailure({ ...openStanding(kind, applied, wanted), object: patched }, error, true);
    });
    kept = keptValues(kind, patch, reply);
  }
  const names = kept.map(({ argument }) => argument);
  const done = changes.filter(({ argument }) => !names.includes(argument));
  const baseline = rebased(kind, applied, done, reply, wanted);
  if (names.length > 0) {
    // The service kept these values although the patch changes them, so the state keeps them too.
    const others = argumentNames(kind).filter((name) => !names.includes(name));
    const after = recordedAfterPatch(objects, applied.arguments, wanted);
    const recorded = { ...only(after, others), ...only(applied.arguments, names) };
    throw new PartialFailure({ object: reply, recorded, baseline }, keptError(kind, kept));
  }
  await kind.afterWrite?.(objects, id, wanted);
  return { object: reply, baseline };
}

/**
 * The live object, if it shows that the service applied an update whose answer is unusable; otherwise throws the error of that
 * answer. Only the arguments of this update are compared: no reply shows a secret.
 */
async function lookAfter(
  objects: Objects,
  { id, changes, applied, wanted }: Patch,
  error: unknown,
): Promise<BaseReply> {
  const { kind } = objects;
  const now = error instanceof QoderReplyError ? await objects.get(id).catch(() => undefined) : undefined;
  if (now === undefined) {
    throw error;
  }
  const recorded = recordedWhileOpen(kind, applied.arguments, wanted);
  const shown = { arguments: liveAsShown(kind, now, recorded), outputs: toldOutputs(kind, now) };
  const isSent = ({ argument }: Change) => changes.some((change) => change.argument === argument);
  if (changesBetween(kind, shown, wanted).some(isSent)) {
    throw error;
  }
  return now;
}

/** Changes the status. After a 409 or an unusable answer, the live object shows whether it has the wanted status already. */
async function setStatus(objects: Objects, id: string, action: string, createdAt: unknown): Promise<BaseReply> {
  const missing = (reply: BaseReply) => objects.kind.statusChange?.missing(action, reply);
  try {
    const now = await objects.act(id, action, missing).catch(async (error: unknown) => {
      if (!(await isVisibleAfter(error, objects, id, creationTime(createdAt)))) {
        throw error;
      }
      return objects.act(id, action, missing);
    });
    return await marked(objects, action, now, true);
  } catch (error) {
    const isUnclear = error instanceof QoderApiError ? error.status === 409 : error instanceof QoderReplyError;
    const now = isUnclear
      ? await objects.get(id).catch((failed: unknown) => {
          throw mayHaveActed(error) ? error : failed;
        })
      : undefined;
    if (now !== undefined && now.archived_at == null && missing(now) === undefined) {
      return marked(objects, action, now, mayHaveActed(error));
    }
    throw error;
  }
}

/** Writes or removes the mark of the status, which is no failure of the change itself. */
async function marked(objects: Objects, action: string, now: BaseReply, isChanged: boolean): Promise<BaseReply> {
  const { client, kind } = objects;
  const mark = kind.statusChange?.mark?.(action, now, isChanged);
  return mark === undefined
    ? now
    : objects.update(now.id, mark).catch(async (error: unknown) => {
        const text = "did not take the mark by which `pulumi-qoder resume` knows whether a program stops it";
        await client.remark(warning(`${text}: ${reasonOf(error)}`));
        return now;
      });
}

/** "Errors": shortly after a create the service may answer 404. True if the object was that new, and the service shows it now. */
async function isVisibleAfter(error: unknown, objects: Objects, id: string, createdAt?: number): Promise<boolean> {
  const isNew = createdAt !== undefined && (ageAt(createdAt, objects.client.serviceNow()) ?? 0) < settlingMs;
  if (!isNew || !(error instanceof QoderApiError) || error.status !== 404) {
    return false;
  }
  const found = await findWhenSettled(objects, id, createdAt).catch(() => undefined);
  return found !== undefined;
}
