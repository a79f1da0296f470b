import { durationText } from "../api/clock";
import { QoderApiError, QoderError } from "../api/errors";
import { creationTime, settlingMs } from "./age";
import type { ResourceKind } from "./kind";
import type { Objects } from "./objects";
import { type BaseReply, recordedOutputs } from "./outputs";
import type { Properties } from "./program-values";

export interface Remembered {
  readonly arguments: Properties;
  readonly createdAt: unknown;
  /** See `ResourceKind.endsAt`. */
  readonly endsAt?: string | undefined;
}

export function rememberedIn(kind: ResourceKind, recorded: Properties, properties: Properties): Remembered {
  return {
    arguments: recorded,
    createdAt: properties["createdAt"],
    endsAt: kind.endsAt?.(recordedOutputs(kind, properties)),
  };
}

const betweenLooksMs = 2_000;

/**
 * The live object, or undefined if it is gone. After `endsAt` one 404 of the service proves that. Before, it takes a second 404
 * when the object is old enough to be visible, and a token that sees the witness; otherwise this function throws, and the state
 * keeps the object.
 */
export async function findUnlessGone(
  objects: Objects,
  id: string,
  remembered: Remembered,
): Promise<BaseReply | undefined> {
  const found = await objects.find(id);
  if (found !== undefined) {
    return found;
  }
  if (Date.parse(remembered.endsAt ?? "") <= objects.client.now()) {
    return undefined;
  }
  await assureRightAccount(objects, id, remembered.arguments);
  return findWhenSettled(objects, id, creationTime(remembered.createdAt));
}

/** Reads again after a 404, until the object is old enough to be visible. An object of unknown age counts as new. */
export async function findWhenSettled(
  objects: Objects,
  id: string,
  createdAt: number | undefined,
): Promise<BaseReply | undefined> {
  const { client } = objects;
  const start = client.now();
  for (;;) {
    if (!(await client.pause(betweenLooksMs))) {
      throw new QoderError(
        `the service does not show ${id}, which is less than ${durationText(settlingMs)} old and may not be visible yet`,
      );
    }
    const found = await objects.find(id);
    const now = client.now();
    const isOld = now - (createdAt ?? now) >= settlingMs || now - start >= settlingMs;
    if (found !== undefined || isOld) {
      return found;
    }
  }
}

/**
 * The API answers 404 for an object that is gone, and also for an object of another account or workspace. A token that sees the witness
 * belongs to the right account.
 */
async function assureRightAccount({ client, kind }: Objects, id: string, recorded: Properties): Promise<void> {
  const witness = kind.witness?.(recorded);
  const isVisible =
    witness !== undefined &&
    (await client.send({ method: "GET", path: witness.path, repeat: "safe" }).then(() => true, isInvisible));
  if (!isVisible) {
    const [unseen, areGone] =
      witness === undefined
        ? [`${id} cannot be seen`, "it is"]
        : [`neither ${id} nor ${witness.called} ${witness.path[1]} can be seen`, "both are"];
    throw new QoderError(
      `${unseen} with this token: it probably belongs to another account or workspace. ` +
        `Check qoder:pat, qoder:workspaceId and qoder:baseUrl. If ${areGone} really gone, remove the resource with \`pulumi state delete\``,
    );
  }
}

function isInvisible(error: unknown): false {
  if (error instanceof QoderApiError && (error.status === 404 || error.status === 403)) {
    return false;
  }
  throw error;
}
