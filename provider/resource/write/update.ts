import { mayHaveActed, QoderApiError, QoderError } from "../../api/errors";
import type { JsonObject } from "../../api/schema";
import { type ApiRequest, requestLabel } from "../../api/transport";
import { withThose } from "../compare/arguments";
import {
  type Change,
  carriedParts,
  changesBetween,
  hasVersion,
  type Patch,
  patchBody,
  updateBody,
  versionIn,
} from "../compare/changes";
import { notDoneError, replaceAdvice } from "../compare/not-done";
import { isOlder } from "../compare/older";
import { leftUnanswered, namingOnce, sentOnce } from "../compare/unanswered";
import { followed, outcomeOf } from "../compare/views";
import type { PriorState, ResourceKind } from "../kind/kind";
import { type BaseReply, shownOutputs } from "../kind/outputs";
import { withParts } from "../kind/parts";
import { type Properties, same, without } from "../kind/program-values";
import { getRequest, updateRequest, versionRequest } from "../kind/requests";
import { type Upload, versionKey } from "../kind/uploads";
import type { Objects } from "../read/objects";
import { PartialFailure, type Written } from "../state/state";
import { onPresentVersion } from "./conflict";
import { asUpdated, ownSteps } from "./own-request";
import { lineOf, shownChanges, unknownWord } from "./request-lines";
import { settle } from "./settle";
import type { UpdateStep } from "./step";

/**
 * The steps from what is known of an object to the wanted arguments; none if only the state keeps what differs. `unknown`: the arguments
 * that a preview does not know.
 */
export function changeSteps(
  kind: ResourceKind,
  prior: PriorState,
  wanted: Properties,
  unknown: readonly string[] = [],
  isRead = true,
): readonly UpdateStep[] {
  const changesFrom = (known: PriorState) => changesBetween(kind, known, wanted);
  const changes = changesFrom(prior);
  const isSent = changes.length > 0 || unknown.some((name) => kind.fields[name]?.wire !== undefined);
  const steps = isSent ? [patchStep(kind, { changes, changesFrom }, prior, wanted, isRead)] : [];
  return [...steps, ...ownSteps(kind, prior, wanted, unknown)];
}

interface PlannedChanges {
  readonly changes: readonly Change[];
  /** The changes from what a GET has shown since. */
  changesFrom(known: PriorState): readonly Change[];
}

/** The steps of an update, from what the state knows of the object. */
export function updateSteps(
  kind: ResourceKind,
  prior: PriorState,
  wanted: Properties,
  unknown: readonly string[] = [],
): readonly UpdateStep[] {
  return changeSteps(kind, prior, wanted, unknown, false);
}

/**
 * One request with the changes of the arguments: a merge patch, or the upload of a version. Only a patch that also carries what others set
 * comes after a GET. `isRead`: a reply has just shown what is known of the object.
 */
function patchStep(
  kind: ResourceKind,
  { changes, changesFrom }: PlannedChanges,
  prior: PriorState,
  wanted: Properties,
  isRead: boolean,
): UpdateStep {
  const carries = Object.fromEntries(changes.map((change) => [change.argument, carriedParts(kind, change)]));
  const ofOthers = isRead ? [] : changes.filter(({ argument }) => kind.fields[argument]?.buildsOnLive);
  return {
    carries,
    lines(context) {
      const { id, outputs } = context;
      const body = updateBody(kind, shownChanges(changes, context), versionIn(kind, outputs) ?? unknownWord);
      const line = lineOf(changeRequest(kind, id, body), context);
      const notes = ofOthers.map(
        ({ argument }) =>
          `the settings of others beside ${argument} are shown from the state; the update sends them as the GET shows them`,
      );
      return ofOthers.length === 0 ? [line] : [requestLabel(getRequest(kind, id)), line, ...notes];
    },
    async take(objects, written) {
      const { id } = written.object;
      const applied = ofOthers.length === 0 ? prior : await look(objects, written, prior);
      const sent = applied === prior ? changes : changesFrom(applied);
      const patched = await send(objects, { id, changes: sent, applied, wanted });
      const names = Object.keys(carries);
      const baseline = { ...without(written.baseline ?? {}, names), ...patched.baseline };
      return { ...patched, baseline, unanswered: without(written.unanswered ?? {}, names) };
    },
    left: (written) => leftUnanswered(kind, written, wanted, carries),
  };
}

/** What is known of the object after a GET: the body of the next request carries what others set. */
async function look(objects: Objects, written: Written, prior: PriorState): Promise<PriorState> {
  const { id } = written.object;
  const read = async () => objects.againIfOlder(await objects.get(id), prior.outputs);
  const now = await read().catch((error: unknown) => {
    // A GET changes nothing, so nothing is unanswered.
    throw new PartialFailure(written, error, false);
  });
  return { ...prior, outputs: { ...prior.outputs, ...shownOutputs(objects.kind, now) } };
}

/** An update with the differences that the response to a GET shows, in words for a preview. */
export function laterLine(kind: ResourceKind, id: string): string {
  return `an update with the differences that the GET shows: ${requestLabel(changeRequest(kind, id, {}))}`;
}

function changeRequest(kind: ResourceKind, id: string, body: JsonObject): ApiRequest {
  return kind.upload?.versions === undefined ? updateRequest(kind, id, body) : versionRequest(kind, id, body);
}

export async function update(objects: Objects, id: string, prior: PriorState, wanted: Properties): Promise<Written> {
  try {
    const written = await take(objects, { id }, updateSteps(objects.kind, prior, wanted), prior);
    return { ...written, baseline: followed(objects.kind, written.baseline ?? {}, wanted) };
  } catch (error) {
    const isUndone =
      error instanceof PartialFailure &&
      error.written.recorded === prior.arguments &&
      error.written.unanswered === prior.unanswered;
    throw isUndone ? error.cause : error;
  }
}

/** Takes the steps for an object that exists. Throws what is done and known of it as a `PartialFailure`. */
export async function take(
  objects: Objects,
  object: BaseReply,
  steps: readonly UpdateStep[],
  prior: PriorState,
): Promise<Written> {
  const { arguments: recorded, baseline, unanswered } = prior;
  let written: Written = { object, recorded, baseline, unanswered };
  for (const step of steps) {
    try {
      written = await step.take(objects, written);
    } catch (error) {
      const failure = error instanceof PartialFailure ? error : new PartialFailure(written, error);
      throw failure.mayBeDone
        ? new PartialFailure({ ...failure.written, ...step.left(failure.written) }, failure.cause, true)
        : failure;
    }
  }
  return { ...written, baseline: written.baseline ?? {}, unanswered: {} };
}

async function send(objects: Objects, patch: Patch): Promise<Written> {
  const { kind } = objects;
  const { id, changes, applied, wanted } = patch;
  const { baseline: before = {}, unanswered } = applied;
  let reply = await sendPatch(objects, patch).catch((error: unknown) => {
    throw mayHaveActed(error) ? error : withReplaceAdvice(kind, error, changes);
  });
  const judged = (shown: BaseReply) => outcomeOf(kind, patch, shown);
  let { undone, isShown, baseline } = judged(reply);
  if (Object.keys(undone).length > 0 || !isShown || isOlder(kind, reply, applied.outputs)) {
    const patched = reply;
    const read = async () => objects.againIfOlder(await objects.get(id), applied.outputs);
    reply = await read().catch((error: unknown) => {
      // The service applied the patch; only the read that shows how it lives failed.
      throw new PartialFailure(
        { object: patched, recorded: applied.arguments, baseline: before, unanswered },
        error,
        true,
      );
    });
    ({ undone, baseline } = judged(reply));
  }
  const notDone = changes.filter(({ argument }) => undone[argument] !== undefined);
  const after = asUpdated(kind, applied.arguments, wanted);
  if (notDone.length > 0) {
    // The service kept these values although the patch changes them, so the state keeps them too.
    const kept = Object.entries(undone).map(([name, parts]) => {
      return [name, withParts(after[name], applied.arguments[name], parts, kind.fields[name]?.inParts)] as const;
    });
    const recorded = withThose(after, Object.fromEntries(kept), Object.keys(undone));
    const answered = changes.map(({ argument }) => argument);
    // A reply that does not show a value is no proof that the object lacks it.
    const left = { ...without(unanswered ?? {}, answered), ...undone };
    throw new PartialFailure({ object: reply, recorded, baseline, unanswered: left }, notDoneError(kind, notDone));
  }
  await kind.afterWrite?.(objects, id, wanted);
  return { object: reply, recorded: after, baseline };
}

/** Sends the changes in one request. For a kind with versions, the request names the version from which the changes were computed. */
async function sendPatch(objects: Objects, patch: Patch): Promise<BaseReply> {
  const { kind } = objects;
  const { id, changes, applied, wanted } = patch;
  if (kind.upload?.versions !== undefined) {
    return addVersion(objects, patch, kind.upload);
  }
  const version = versionIn(kind, applied.outputs);
  if (hasVersion(kind) && version === undefined) {
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
    return hasVersion(kind) && isConflict
      ? onPresentVersion(objects, patch, error).catch((failed: unknown) => {
          const { arguments: recorded, baseline, unanswered } = applied;
          throw mayHaveActed(error)
            ? new PartialFailure({ object: { id }, recorded, baseline, unanswered }, failed, true)
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
