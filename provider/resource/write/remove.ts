import { mayHaveActed, QoderApiError, QoderError, QoderReplyError } from "../../api/errors";
import { withItsName } from "../../api/object-list";
import { warning } from "../../api/remark";
import type { Listed } from "../../api/schema";
import type { CommandLists } from "../command-lists";
import { findUnlessGone, outlast } from "../gone";
import type { Known, ResourceKind } from "../kind";
import type { Objects } from "../objects";
import type { BaseReply } from "../outputs";
import { endSteps } from "./steps";

/** Archives or deletes the object. Does nothing for an object that is gone already, and for a run, whose end takes no steps. */
export async function remove(objects: Objects, id: string, known: Known, lists: CommandLists): Promise<void> {
  const { client, kind } = objects;
  const isDeleted = kind.deletes?.(known.arguments) === true;
  for (const step of endSteps(kind, known.arguments)) {
    if (step.do === "end") {
      await endOnce(objects, id, known, step.isDeleted);
      // An answer that repeats the create must not pass for a new one.
      await outlast(client, known.outputs["createdAt"]);
      continue;
    }
    const found = await lists.users(client, step.users, id);
    if (found.length > 0) {
      // Live objects name this one, and the API cannot bring it back.
      const refusal = refusalOf(kind, id, isDeleted, step.users.kind.noun, found);
      if (!kind.staysInUse) {
        throw new QoderError(refusal);
      }
      await client.remark(warning(refusal));
      return;
    }
  }
}

async function endOnce(objects: Objects, id: string, known: Known, isDeleted: boolean): Promise<void> {
  const end = async () => void (await (isDeleted ? deleteUnlessInUse(objects, id) : objects.archive(id)));
  try {
    await end();
  } catch (error) {
    if (isDeleted && mayHaveActed(error) && (await isGoneNow(objects, id, error))) {
      return;
    }
    const now = await lookAfter(objects, id, error, known);
    if (now === undefined || (!isDeleted && now.archived_at != null)) {
      return;
    }
    if (!isNotFound(error)) {
      throw error;
    }
    // The object was so new that the request which ends it did not see it.
    await end();
  }
}

async function deleteUnlessInUse(objects: Objects, id: string): Promise<void> {
  const { client, kind } = objects;
  try {
    await objects.delete(id);
  } catch (error) {
    if (!kind.staysInUse || !(error instanceof QoderApiError) || error.status !== 409) {
      throw error;
    }
    await client.remark(
      warning(`left as it is: ${error.message}. Delete it in the console when its sessions are over`),
    );
  }
}

/** True if the object is gone although the answer to its deletion, or to an earlier try, was lost. */
async function isGoneNow(objects: Objects, id: string, error: unknown): Promise<boolean> {
  return (
    isNotFound(error) || (error instanceof QoderReplyError && (await objects.find(id).catch(() => error)) === undefined)
  );
}

/** The live object after an unclear answer; undefined if it is gone. Throws the error of a clear answer. */
async function lookAfter(objects: Objects, id: string, error: unknown, known: Known): Promise<BaseReply | undefined> {
  if (isNotFound(error)) {
    return findUnlessGone(objects, id, known);
  }
  // For an archived deployment "Archive a deployment" answers 409, and "Errors" names 403. Only the object proves that it is archived.
  const isOpen = error instanceof QoderApiError ? [403, 409].includes(error.status) : error instanceof QoderReplyError;
  const now = isOpen ? await objects.get(id).catch(() => undefined) : undefined;
  if (now === undefined) {
    throw error;
  }
  return now;
}

function isNotFound(error: unknown): error is QoderApiError {
  return error instanceof QoderApiError && error.isNotFound;
}

const mostNamed = 5;

function refusalOf(kind: ResourceKind, id: string, isDeleted: boolean, noun: string, users: readonly Listed[]): string {
  const name = users.length === 1 ? `a live ${noun} uses it` : `${users.length} live ${noun}s use it`;
  const more = users.length > mostNamed ? ` and ${users.length - mostNamed} more` : "";
  const shown = users.slice(0, mostNamed).map(withItsName).join(", ");
  const outcome = `${id} ${isDeleted ? "was not deleted: " : "was not archived: "}${name}: ${shown}${more}`;
  if (kind.staysInUse) {
    return `${outcome}. Delete it in the console when nothing uses it`;
  }
  const keep = "set retainOnDelete: true";
  const options = kind.fields["archiveInUse"] === undefined ? keep : `${keep} or archiveInUse: true`;
  return `${outcome}.\nGive ${users.length === 1 ? "it" : "them"} another ${kind.noun}, then run the same command again. Or ${options} and run \`pulumi up\` before`;
}
