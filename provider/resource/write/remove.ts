import { QoderApiError, QoderError, QoderReplyError } from "../../api/errors";
import { excerpt } from "../../api/foreign-text";
import type { Listed } from "../../api/schema";
import type { CommandLists } from "../command-lists";
import { findUnlessGone, type Remembered } from "../gone";
import type { Objects } from "../objects";
import type { BaseReply } from "../outputs";

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

const mostNamed = 5;
const longestPart = 100;

/** An archive is for ever, so live objects that name this one keep it, unless the state says `archiveInUse`. */
async function refuseWhileInUse({ client, kind }: Objects, id: string, lists: CommandLists): Promise<void> {
  const users = kind.users === undefined ? [] : await lists.users(client, kind.users, id);
  if (kind.users === undefined || users.length === 0) {
    return;
  }
  const { noun } = kind.users.kind;
  const name = users.length === 1 ? `a live ${noun} names it` : `${users.length} live ${noun}s name it`;
  const more = users.length > mostNamed ? ` and ${users.length - mostNamed} more` : "";
  const shown = users.slice(0, mostNamed).map(identified).join(", ");
  throw new QoderError(
    `${id} was not archived: ${name}: ${shown}${more}. Archive ${users.length === 1 ? "it" : "them"} or name another ${kind.noun} there first, then run the same command again; retainOnDelete: true keeps the ${kind.noun}, and archiveInUse: true archives it nevertheless: either counts once \`pulumi up\` has recorded it`,
  );
}

function identified({ id, name }: Listed): string {
  const shown = excerpt(id, longestPart);
  return name === undefined ? shown : `"${excerpt(name, longestPart)}" (${shown})`;
}
