import type { QoderClient } from "../api/client";
import { QoderError } from "../api/errors";
import type { Deployment } from "../api/schema";
import type { KnownDeployments } from "./known-deployments";

/** Takes an existing deployment in place of a new one. What differs is sent afterwards, like any update. */
export async function adopt(
  client: QoderClient,
  id: string,
  origin: string,
  known: KnownDeployments,
): Promise<Deployment> {
  const holder = known.holder(id);
  if (holder !== undefined) {
    const name = holder.split("::").pop();
    throw new QoderError(
      `${id} is already managed by the resource "${name}" of this stack; a deployment can belong to one resource only. If the resource was renamed, give it aliases instead of adopt`,
    );
  }
  // Held before the first wait: the engine creates resources at the same time.
  known.hold(id, origin);
  try {
    const deployment = await client.getDeployment(id);
    if (deployment.archived_at == null) {
      return deployment;
    }
    throw new QoderError(
      `${id} was archived at ${deployment.archived_at} and cannot be adopted; leave out adopt to create a new deployment`,
    );
  } catch (error) {
    known.letGo(id);
    throw error;
  }
}
