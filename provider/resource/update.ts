import { QoderApiError, QoderError } from "../api/errors";
import { warning } from "../api/remark";
import type { JsonObject } from "../api/schema";
import { type ApiRequest, requestLabel } from "../api/transport";
import { liveAsShown, recordedWhileOpen, withThose } from "./arguments";
import { rebased, shownAfterWrite, withSent } from "./baseline";
import { type Change, changesBetween, type Patch, patchBody, updateBody, versionIn } from "./changes";
import type { PriorState, ResourceKind } from "./kind";
import type { Objects } from "./objects";
import { type Kept, keptValues, outcomeOf } from "./outcome";
import { type BaseReply, shownOutputs } from "./outputs";
import type { Properties } from "./program-values";
import { type Context, lineOf, shownChanges, unknownWord } from "./request-lines";
import { getRequest, updateRequest, versionRequest } from "./requests";
import { arrivedSecrets, carriesSecret, countsAsSent, sendSecret } from "./secrets";
import { PartialFailure, type Written } from "./state";
import { changeStatus, type StatusStep, statusSteps, withStatusOf } from "./status";
import { versionKey, withFilesHeld } from "./uploads";

/** Why an update reads the object before it sends anything. */
type Reason =
  | "as the result of the last write is unknown"
  | "as others may have set values beside it"
  | "as others uploaded files";

interface LookStep {
  readonly do: "look";
  readonly why: Reason;
}

/** One request with the changes of the arguments: a merge patch, or the upload of a version. */
interface PatchStep {
  readonly do: "patch";
  readonly changes: readonly Change[];
  readonly why: Reason | undefined;
}

export type UpdateStep =
  | LookStep
  | PatchStep
  | StatusStep
  /** Nothing is left to send: an earlier try did everything, or only an argument differs that the state alone keeps. */
  | { readonly do: "read" }
  /** Waits for the end of a run, if the program asks for its result. */
  | { readonly do: "wait" };

/** The steps from what is known of an object to the wanted arguments. `open`: the arguments that a preview does not know. */
export function changeSteps(
  kind: ResourceKind,
  prior: PriorState,
  wanted: Properties,
  open: readonly string[] = [],
): readonly UpdateStep[] {
  const { fields, run, upload } = kind;
  if (run !== undefined) {
    return [{ do: "wait" }];
  }
  const changes = changesBetween(kind, prior, wanted);
  const isForeign = ({ argument }: Change) => fields[argument]?.isForeign?.(prior.arguments[argument]) === true;
  const why = changes.some(({ argument }) => fields[argument]?.buildsOnLive)
    ? "as others may have set values beside it"
    : upload?.versions !== undefined && changes.some(isForeign)
      ? "as others uploaded files"
      : undefined;
  const patch = { do: "patch", changes, why } as const;
  const isSent = changes.length > 0 || open.some((name) => fields[name]?.wire !== undefined);
  const steps: readonly UpdateStep[] = isSent ? [patch] : [];
  return [...steps, ...statusSteps(kind, prior, wanted, open)];
}

export function updateSteps(
  kind: ResourceKind,
  prior: PriorState,
  wanted: Properties,
  open: readonly string[] = [],
): readonly UpdateStep[] {
  const steps = changeSteps(kind, prior, wanted, open);
  if (prior.isOpen && kind.run === undefined) {
    return [lookAfterLoss, ...steps];
  }
  const [first] = steps;
  const why = first?.do === "patch" ? first.why : undefined;
  return why === undefined ? orRead(steps) : [{ do: "look", why }, ...steps];
}

export const lookAfterLoss = { do: "look", why: "as the result of the last write is unknown" } as const;

/** The steps, or the read that an update sends in place of none: its answer must reach the state. */
function orRead(steps: readonly UpdateStep[]): readonly UpdateStep[] {
  return steps.length > 0 ? steps : [{ do: "read" }];
}

/** An update with the differences that the response to a GET shows, in words for a preview. */
export function laterLine(kind: ResourceKind, id: string, why = ""): string {
  return `an update with the differences that the GET shows${why}: ${requestLabel(changeRequest(kind, id, {}))}`;
}

export function lookLines({ kind, id }: Context, { why }: LookStep): readonly string[] {
  const isOpen = why === lookAfterLoss.why;
  return [
    requestLabel(getRequest(kind, id)),
    ...(isOpen ? [laterLine(kind, id, ", because the result of the last update is unknown")] : []),
  ];
}

export function patchLines(context: Context, { changes, why }: PatchStep): readonly string[] {
  const { kind, id, outputs } = context;
  const version = versionIn(kind, outputs);
  const body = updateBody(kind, shownChanges(changes, context), version ?? unknownWord);
  const line = lineOf(changeRequest(kind, id, body), context);
  return [
    ...(kind.versionMember !== undefined && version === undefined ? [requestLabel(getRequest(kind, id))] : []),
    why === "as others uploaded files" ? `and where the newest version does not have the same files, ${line}` : line,
    ...changes.flatMap(({ argument }) =>
      kind.fields[argument]?.buildsOnLive
        ? [
            `the settings of others beside ${argument} are shown from the state; the update sends them as the GET shows them`,
          ]
        : [],
    ),
  ];
}

function changeRequest(kind: ResourceKind, id: string, body: JsonObject): ApiRequest {
  return kind.upload?.versions === undefined ? updateRequest(kind, id, body) : versionRequest(kind, id, body);
}

/** The object to record while nobody knows whether the service applied the update. */
function openWritten(
  kind: ResourceKind,
  object: BaseReply,
  { arguments: older, outputs, baseline }: PriorState,
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

export async function update(objects: Objects, id: string, prior: PriorState, wanted: Properties): Promise<Written> {
  const planned = updateSteps(objects.kind, prior, wanted);
  const [first] = planned;
  const applied = first?.do === "look" ? await look(objects, id, prior, wanted, first.why) : prior;
  const steps = first?.do === "look" ? orRead(changeSteps(objects.kind, applied, wanted)) : planned;
  try {
    return await take(objects, { id }, steps, applied, wanted);
  } catch (error) {
    const isUndone = error instanceof PartialFailure && error.written.recorded === applied.arguments;
    throw isUndone ? error.cause : error;
  }
}

/** Takes the steps for an object that exists. Throws what is done and known of it as a `PartialFailure`. */
export async function take(
  objects: Objects,
  object: BaseReply,
  steps: readonly UpdateStep[],
  prior: PriorState,
  wanted: Properties,
): Promise<Written> {
  const { id } = object;
  const { arguments: recorded, outputs, baseline } = prior;
  let written: Written = { object, recorded, baseline };
  try {
    for (const step of steps) {
      if (step.do === "patch") {
        written = await send(objects, { id, changes: step.changes, applied: prior, wanted });
      } else if (step.do === "status" && step.action !== undefined) {
        const reply = await changeStatus(objects, id, step.action, outputs["createdAt"]);
        written = { ...written, object: { ...written.object, ...reply } };
      } else if (step.do === "read") {
        written = { ...written, object: await objects.get(id) };
      } else if (step.do === "wait") {
        written = await waitForRun(objects, written, outputs, wanted);
      }
    }
    return written;
  } catch (error) {
    const failure = error instanceof PartialFailure ? error : new PartialFailure(written, error);
    throw failure.isOpen
      ? new PartialFailure(openWritten(objects.kind, failure.written.object, prior, wanted), failure.cause, true)
      : failure;
  }
}

/** Reads the object: the values from which the rest of the update is planned. */
async function look(
  objects: Objects,
  id: string,
  recorded: PriorState,
  wanted: Properties,
  why: Reason,
): Promise<PriorState> {
  const { kind } = objects;
  const now = await objects.get(id);
  if (why === "as others may have set values beside it") {
    return { ...recorded, outputs: { ...recorded.outputs, ...shownOutputs(kind, now) } };
  }
  const { held, isShown } = arrivedSecrets(kind, recorded, now);
  const shown = liveAsShown(kind, now, recorded.arguments, recorded.baseline, held.length > 0);
  const live = await withFilesHeld(kind.upload, objects, now, shown, wanted);
  const outputs = shownOutputs(kind, now);
  if (held.length > 0 && !carriesSecret(kind, changesBetween(kind, { arguments: live, outputs }, wanted))) {
    const text = countsAsSent(objects, id, held, isShown);
    await objects.client.remark(warning(`the answer to an earlier update was lost. ${text}`));
  }
  return { arguments: live, outputs, baseline: shownAfterWrite(kind, now, live) };
}

/** The run costs credits already, so a failure carries what is known: the next update waits again and starts no second run. */
async function waitForRun(
  { client, kind }: Objects,
  written: Written,
  outputs: Properties,
  wanted: Properties,
): Promise<Written> {
  const ended = await kind.run?.wait({ client, object: written.object, outputs }, wanted);
  const after = { ...written, object: ended?.object ?? written.object, recorded: wanted };
  if (ended?.failure !== undefined) {
    // Only GETs were sent, so the service changed nothing.
    throw new PartialFailure(after, ended.failure, false);
  }
  return after;
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
  const after = withStatusOf(kind, applied.arguments, wanted);
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
  const { versions } = kind.upload ?? {};
  if (versions !== undefined) {
    const body = patchBody(changes);
    return objects.addVersion(id, body, wanted, versionKey(versions, objects, id, body, applied.outputs));
  }
  const version = versionIn(kind, applied.outputs);
  if (kind.versionMember !== undefined && version === undefined) {
    throw new QoderError(`neither the state nor the service shows the ${kind.versionMember} of this ${kind.noun}`);
  }
  const body = updateBody(kind, changes, version);
  return carriesSecret(kind, changes) ? sendSecret(objects, patch, body) : objects.update(id, body, wanted);
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
