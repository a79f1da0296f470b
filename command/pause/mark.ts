import { randomBytes } from "node:crypto";
import type { QoderClient } from "../../provider/api/client";
import { durationText, secondText } from "../../provider/api/clock";
import { deploymentKind } from "../../provider/deployment/kind";
import {
  commandPausedKey,
  contentOf,
  type DeclaredPause,
  hasRoom,
  type MarkPatch,
  markOf,
  type PauseMark,
  tidied,
  withMark,
} from "../../provider/deployment/pause-mark";
import { updateRequest } from "../../provider/resource/kind/requests";
import { changeStatus, type ReadDeployment, readToAct, replyOf } from "../deployments";
import { printable, problemOf } from "../words";

/** A new pause, with another id than those of these deployments. */
export function newPause(
  known: readonly Pick<ReadDeployment, "metadata">[],
  now: number,
  { by, reason }: Pick<PauseMark, "by" | "reason">,
): PauseMark {
  const taken = new Set(known.map((one) => markOf(one)?.pause));
  const pause = `p-${randomBytes(2).toString("hex")}`;
  return taken.has(pause)
    ? newPause(known, now, { by, reason })
    : { pause, at: secondText(now), ...(by === undefined ? {} : { by }), ...(reason === undefined ? {} : { reason }) };
}

/** The pause in words: `p-7f3a, 3 h ago: "the model is down"`. */
export function pauseText({ pause, at, by, reason }: PauseMark, now: number): string {
  const why = by === "limits" ? ", by `limits --pause`" : reason === undefined ? "" : `: ${JSON.stringify(reason)}`;
  return printable(`${pause}, ${durationText(now - Date.parse(at))} ago${why}`);
}

/** The result of a pause. `unmarked`: the reason for which its id does not start the deployment. */
export type Paused =
  | { readonly state: "done"; readonly unmarked?: string }
  | { readonly state: "paused before" }
  | { readonly state: "failed"; readonly problem: string };

/** The seconds after the last change in which a mark was written: a fast service takes none, and a slow one the most. */
const withins = [0, 2, 60] as const;

/**
 * Announces the pause, pauses the deployment and completes the mark. A pause that was cut off leaves a deployment of which `resume` says
 * that its pause is not proven. A pause that is proven already gets the mark alone.
 */
export async function pauseWithMark(client: QoderClient, now: ReadDeployment, pause: PauseMark): Promise<Paused> {
  if (now.status === "paused") {
    return { state: "done", ...(await completed(client, now, pause)) };
  }
  const room = hasRoom(now);
  if (room) {
    await written(client, now.id, withMark(now, pause, undefined, timeOf(client)));
  }
  const changed = await changeStatus(client, now.id, "pause");
  if ("problem" in changed) {
    return { state: "failed", problem: changed.problem };
  }
  if (!changed.isOwn) {
    return { state: "paused before" };
  }
  if (!room) {
    return { state: "done", unmarked: "its labels leave no room for the mark of a pause" };
  }
  return { state: "done", ...(await completed(client, changed.deployment, pause)) };
}

/** Writes the proof of the pause into the mark, and returns the reason if it proves nothing. */
export async function completed(
  client: QoderClient,
  paused: ReadDeployment,
  pause: PauseMark,
): Promise<{ readonly unmarked?: string }> {
  let last = paused;
  for (const withinS of withins) {
    const done = { updatedAt: last.updated_at, withinS, content: contentOf(last) };
    const patch = withMark(last, { ...pause, done }, undefined, timeOf(client));
    const answer = await written(client, last.id, patch);
    if ("reason" in answer) {
      return { unmarked: answer.reason };
    }
    const isHeld = answer.metadata === undefined || answer.metadata?.[commandPausedKey] === patch[commandPausedKey];
    if (!isHeld) {
      return { unmarked: "the service does not show the mark that it took" };
    }
    if (answer.updated_at === last.updated_at || isWithin(answer, last, withinS)) {
      return {};
    }
    last = answer;
  }
  return { unmarked: "the service changes it all the time" };
}

function isWithin({ updated_at: after }: ReadDeployment, { updated_at: before }: ReadDeployment, seconds: number) {
  return Date.parse(after ?? "") - Date.parse(before ?? "") <= seconds * 1_000;
}

/**
 * Reads the deployment again and takes away what its marks say and what does not hold: meanwhile it may have the mark of another pause.
 * Returns the reason if the service did not do it. `ended`: the pause that the command has ended.
 */
export async function tidy(
  client: QoderClient,
  { id }: ReadDeployment,
  state: DeclaredPause | undefined,
  ended?: string,
): Promise<string | undefined> {
  const now = await readToAct(client, id);
  const patch = "reason" in now ? undefined : tidied(now, state, timeOf(client), ended);
  const answer = patch === undefined ? now : await written(client, id, patch);
  return "reason" in answer ? answer.reason : undefined;
}

const timeOf = (client: QoderClient) => client.serviceNow() ?? client.now();

/** The deployment after the update, or the reason for which the service did not do it: that must not keep the deployment running. */
async function written(
  client: QoderClient,
  id: string,
  metadata: MarkPatch,
): Promise<ReadDeployment | { readonly reason: string }> {
  try {
    const { body } = await client.send(updateRequest(deploymentKind, id, { metadata }));
    return replyOf(id, body);
  } catch (error) {
    return { reason: problemOf(error) };
  }
}
