import { QoderApiError, QoderReplyError } from "../../api/errors";
import type { CommandLists } from "../command-lists";
import { findUnlessGone, type Remembered } from "../gone";
import type { Objects } from "../objects";
import type { BaseReply } from "../outputs";
import { refuseWhileInUse } from "./in-use";

/** Archives the object. One that is archived or gone already is as wanted, and what was started cannot be taken back. */
export async function remove(objects: Objects, id: string, remembered: Remembered, lists: CommandLists): Promise<void> {
  if (objects.kind.start !== undefined) {
    return;
  }
  if (!archivesInUse(remembered.arguments)) {
    await refuseWhileInUse(objects, id, lists);
  }
  try {
    await objects.archive(id);
  } catch (error) {
    const now = await lookAfter(objects, id, error, remembered);
    if (now === undefined || now.archived_at != null) {
      return;
    }
    if (!isNotFound(error)) {
      throw error;
    }
    // It was too young to be seen by the request that archives.
    await objects.archive(id);
  }
}

function archivesInUse(recorded: { readonly archiveInUse?: unknown }): boolean {
  return recorded.archiveInUse === true;
}

/** What became of it in spite of the answer; undefined when it is gone. Throws where the answer leaves no doubt. */
async function lookAfter(
  objects: Objects,
  id: string,
  error: unknown,
  remembered: Remembered,
): Promise<BaseReply | undefined> {
  if (isNotFound(error)) {
    return findUnlessGone(objects, id, remembered);
  }
  // "Archive a deployment" answers 409 for one that is archived, "Errors" names 403 for that. Only the object itself
  // proves it.
  const isOpen = error instanceof QoderApiError ? [403, 409].includes(error.status) : error instanceof QoderReplyError;
  const now = isOpen ? await objects.get(id).catch(() => undefined) : undefined;
  if (now === undefined) {
    throw error;
  }
  return now;
}

function isNotFound(error: unknown): boolean {
  return error instanceof QoderApiError && error.isNotFound;
}
