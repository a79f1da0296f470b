import { randomBytes } from "node:crypto";
import type { QoderClient } from "../../provider/api/client";
import { counted, durationText, secondText } from "../../provider/api/clock";
import {
  type DeclaredPause,
  type Hold,
  type HoldsPatch,
  holdsOf,
  stopOf,
  withHold,
  withoutHolds,
} from "../../provider/deployment/holds";
import { deploymentKind } from "../../provider/deployment/kind";
import { updateRequest } from "../../provider/resource/kind/requests";
import type { Decision, Known } from "../act";
import { type Advisor, advised } from "../advised";
import { changeStatus, outOfUse, type ReadDeployment, readToAct, replyOf } from "../deployments";
import { printable, problemOf, shown } from "../words";

/** A deployment that `pause` has read, with its decision. After the act `reason` says why it is not held. */
export interface ToPause extends Known, Decision {
  readonly state: "runs" | "held by others" | "held" | "paused before" | "archived" | "unknown";
  /** True if this command holds it, or may do so. */
  readonly isHeld?: boolean;
}

/** A hold of a new pause. Two of 65,536 with the same id would end together. */
export function newHold(now: number, { who, reason }: Pick<Hold, "who" | "reason">): Hold {
  return { id: `p-${randomBytes(2).toString("hex")}`, who, when: secondText(now), reason };
}

/**
 * Decides about each deployment that the command line selects: `pause` holds what runs and what other commands hold, and leaves alone what
 * a person paused by hand, a program or the service. `limits` needs one hold.
 */
export function whatToPause(known: Known, state: DeclaredPause | undefined, { id, who }: Hold): ToPause {
  const { deployment } = known;
  if (deployment.archived_at != null) {
    return { ...known, does: "leave", state: "archived" };
  }
  const problem = outOfUse(deployment);
  if (problem !== undefined) {
    return { ...known, does: "fail", state: "unknown", reason: problem };
  }
  const stop = stopOf(deployment, state);
  if (stop === "nobody") {
    return { ...known, does: "act", state: "runs" };
  }
  if (holdsOf(deployment).some((one) => one.id === id || (who === "limits" && one.who === who))) {
    return { ...known, does: "leave", state: "held" };
  }
  return stop === "holds"
    ? { ...known, does: "act", state: "held by others" }
    : { ...known, does: "leave", state: "paused before" };
}

/**
 * Holds the deployment, and then pauses it: after a kill in between a hold is left at an active deployment, where it means nothing. In the
 * other order nobody would know whose pause it is. `before`: how an earlier pause of this command has left it. The service may show that late.
 */
export async function pauseWithHold(item: ToPause, hold: Hold, before?: ToPause): Promise<ToPause> {
  const { deployment, account } = item;
  const client = account.client.forObject();
  const first = await held(client, deployment, hold);
  // Somebody may have resumed it since it was read.
  const isActive = item.state === "runs" || ("status" in first && first.status === "active");
  const paused = isActive ? await changeStatus(client, deployment.id, "pause") : undefined;
  const other = paused && (await notShownPaused(client, item, paused, hold, before));
  if (other !== undefined) {
    return other;
  }
  const now =
    paused !== undefined && "deployment" in paused ? paused.deployment : "reason" in first ? deployment : first;
  // Another command may have written its hold over this one.
  const isHeld = !("reason" in first) && (now.metadata === undefined || holdsOf(now).some(({ id }) => id === hold.id));
  const last = isHeld || paused === undefined ? first : await held(client, now, hold);
  return "reason" in last ? { ...item, reason: last.reason } : { ...item, isHeld: true };
}

/**
 * How the deployment is left if the answer does not show that this request paused it; undefined if it does. Where the service says that it
 * is paused already, another command has paused it at the same time: both hold it.
 */
async function notShownPaused(
  client: QoderClient,
  item: ToPause,
  paused: Awaited<ReturnType<typeof changeStatus>>,
  hold: Hold,
  before: ToPause | undefined,
): Promise<ToPause | undefined> {
  const isDone = "problem" in paused ? paused.isConflict : !paused.isOwn;
  if (isDone && before?.isHeld === true) {
    return before;
  }
  if (!("problem" in paused)) {
    return undefined;
  }
  return isDone
    ? { ...item, isHeld: true }
    : { ...item, does: "fail", reason: paused.problem, isHeld: await isStillHeld(client, item.deployment, hold) };
}

/** Takes the hold off again if the deployment is active. If nobody knows whether it was paused, the hold says by whom. */
async function isStillHeld(client: QoderClient, { id }: ReadDeployment, hold: Hold): Promise<boolean> {
  const now = await readToAct(client, id);
  const isHeld = "reason" in now || now.status !== "active";
  await (isHeld ? undefined : release(client, now, [hold.id]));
  return isHeld;
}

const timeOf = (client: QoderClient) => client.serviceNow() ?? client.now();

/** Adds the hold, and returns the deployment after that, or the reason for which it is not held: that must not keep it running. */
async function held(client: QoderClient, now: ReadDeployment, hold: Hold) {
  const time = timeOf(client);
  const patch = withHold(now, { ...hold, when: secondText(time) }, time);
  return "problem" in patch ? { reason: patch.problem } : written(client, now.id, patch);
}

/**
 * Reads the deployment again, which may have got other holds since, and removes the holds with these ids and those that no longer
 * count. Returns the reason if the service did not do it.
 */
async function release(
  client: QoderClient,
  { id }: ReadDeployment,
  ended: readonly string[],
): Promise<string | undefined> {
  const now = await readToAct(client, id);
  const patch = "reason" in now ? undefined : withoutHolds(now, ended, timeOf(client));
  const answer = patch === undefined ? now : await written(client, id, patch);
  return "reason" in answer ? answer.reason : undefined;
}

/** Takes off these holds and those that no longer count. Returns a line if the service did not do it. */
export async function keptHolds({ account, deployment }: Known, holds: readonly Hold[]): Promise<string | undefined> {
  const { client } = account;
  const ended = holds.map(({ id }) => id);
  const isAny =
    deployment.metadata === undefined ? ended.length > 0 : withoutHolds(deployment, ended, client.serviceNow());
  const reason = isAny ? await release(client.forObject(), deployment, ended) : undefined;
  return reason === undefined ? undefined : `A hold at ${shown(deployment)} stays: ${printable(reason)}`;
}

async function written(
  client: QoderClient,
  id: string,
  metadata: HoldsPatch,
): Promise<ReadDeployment | { readonly reason: string }> {
  try {
    const { body } = await client.send(updateRequest(deploymentKind, id, { metadata }));
    return replyOf(id, body);
  } catch (error) {
    return { reason: problemOf(error) };
  }
}

/** The hold in words: `p-7f3a of a person, 3 hours ago: "the model is down"`. */
export function holdText({ id, who, when, reason }: Hold, now: number): string {
  const owner = who === "limits" ? "`limits --pause`" : "a person";
  const why = reason === undefined ? "" : `: ${JSON.stringify(reason)}`;
  return printable(`${id} of ${owner}, ${durationText(now - Date.parse(when))} ago${why}`);
}

/** A row for each pause that holds one of these deployments, newest first, with the command that ends it. */
export function pauseRows(holds: readonly Hold[], advisor: Advisor, now: number): string[] {
  const pauses = new Map(holds.map((hold) => [hold.id, hold]));
  const newestFirst = [...pauses.values()].sort((one, other) => Date.parse(other.when) - Date.parse(one.when));
  return newestFirst.map((hold) => {
    const count = holds.filter(({ id }) => id === hold.id).length;
    return `${holdText(hold, now)}: ${counted(count, "deployment")}; ${advised("resume", [hold.id], advisor)}`;
  });
}
