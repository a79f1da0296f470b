import type { QoderClient } from "../api/client";
import { QoderApiError, QoderError } from "../api/errors";
import type { Deployment } from "../api/schema";
import type { Live } from "../arguments/field";
import { type Arguments, fields } from "../fields";
import { type Change, changesBetween, patchBody, pauseChange } from "../patch";
import { liveOf, only } from "../state";
import { PartialFailure } from "./partial-failure";

export interface Applied {
  readonly arguments: Partial<Arguments>;
  readonly live: Live;
}

/** What an update starts from. One more request where the change must hold what others set, which may be newer than the state. */
export async function appliedNow(
  client: QoderClient,
  id: string,
  recorded: Applied,
  wanted: Partial<Arguments>,
): Promise<Applied> {
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
export async function applyChanges(
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
    throw withReplaceAdvice(error, changes);
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
  return `To remove it, replace the deployment: set the resource option replaceOnChanges: [${names}] and run \`pulumi up\` again; take the option out afterwards, as it replaces the deployment with every change of the argument`;
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

/** 409 says that the status is not what the request expects; only the deployment itself tells whether it is the wanted one. */
async function setPaused(client: QoderClient, id: string, paused: boolean): Promise<Deployment> {
  try {
    return await (paused ? client.pauseDeployment(id) : client.unpauseDeployment(id));
  } catch (error) {
    if (!(error instanceof QoderApiError) || error.status !== 409) {
      throw error;
    }
    const now = await client.getDeployment(id);
    if (now.archived_at == null && now.status === (paused ? "paused" : "active")) {
      return now;
    }
    throw error;
  }
}
