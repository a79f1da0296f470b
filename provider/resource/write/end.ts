import { isNotFound, QoderApiError, QoderError } from "../../api/errors";
import { withItsName } from "../../api/object-list";
import { warning } from "../../api/remark";
import { firstOf } from "../../api/terminal-text";
import { requestLabel } from "../../api/transport";
import { endOf, type PriorState, type ResourceKind } from "../kind/kind";
import type { Properties } from "../kind/program-values";
import { type Users, usersOf } from "../kind/references";
import { endRequest } from "../kind/requests";
import { findUnlessGone, outlast } from "../read/not-found";
import type { Objects } from "../read/objects";
import type { ObjectUsers, User } from "../read/users-of";
import { lineOf } from "./request-lines";
import { settle } from "./settle";
import type { Step } from "./step";

interface EndStep extends Step {
  /** Returns false if the object stays. */
  take(objects: Objects, id: string, prior: PriorState, lists: ObjectUsers): Promise<boolean>;
}

/** The steps of a removal: list what may still need the object, then archive or delete it. */
export function endSteps(kind: ResourceKind, recorded: Properties): readonly EndStep[] {
  const end = endOf(kind, recorded);
  if (end === undefined) {
    return [];
  }
  const { endsInUse } = kind.removal ?? {};
  const isDeleted = end === "deleted";
  const users = endsInUse !== undefined && recorded[endsInUse] === true ? [] : usersOf(kind);
  return [
    ...users.map((one) => usersStep(one, end)),
    {
      lines: (context) => [lineOf(endRequest(kind, context.id, isDeleted), context)],
      take: (objects, id, prior) => endObject(objects, id, prior, isDeleted),
    },
  ];
}

function usersLines({ kind, running }: Users): readonly string[] {
  const older = running.map((one) => `and each older version of an ${one.kind.noun} that a live ${kind.noun} runs`);
  return [requestLabel({ method: "GET", path: [kind.collection] }), ...older];
}

/** Archives or deletes the object. Does nothing for an object that is gone already. */
export async function remove(objects: Objects, id: string, prior: PriorState, lists: ObjectUsers): Promise<void> {
  for (const step of endSteps(objects.kind, prior.arguments)) {
    if (!(await step.take(objects, id, prior, lists))) {
      return;
    }
  }
}

/** An object that live objects still need stays: the API cannot bring it back. */
function usersStep(users: Users, end: "archived" | "deleted"): EndStep {
  return {
    lines: () => usersLines(users),
    async take({ client, kind }, id, _, lists) {
      const found = await lists.users(client, users, id);
      if (found.length === 0) {
        return true;
      }
      const refusal = refusalOf(kind, id, end, users.kind.noun, found);
      if (!kind.removal?.staysInUse) {
        throw new QoderError(refusal);
      }
      await client.remark(warning(refusal));
      return false;
    },
  };
}

/** Archives or deletes the object, or finds that it is gone already. */
async function endObject(objects: Objects, id: string, prior: PriorState, isDeleted: boolean): Promise<boolean> {
  const end = async () => void (await (isDeleted ? deleteUnlessInUse(objects, id) : objects.archive(id)));
  await settle(objects.client, end, {
    look: (client) => findUnlessGone(objects.within(client), id, prior),
    isDone: (now): now is undefined => now === undefined || (!isDeleted && now.archived_at != null),
    // The object was so new that the request did not see it.
    mayRepeat: (_, failed) => isNotFound(failed),
    whether: `${id} was ${isDeleted ? "deleted" : "archived"}`,
  });
  // An answer that repeats the create must not pass for a new one.
  await outlast(objects.client, prior.outputs["createdAt"]);
  return true;
}

async function deleteUnlessInUse(objects: Objects, id: string): Promise<void> {
  const { client, kind } = objects;
  try {
    await objects.delete(id);
  } catch (error) {
    if (!kind.removal?.staysInUse || !(error instanceof QoderApiError) || error.status !== 409) {
      throw error;
    }
    await client.remark(
      warning(`left as it is: ${error.message}. Delete it in the console when its sessions are over`),
    );
  }
}

const mostNamed = 5;

function userText(user: User): string {
  const { through } = user;
  return through === undefined
    ? withItsName(user)
    : `${withItsName(user)}, which runs version ${through.version} of ${through.id}`;
}

function refusalOf(kind: ResourceKind, id: string, end: string, noun: string, users: readonly User[]): string {
  const name = users.length === 1 ? `a live ${noun} uses it` : `${users.length} live ${noun}s use it`;
  const shown = firstOf(users.map(userText), mostNamed);
  const outcome = `${id} was not ${end}: ${name}: ${shown}`;
  const { endsInUse, staysInUse } = kind.removal ?? {};
  if (staysInUse) {
    return `${outcome}. Delete it in the console when nothing uses it`;
  }
  const keep = "set retainOnDelete: true";
  const options = endsInUse === undefined ? keep : `${keep} or ${endsInUse}: true`;
  const them = users.length === 1 ? "it" : "them";
  return `${outcome}.\nGive ${them} another ${kind.noun}, or remove ${them} first (\`pulumi destroy --target URN\`), then run the same command again. Or ${options} and run \`pulumi up\` before`;
}
