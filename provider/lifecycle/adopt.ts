import type { QoderClient } from "../api/client";
import { QoderError } from "../api/errors";
import type { Deployment } from "../api/schema";
import type { Holder, KnownDeployments } from "./known-deployments";

/**
 * Takes an existing deployment in place of a new one. What differs is sent afterwards, like any update. Undefined where a
 * new one is wanted after all: in the replacement of a resource that exists, `adopt` has done its work long ago.
 */
export async function adopt(
  client: QoderClient,
  id: string,
  self: Holder,
  isReplacement: boolean,
  known: KnownDeployments,
): Promise<Deployment | undefined> {
  if (isReplacement && known.isReleased(id)) {
    return undefined;
  }
  const holder = known.holder(id);
  if (holder !== undefined && !isReplacement) {
    throw managedBy(holder, id);
  }
  if (holder === undefined) {
    // Before the first wait: the engine creates resources at the same time. And also when the read fails: the resource that
    // gives it away in the same run must not archive it.
    known.claim(id, self);
  }
  const deployment = await client.findDeployment(id);
  if (deployment === undefined) {
    throw new QoderError(
      `there is no deployment ${id} that this token can see; check adopt, the account and the workspace`,
    );
  }
  if (deployment.archived_at == null) {
    if (holder !== undefined) {
      throw managedBy(holder, id);
    }
    return deployment;
  }
  known.release(id);
  if (isReplacement) {
    return undefined;
  }
  throw new QoderError(
    `${id} was archived at ${deployment.archived_at} and cannot be adopted; leave out adopt to create a new deployment`,
  );
}

function managedBy({ description }: Holder, id: string): QoderError {
  return new QoderError(
    `${id} is already managed by ${description} of this stack; a deployment can belong to one resource only. If the resource was renamed, give it aliases instead of adopt`,
  );
}
