import { mayHaveActed, QoderApiError, QoderError } from "../../api/errors";
import { warning } from "../../api/remark";
import type { JsonObject } from "../../api/schema";
import { type ApiRequest, requestLabel } from "../../api/transport";
import { withThose } from "../compare/arguments";
import { rebased } from "../compare/baseline";
import {
  type Change,
  carriedParts,
  changesBetween,
  changesIn,
  type Patch,
  patchBody,
  updateBody,
  versionIn,
} from "../compare/changes";
import { keepingOthers, notDoneError, replaceAdvice, undoneIn } from "../compare/not-done";
import { isOlder } from "../compare/older";
import { leftOpen, namingOnce, sentOnce } from "../compare/unanswered";
import type { PriorState, ResourceKind } from "../kind/kind";
import { type BaseReply, shownOutputs } from "../kind/outputs";
import { type ArgumentParts, wholeName, withParts } from "../kind/parts";
import { type Properties, same, without } from "../kind/program-values";
import { getRequest, updateRequest, versionRequest } from "../kind/requests";
import { type Upload, versionKey } from "../kind/uploads";
import type { Objects } from "../read/objects";
import { PartialFailure, type Written } from "../state/state";
import { onPresentVersion } from "./conflict";
import { type Context, lineOf, shownChanges, unknownWord } from "./request-lines";
import { settle } from "./settle";
import { changeStatus, type StatusStep, statusSteps, withStatusOf } from "./status";

/** One request with the changes of the arguments: a merge patch, or the upload of a version. */
interface PatchStep {
  readonly do: "patch";
  readonly changes: readonly Change[];
}

export type UpdateStep =
  /** The GET before a patch whose body depends on what lives. */
  | { readonly do: "look" }
  | PatchStep
  | StatusStep
  /** Waits for the end of a run, if the program asks for its result. */
  | { readonly do: "wait" };

/**
 * The steps from what is known of an object to the wanted arguments; none if only the state keeps what differs. `unknown`: the arguments
 * that a preview does not know.
 */
export function changeSteps(
  kind: ResourceKind,
  prior: PriorState,
  wanted: Properties,
  unknown: readonly string[] = [],
): readonly UpdateStep[] {
  if (kind.run !== undefined) {
    return [{ do: "wait" }];
  }
  const changes = changesBetween(kind, prior, wanted);
  const isSent = changes.length > 0 || unknown.some((name) => kind.fields[name]?.wire !== undefined);
  const steps: readonly UpdateStep[] = isSent ? [{ do: "patch", changes }] : [];
  return [...steps, ...statusSteps(kind, prior, wanted, unknown)];
}

/** The steps of an update. Only a patch that also carries what others set is computed from a GET. */
export function updateSteps(
  kind: ResourceKind,
  prior: PriorState,
  wanted: Properties,
  unknown: readonly string[] = [],
): readonly UpdateStep[] {
  const steps = changeSteps(kind, prior, wanted, unknown);
  const isLooking = changesIn(steps).some(({ argument }) => kind.fields[argument]?.buildsOnLive);
  return isLooking ? [{ do: "look" }, ...steps] : steps;
}

/** An update with the differences that the response to a GET shows, in words for a preview. */
export function laterLine(kind: ResourceKind, id: string): string {
  return `an update with the differences that the GET shows: ${requestLabel(changeRequest(kind, id, {}))}`;
}

export function lookLines({ kind, id }: Context): readonly string[] {
  return [requestLabel(getRequest(kind, id))];
}

export function patchLines(context: Context, { changes }: PatchStep): readonly string[] {
  const { kind, id, outputs } = context;
  const version = versionIn(kind, outputs);
  const body = updateBody(kind, shownChanges(changes, context), version ?? unknownWord);
  const line = lineOf(changeRequest(kind, id, body), context);
  const settings = changes.filter(({ argument }) => kind.fields[argument]?.buildsOnLive);
  return [
    line,
    ...settings.map(
      ({ argument }) =>
        `the settings of others beside ${argument} are shown from the state; the update sends them as the GET shows them`,
    ),
  ];
}

function changeRequest(kind: ResourceKind, id: string, body: JsonObject): ApiRequest {
  return kind.upload?.versions === undefined ? updateRequest(kind, id, body) : versionRequest(kind, id, body);
}

export async function update(objects: Objects, id: string, prior: PriorState, wanted: Properties): Promise<Written> {
  const planned = updateSteps(objects.kind, prior, wanted);
  const [first] = planned;
  const known = first?.do === "look" ? await look(objects, id, prior) : prior;
  const steps = first?.do === "look" ? changeSteps(objects.kind, known, wanted) : planned;
  try {
    return await take(objects, { id }, steps, known, wanted);
  } catch (error) {
    const isUndone =
      error instanceof PartialFailure &&
      error.written.recorded === prior.arguments &&
      error.written.open === prior.open;
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
  const { arguments: recorded, baseline, open } = prior;
  let written: Written = { object, recorded, baseline, open };
  for (const step of steps) {
    try {
      written = await takeStep(objects, step, written, prior, wanted);
    } catch (error) {
      const failure = error instanceof PartialFailure ? error : new PartialFailure(written, error);
      const { recorded: reached, open: before = {} } = failure.written;
      const left = leftOpen(objects.kind, { recorded: reached, open: before }, wanted, carriedBy(objects.kind, step));
      throw failure.isOpen ? new PartialFailure({ ...failure.written, ...left }, failure.cause, true) : failure;
    }
  }
  return { ...written, baseline: written.baseline ?? {}, open: {} };
}

async function takeStep(
  objects: Objects,
  step: UpdateStep,
  written: Written,
  prior: PriorState,
  wanted: Properties,
): Promise<Written> {
  const { object } = written;
  const names = Object.keys(carriedBy(objects.kind, step));
  const open = without(written.open ?? {}, names);
  if (step.do === "patch") {
    const patched = await send(objects, { id: object.id, changes: step.changes, applied: prior, wanted });
    return { ...patched, baseline: { ...without(written.baseline ?? {}, names), ...patched.baseline }, open };
  }
  if (step.do === "status" && step.action !== undefined) {
    const reply = await changeStatus(objects, object.id, step.action, prior.outputs["createdAt"]);
    return { ...written, object: { ...object, ...reply }, open };
  }
  return step.do === "wait" ? waitForRun(objects, written, prior.outputs, wanted) : written;
}

function carriedBy(kind: ResourceKind, step: UpdateStep): ArgumentParts {
  const changes = step.do === "patch" ? step.changes : [];
  const carried = changes.map((change) => [change.argument, carriedParts(kind, change)] as const);
  return { ...Object.fromEntries(carried), ...(step.do === "status" ? { [step.argument]: [wholeName] } : {}) };
}

/** What is known of the object after a GET: the body of the next request carries what others set. */
async function look(objects: Objects, id: string, prior: PriorState): Promise<PriorState> {
  const now = await objects.againIfOlder(await objects.get(id), prior.outputs);
  return { ...prior, outputs: { ...prior.outputs, ...shownOutputs(objects.kind, now) } };
}

/** The run costs credits already, so a failure carries what is known: the next update waits again and starts no second run. */
async function waitForRun(
  { client, kind, declared }: Objects,
  written: Written,
  outputs: Properties,
  wanted: Properties,
): Promise<Written> {
  const ended = await kind.run?.wait({ client, object: written.object, outputs, declared }, wanted);
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
  const { baseline: before = {}, open } = applied;
  let reply = await sendPatch(objects, patch).catch((error: unknown) => {
    throw mayHaveActed(error) ? error : withReplaceAdvice(kind, error, changes);
  });
  let undone = undoneIn(kind, patch, reply);
  const isOld = isOlder(kind, reply, applied.outputs);
  if (Object.keys(undone).length > 0 || !showsAll(kind, patch, reply) || isOld) {
    const patched = reply;
    const read = async () => objects.againIfOlder(await objects.get(id), applied.outputs);
    reply = await read().catch((error: unknown) => {
      // The service applied the patch; only the read that shows how it lives failed.
      throw new PartialFailure({ object: patched, recorded: applied.arguments, baseline: before, open }, error, true);
    });
    undone = undoneIn(kind, patch, reply);
  }
  const notDone = changes.filter(({ argument }) => undone[argument] !== undefined);
  const after = withStatusOf(kind, applied.arguments, wanted);
  const baseline = rebased(kind, applied, changes, reply, wanted, undone);
  if (notDone.length > 0) {
    // The service kept these values although the patch changes them, so the state keeps them too.
    const kept = Object.entries(undone).map(([name, parts]) => {
      return [name, withParts(after[name], applied.arguments[name], parts, kind.fields[name]?.inParts)] as const;
    });
    const recorded = withThose(after, Object.fromEntries(kept), Object.keys(undone));
    const answered = changes.map(({ argument }) => argument);
    // A reply that does not show a value is no proof that the object lacks it.
    const left = { ...without(open ?? {}, answered), ...undone };
    throw new PartialFailure({ object: reply, recorded, baseline, open: left }, notDoneError(kind, notDone));
  }
  const others = keepingOthers(kind, patch, reply);
  if (others.length > 0) {
    const text = `the service keeps members of ${others.join(", ")} that this program never sent, although the update leaves them out`;
    await objects.client.remark(warning(`${text}. They count as the service's own from now on`));
  }
  await kind.afterWrite?.(objects, id, wanted);
  return { object: reply, recorded: after, baseline };
}

/** A reply that leaves out what the update carried does not say how the service shows it. */
function showsAll({ fields }: ResourceKind, { changes, wanted }: Patch, reply: BaseReply): boolean {
  return changes.every(({ argument }) => {
    const { live, wire = "", shownIn = wire } = fields[argument] ?? {};
    return live === undefined || wanted[argument] === undefined || reply[shownIn] !== undefined;
  });
}

/** Sends the changes in one request. For a kind with versions, the request names the version from which the changes were computed. */
async function sendPatch(objects: Objects, patch: Patch): Promise<BaseReply> {
  const { kind } = objects;
  const { id, changes, applied, wanted } = patch;
  if (kind.upload?.versions !== undefined) {
    return addVersion(objects, patch, kind.upload);
  }
  const version = versionIn(kind, applied.outputs);
  if (kind.versionMember !== undefined && version === undefined) {
    return onPresentVersion(objects, patch);
  }
  const body = updateBody(kind, changes, version);
  const once = sentOnce(kind, changes);
  if (Object.keys(once).length > 0) {
    return objects.update(id, body, wanted, "only-if-refused").catch((error: unknown) => {
      throw namingOnce(kind, error, once);
    });
  }
  return objects.update(id, body, wanted).catch((error: unknown) => {
    const isConflict = error instanceof QoderApiError && error.status === 409;
    return kind.versionMember !== undefined && isConflict
      ? onPresentVersion(objects, patch, error).catch((failed: unknown) => {
          const { arguments: recorded, baseline, open } = applied;
          throw mayHaveActed(error)
            ? new PartialFailure({ object: { id }, recorded, baseline, open }, failed, true)
            : failed;
        })
      : Promise.reject(error);
  });
}

/** Adds a version with the wanted files, once: after a lost answer, the newest version decides whether another request follows. */
async function addVersion(objects: Objects, patch: Patch, upload: Upload): Promise<BaseReply> {
  const { client, kind } = objects;
  const { id, changes, applied, wanted } = patch;
  const { versions } = upload;
  const body = patchBody(changes);
  const key = versions === undefined ? "" : versionKey(versions, objects, id, body, applied.outputs);
  const { done } = await settle(client, () => objects.addVersion(id, body, wanted, key), {
    async look(late) {
      const shown = objects.within(late);
      const now = await shown.get(id);
      const isNew = !same(versions?.newest(shownOutputs(kind, now)), versions?.newest(applied.outputs));
      return { ...now, isNew, isHeld: isNew && (await upload.holds(shown, now, wanted)) === true };
    },
    isDone: (now): now is typeof now & BaseReply => now.isHeld,
    mayRepeat: ({ isNew }) => !isNew,
    whether: `a version of ${id} was added`,
  });
  return done;
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
