import type { QoderClient } from "../api/client";
import { mayHaveActed, QoderApiError, QoderError, QoderReplyError } from "../api/errors";
import type { Deployment } from "../api/schema";
import type { Live } from "../arguments/field";
import { type Arguments, fields } from "../fields";
import { type Change, changesBetween, patchBody, pauseChange } from "../patch";
import { liveOf, only, openArguments, shownArguments } from "../state";
import { PartialFailure } from "./partial-failure";

export interface Applied {
  readonly arguments: Partial<Arguments>;
  readonly live: Live;
}

/** Turns the recorded deployment into the wanted one. */
export async function update(
  client: QoderClient,
  id: string,
  recorded: Applied,
  wanted: Partial<Arguments>,
  isOpen: boolean,
): Promise<Deployment> {
  const applied = await appliedNow(client, id, recorded, wanted, isOpen);
  try {
    // Nothing to send: an earlier try did it all, but its answer did not reach the state.
    return (await applyChanges(client, id, applied, wanted)) ?? (await client.getDeployment(id));
  } catch (error) {
    const { deployment, cause } = error instanceof PartialFailure ? error : { deployment: { id }, cause: error };
    if (mayHaveActed(cause)) {
      throw new PartialFailure(deployment, cause, openArguments(applied.arguments, wanted));
    }
    throw error;
  }
}

/** Whatever fails from here on, there is a deployment, and it must reach the state. */
export async function finish(
  client: QoderClient,
  deployment: Deployment,
  held: Partial<Arguments>,
  wanted: Partial<Arguments>,
): Promise<Deployment> {
  try {
    const applied = { arguments: held, live: liveOf(deployment) };
    return (await applyChanges(client, deployment.id, applied, wanted)) ?? deployment;
  } catch (error) {
    throw error instanceof PartialFailure ? error : new PartialFailure(deployment, error, held);
  }
}

/**
 * What an update starts from: the state. One more request where the state does not know what an earlier write did, or where
 * the change must hold what others set, which may be newer than the state.
 */
async function appliedNow(
  client: QoderClient,
  id: string,
  recorded: Applied,
  wanted: Partial<Arguments>,
  isOpen: boolean,
): Promise<Applied> {
  if (isOpen) {
    const now = await client.getDeployment(id);
    return { arguments: shownArguments(now, recorded.arguments), live: liveOf(now) };
  }
  const changes = changesBetween(recorded.arguments, wanted, recorded.live);
  if (!changes.some(({ argument }) => fields[argument].buildsOnLive)) {
    return recorded;
  }
  const { casConfig } = liveOf(await client.getDeployment(id));
  return { ...recorded, live: { ...recorded.live, casConfig } };
}

/**
 * Sends what differs and nothing else: at most one merge patch and one change of status. Undefined when nothing differs,
 * and then nothing is sent.
 */
async function applyChanges(
  client: QoderClient,
  id: string,
  applied: Applied,
  wanted: Partial<Arguments>,
): Promise<Deployment | undefined> {
  const changes = changesBetween(applied.arguments, wanted, applied.live);
  const patched = changes.length === 0 ? undefined : await patch(client, id, changes, applied.arguments, wanted);
  const pause = pauseChange(applied.arguments, wanted, applied.live);
  if (pause === undefined) {
    return patched;
  }
  try {
    return await setPaused(client, id, pause === "pause");
  } catch (error) {
    throw patched === undefined ? error : new PartialFailure(patched, error, butPaused(wanted, applied.arguments));
  }
}

/** The status is set after all else. */
function butPaused({ paused: _, ...held }: Partial<Arguments>, applied: Partial<Arguments>): Partial<Arguments> {
  return applied.paused === undefined ? held : { ...held, paused: applied.paused };
}

async function patch(
  client: QoderClient,
  id: string,
  changes: readonly Change[],
  applied: Partial<Arguments>,
  wanted: Partial<Arguments>,
): Promise<Deployment> {
  let reply: Deployment;
  try {
    reply = await client.updateDeployment(id, patchBody(changes));
  } catch (error) {
    reply = await lookAfter(client, id, withReplaceAdvice(error, changes), openArguments(applied, wanted), wanted);
  }
  const nulls = cleared(changes);
  if (nulls.some((change) => isCleared(change, reply) === undefined)) {
    reply = await client.getDeployment(id);
  }
  const unproven = nulls.filter((change) => isCleared(change, reply) !== true);
  if (unproven.length > 0) {
    const isKept = unproven.some((change) => isCleared(change, reply) === false);
    const doubt = isKept ? "but kept the value" : "but does not show whether the value is gone";
    const reason = `the API took ${unproven.map(({ member }) => `${member}: null`).join(", ")} ${doubt}`;
    // What the program dropped and the service kept is still ours.
    const names = unproven.map(({ argument }) => argument);
    const held = { ...butPaused(wanted, applied), ...only(applied, names) };
    throw new PartialFailure(reply, new QoderError(`${reason}. ${replaceAdvice(unproven)}`), held);
  }
  return reply;
}

/** The deployment, where it shows that an update was done whose answer cannot be used. */
async function lookAfter(
  client: QoderClient,
  id: string,
  error: unknown,
  asked: Partial<Arguments>,
  wanted: Partial<Arguments>,
): Promise<Deployment> {
  const now = error instanceof QoderReplyError ? await client.getDeployment(id).catch(() => undefined) : undefined;
  if (now === undefined || changesBetween(shownArguments(now, asked), wanted, liveOf(now)).length > 0) {
    throw error;
  }
  return now;
}

// Public material does not say whether null clears these members, so the answer is believed only when it shows it.
function cleared(changes: readonly Change[]): Change[] {
  return changes.filter(({ value }) => value === null);
}

// A member that cannot be checked is believed.
function isCleared({ argument }: Change, reply: Deployment): boolean | undefined {
  const check = fields[argument].isCleared;
  return check === undefined ? true : check(reply);
}

function replaceAdvice(changes: readonly Change[]): string {
  const names = changes.map(({ argument }) => `"${argument}"`).join(", ");
  const resting = changes.some(({ argument }) => argument === "schedule")
    ? ". Or keep this deployment with its schedule, and set paused: true"
    : "";
  return `To remove it, replace the deployment: set the resource option replaceOnChanges: [${names}] and run \`pulumi up\` again, which archives this one for ever and creates another; take the option out afterwards, as it replaces the deployment with every change of the argument${resting}`;
}

/** Only where the null is meant: a replacement archives first, and what else was refused would be refused again. */
function withReplaceAdvice(error: unknown, changes: readonly Change[]): unknown {
  if (!(error instanceof QoderApiError) || error.status !== 400) {
    return error;
  }
  const nulls = cleared(changes);
  const { param, serverMessage } = error;
  const isAlone = nulls.length === changes.length;
  const isMeant = ({ member }: Change) =>
    param === undefined ? isAlone || serverMessage.includes(member) : param.split(".")[0] === member;
  const refused = nulls.filter(isMeant);
  return refused.length > 0 ? new QoderError(`${error.message}. ${replaceAdvice(refused)}`) : error;
}

/**
 * 409 says that the status is not what the request expects, and an answer may not show it; then the deployment itself tells
 * whether it is the wanted one.
 */
async function setPaused(client: QoderClient, id: string, paused: boolean): Promise<Deployment> {
  try {
    return await (paused ? client.pauseDeployment(id) : client.unpauseDeployment(id));
  } catch (error) {
    const isUnclear = error instanceof QoderApiError ? error.status === 409 : error instanceof QoderReplyError;
    const now = isUnclear ? await client.getDeployment(id) : undefined;
    if (now !== undefined && now.archived_at == null && now.status === (paused ? "paused" : "active")) {
      return now;
    }
    throw error;
  }
}
