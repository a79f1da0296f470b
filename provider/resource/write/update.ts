import { QoderApiError, QoderError } from "../../api/errors";
import { warning } from "../../api/remark";
import { liveAsShown, recordedWhileOpen, withThose } from "../arguments";
import { rebased, shownAfterWrite, withSent } from "../baseline";
import { same } from "../fields/comparison";
import type { Known, ResourceKind } from "../kind";
import type { Objects } from "../objects";
import { type BaseReply, shownOutputs } from "../outputs";
import type { Properties } from "../program-values";
import { PartialFailure, type Written } from "../state";
import { idempotencyKey } from "./idempotency";
import { type Kept, keptValues, outcomeOf } from "./outcome";
import { type Change, changesBetween, type Patch, updateBody, versionIn } from "./plan";
import { follow } from "./run";
import { carriesSecret, countsAsSent, isUpdated, openSecrets, sendSecret } from "./secrets";
import { changeStatus } from "./status";
import { changeSteps, orRead, type Step, updateSteps } from "./steps";

export async function update(objects: Objects, id: string, known: Known, wanted: Properties): Promise<Written> {
  const planned = updateSteps(objects.kind, known, wanted);
  const [first] = planned;
  const applied = first?.do === "look" ? await look(objects, id, known, wanted, first.why) : known;
  const steps = first?.do === "look" ? orRead(changeSteps(objects.kind, applied, wanted)) : planned;
  try {
    return await take(objects, { id }, steps, applied, wanted);
  } catch (error) {
    const isUndone = error instanceof PartialFailure && error.written.recorded === applied.arguments;
    throw isUndone ? error.cause : error;
  }
}

/** The object to record while nobody knows whether the service applied the update. */
function openWritten(
  kind: ResourceKind,
  object: BaseReply,
  { arguments: older, outputs, baseline }: Known,
  wanted: Properties,
): Written {
  const recorded = recordedWhileOpen(kind, older, wanted);
  if (baseline === undefined) {
    return { object, recorded, baseline };
  }
  // The next read needs the older value only of arguments that the service shows in another form.
  const names = changesBetween(kind, { arguments: older, outputs }, wanted)
    .map(({ argument }) => argument)
    .filter((name) => Object.hasOwn(baseline, name));
  return { object, recorded, baseline: withSent(kind, baseline, older, names) };
}

/** Sends what a create request cannot carry. The object exists by now, so every failure must carry it into the state. */
export async function finish(
  objects: Objects,
  { object, recorded, baseline }: Written,
  wanted: Properties,
): Promise<Written> {
  const known = { arguments: recorded, outputs: shownOutputs(objects.kind, object), baseline };
  return take(objects, object, changeSteps(objects.kind, known, wanted), known, wanted);
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
    return { ...recorded, outputs: { ...recorded.outputs, ...shownOutputs(kind, now) } };
  }
  // Only an object that nobody has updated since the recorded time proves that the secrets of an open update did not arrive.
  const updated = isUpdated(kind, recorded.outputs, now);
  const held = updated === false ? [] : openSecrets(kind, recorded.arguments);
  const shown = liveAsShown(kind, now, recorded.arguments, recorded.baseline, held.length > 0);
  const live = await withFilesHeld(objects, now, shown, wanted);
  const outputs = shownOutputs(kind, now);
  if (held.length > 0 && !carriesSecret(kind, changesBetween(kind, { arguments: live, outputs }, wanted))) {
    const text = countsAsSent(objects, id, held, updated === true);
    await objects.client.remark(warning(`the answer to an earlier update was lost. ${text}`));
  }
  return { arguments: live, outputs, baseline: shownAfterWrite(kind, now, live) };
}

/** Takes the steps for an object that exists. Throws what is done and known of it as a `PartialFailure`. */
async function take(
  objects: Objects,
  object: BaseReply,
  steps: readonly Step[],
  known: Known,
  wanted: Properties,
): Promise<Written> {
  const { id } = object;
  const { arguments: recorded, outputs, baseline } = known;
  let written: Written = { object, recorded, baseline };
  try {
    for (const step of steps) {
      if (step.do === "patch") {
        written = await send(objects, { id, changes: step.changes, applied: known, wanted });
      } else if (step.do === "status" && step.action !== undefined) {
        const reply = await changeStatus(objects, id, step.action, outputs["createdAt"]);
        written = { ...written, object: { ...written.object, ...reply } };
      } else if (step.do === "read") {
        written = { ...written, object: await objects.get(id) };
      } else if (step.do === "wait") {
        written = await follow(objects, step.ending, written, outputs, wanted);
      }
    }
    return written;
  } catch (error) {
    const failure = error instanceof PartialFailure ? error : new PartialFailure(written, error);
    throw failure.isOpen
      ? new PartialFailure(openWritten(objects.kind, failure.written.object, known, wanted), failure.cause, true)
      : failure;
  }
}

async function send(objects: Objects, patch: Patch): Promise<Written> {
  const { kind } = objects;
  const { id, changes, applied, wanted } = patch;
  let reply: BaseReply;
  try {
    reply = await sendPatch(objects, patch);
  } catch (error) {
    reply = await outcomeOf(objects, patch, withReplaceAdvice(kind, error, changes));
  }
  let kept = keptValues(kind, patch, reply);
  if (kept.length > 0) {
    const patched = reply;
    reply = await objects.get(id).catch((error: unknown) => {
      // The service applied the patch; only the read that shows whether the values are gone failed.
      throw new PartialFailure(openWritten(kind, patched, applied, wanted), error, true);
    });
    kept = keptValues(kind, patch, reply);
  }
  const names = kept.map(({ argument }) => argument);
  // A request of its own changes the status.
  const { argument: status } = kind.statusChange ?? {};
  const after = withThose(wanted, applied.arguments, status === undefined ? [] : [status]);
  const done = changes.filter(({ argument }) => !names.includes(argument));
  const baseline = rebased(kind, applied, done, reply, wanted);
  if (names.length > 0) {
    // The service kept these values although the patch changes them, so the state keeps them too.
    const recorded = withThose(after, applied.arguments, names);
    throw new PartialFailure({ object: reply, recorded, baseline }, keptError(kind, kept));
  }
  await kind.afterWrite?.(objects, id, wanted);
  return { object: reply, recorded: after, baseline };
}

/** Sends the changes in one request. For a kind with versions, the request names the version from which the changes were computed. */
async function sendPatch(objects: Objects, patch: Patch): Promise<BaseReply> {
  const { kind } = objects;
  const { id, changes, applied, wanted } = patch;
  if (kind.upload?.versions !== undefined) {
    return sendVersion(objects, patch);
  }
  const version = versionIn(kind, applied.outputs);
  if (kind.versionMember !== undefined && version === undefined) {
    throw new QoderError(`neither the state nor the service shows the ${kind.versionMember} of this ${kind.noun}`);
  }
  const body = updateBody(kind, changes, version);
  return carriesSecret(kind, changes) ? sendSecret(objects, patch, body) : objects.update(id, body, wanted);
}

/** The live arguments, with the wanted files if the newest version holds them: only a download shows that. */
async function withFilesHeld(
  objects: Objects,
  object: BaseReply,
  live: Properties,
  wanted: Properties,
): Promise<Properties> {
  const { upload } = objects.kind;
  if (upload === undefined || same(live[upload.argument], wanted[upload.argument])) {
    return live;
  }
  const isLive = await upload.holds(objects, object, wanted);
  return isLive === true ? { ...live, [upload.argument]: wanted[upload.argument] } : live;
}

/**
 * Uploads the changed files as a new version. The key is the same in every process that goes from the same state to the same files, so
 * another try after a lost answer adds no second version. The newest recorded version is a part of the key: if the same files come back
 * later, the service must not repeat its older answer.
 */
async function sendVersion(objects: Objects, { id, changes, applied, wanted }: Patch): Promise<BaseReply> {
  const { client, files, kind } = objects;
  const body = updateBody(kind, changes, undefined);
  const seed = { ...body, newest: kind.upload?.versions?.newest(applied.outputs) ?? null };
  const key = idempotencyKey(files.origin, seed, 0, client.account.workspaceId, id);
  return objects.addVersion(id, body, wanted, key);
}

function keptError(kind: ResourceKind, kept: readonly Kept[]): QoderError {
  const removed = kept.filter(({ value }) => value === null);
  const changed = kept.filter(({ value }) => value !== null).map(({ member }) => member);
  const doubt = removed.some(({ isShown }) => isShown)
    ? "but still shows the value"
    : "but does not show whether the value is gone";
  return new QoderError(
    [
      ...(removed.length === 0
        ? []
        : [
            `the API accepted ${removed.map(({ member }) => `${member}: null`).join(", ")} ${doubt}`,
            replaceAdvice(kind, removed),
          ]),
      ...(changed.length === 0
        ? []
        : [
            `the API answered the change of ${changed.join(", ")} with success but still shows the old value`,
            "Run `pulumi up` again, which sends the change again; if the old value stays, ask Qoder",
          ]),
    ].join(".\n"),
  );
}

/** Advises a replacement only if the service refused the null: it would refuse any other value of the new object again. */
function withReplaceAdvice(kind: ResourceKind, error: unknown, changes: readonly Change[]): unknown {
  if (!(error instanceof QoderApiError) || error.status !== 400) {
    return error;
  }
  const nulls = changes.filter(({ value }) => value === null);
  const { param, serverMessage } = error;
  const isAlone = nulls.length === changes.length;
  const isMeant = ({ member }: Change) =>
    param === undefined ? isAlone || serverMessage.includes(member) : param.split(".")[0] === member;
  const refused = nulls.filter(isMeant);
  return refused.length > 0 ? new QoderError(`${error.message}.\n${replaceAdvice(kind, refused)}`) : error;
}

function replaceAdvice({ fields, noun }: ResourceKind, changes: readonly Change[]): string {
  const names = changes.map(({ argument }) => `"${argument}"`).join(", ");
  const others = changes.flatMap(({ argument }) => fields[argument]?.insteadOfRemoval ?? []);
  return [
    `To remove it, set replaceOnChanges: [${names}] for one \`pulumi up\`, which permanently archives this ${noun} and creates another`,
    ...others,
  ].join(". ");
}
