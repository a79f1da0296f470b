import type { QoderClient } from "../api/client";
import { QoderError } from "../api/errors";
import type { Deployment } from "../api/schema";
import { findUnlessGone, type Remembered } from "./gone";

/** The deployment as it is, or undefined when it is gone: archived is for ever. */
export async function refresh(
  client: QoderClient,
  id: string,
  remembered: Remembered,
): Promise<Deployment | undefined> {
  const deployment = await findUnlessGone(client, id, remembered);
  return deployment?.archived_at == null ? deployment : undefined;
}

/** For `QoderDeployment.get`: an absent one is an error, as the engine takes an empty answer for an empty resource (pulumi issue 16886). */
export async function get(client: QoderClient, id: string): Promise<Deployment> {
  const deployment = await client.findDeployment(id);
  if (deployment === undefined) {
    throw new QoderError(`there is no deployment ${id} that this token can see`);
  }
  return deployment;
}
