import { same } from "../fields/comparison";
import type { Objects } from "../objects";
import type { BaseReply } from "../outputs";
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
 * Uploads the changed files as a new version. The key is the same in every process that goes from the same state to the same files, so
 * another try after a lost answer adds no second version. The newest recorded version is a part of the key: if the same files come back
 * later, the service must not repeat its older answer.
 */
export async function sendVersion(objects: Objects, { id, changes, applied, wanted }: Patch): Promise<BaseReply> {
  const { client, files, kind } = objects;
  const body = updateBody(kind, changes, undefined);
  const seed = { ...body, newest: kind.upload?.versions?.newest(applied.outputs) ?? null };
  const key = idempotencyKey(files.origin, seed, 0, client.account.workspaceId, id);
  return objects.addVersion(id, body, wanted, key);
}
