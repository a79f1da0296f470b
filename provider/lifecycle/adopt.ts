import type { QoderClient } from "../api/client";
import { QoderError } from "../api/errors";
import type { Deployment } from "../api/schema";

/** Takes an existing deployment in place of a new one. What differs is sent afterwards, like any update. */
export async function adopt(client: QoderClient, id: string, holder: string | undefined): Promise<Deployment> {
  if (holder !== undefined) {
    throw new QoderError(`${id} is already managed by ${holder}; a deployment can belong to one resource only`);
  }
  const deployment = await client.getDeployment(id);
  if (deployment.archived_at != null) {
    throw new QoderError(
      `${id} was archived at ${deployment.archived_at} and cannot be adopted; leave out adopt to create a new deployment`,
    );
  }
  return deployment;
}
