import { QoderError } from "../../api/errors";
import type { Objects } from "../objects";
import type { BaseReply } from "../outputs";
import type { Holder, Ownership } from "../ownership";

/**
 * Takes an existing object in place of a new one. What differs is sent afterwards, like any update. Undefined where a new
 * one is wanted after all: in the replacement of a resource that exists, `adopt` has done its work long ago.
 */
export async function adopt(
  objects: Objects,
  id: string,
  self: Holder,
  isReplacement: boolean,
  ownership: Ownership,
): Promise<BaseReply | undefined> {
  const { noun } = objects.kind;
  if (isReplacement && ownership.isArchived(id)) {
    return undefined;
  }
  const holder = ownership.holder(id);
  if (holder !== undefined && !isReplacement) {
    throw managedBy(holder, id);
  }
  if (holder === undefined) {
    // Claimed before the read, and still when the read fails: the resource that gives the object away in the same run
    // must not archive it.
    ownership.claim(id, self);
  }
  const object = await objects.find(id);
  if (object === undefined) {
    throw new QoderError(
      `there is no ${noun} ${id} that this token can see; check adopt, the account and the workspace`,
    );
  }
  if (object.archived_at == null) {
    if (holder !== undefined) {
      throw managedBy(holder, id);
    }
    return object;
  }
  ownership.archived(id);
  if (isReplacement) {
    return undefined;
  }
  throw new QoderError(
    `${id} was archived at ${object.archived_at} and cannot be adopted; leave out adopt to create a new ${noun}`,
  );
}

function managedBy({ description }: Holder, id: string): QoderError {
  return new QoderError(
    `${id} is already managed by ${description} of this stack; it can belong to one resource only. If the resource was renamed, give it aliases instead of adopt`,
  );
}
