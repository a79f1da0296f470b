import { mayHaveActed, type QoderError } from "../../api/errors";
import { isLastUnreadable, waitAfter } from "../../api/retry";
import type { Json } from "../../api/schema";
import { same } from "../fields/comparison";
import { askUntilSettled } from "../gone";
import type { Objects } from "../objects";
import { type BaseReply, shownOutputs } from "../outputs";
import type { Properties } from "../program-values";
import { idempotencyKey } from "./idempotency";
import { type Patch, updateBody } from "./plan";

/** The live arguments, with the wanted files if the newest version holds them: only a download shows that. */
export async function withFilesHeld(
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
 * Uploads the changed files as a new version. After a lost answer, reads the object until a new version would be visible before another
 * try: agents move to a version by its number, so two versions with the same files would move them twice.
 */
export async function sendVersion(objects: Objects, { id, changes, applied, wanted }: Patch): Promise<BaseReply> {
  const { client, files, kind } = objects;
  const body = updateBody(kind, changes, undefined);
  const known = kind.upload?.versions?.newest(applied.outputs);
  // The same in every process that goes from the same state to the same files. The newest recorded version is a part of it: if the same
  // files come back later, the service must not repeat its older answer.
  const seed = { ...body, newest: known ?? null };
  const key = idempotencyKey(files.origin, seed, 0, client.account.workspaceId, id);
  for (let tries = 1; ; tries += 1) {
    try {
      return await objects.addVersion(id, body, wanted, key);
    } catch (error) {
      if (!mayHaveActed(error) || isLastUnreadable(error, tries) || !(await client.pause(waitAfter(tries)))) {
        throw error;
      }
      const now = await askUntilSettled(client, error, () => holdingNow(objects, id, { wanted, known }, error));
      if (now !== undefined) {
        return now;
      }
    }
  }
}

async function holdingNow(
  objects: Objects,
  id: string,
  { wanted, known }: { readonly wanted: Properties; readonly known: Json | undefined },
  lost: QoderError,
): Promise<BaseReply | undefined> {
  const { kind } = objects;
  try {
    const now = await objects.get(id);
    const isOther = kind.upload?.versions?.newest(shownOutputs(kind, now)) !== known;
    return isOther && (await kind.upload?.holds(objects, now, wanted)) === true ? now : undefined;
  } catch {
    // While the outcome of the first try is unknown, nothing is sent again.
    throw lost;
  }
}
