import type { QoderClient } from "../api/client";
import { QoderApiError } from "../api/errors";
import type { Arguments } from "../fields";
import { assureRightAccount } from "./right-account";

/** Archives the deployment; the API has no other end. One that is archived or gone already is as wanted. */
export async function remove(client: QoderClient, id: string, recorded: Partial<Arguments>): Promise<void> {
  try {
    await client.archiveDeployment(id);
  } catch (error) {
    const status = error instanceof QoderApiError ? error.status : undefined;
    if (status === 404) {
      await assureRightAccount(client, id, recorded);
      return;
    }
    // "Archive a deployment" answers 409 for one that is archived, "Errors" names 403 for that; only the deployment itself
    // proves it.
    const mayBeArchived = status === 409 || status === 403;
    if (mayBeArchived && (await client.getDeployment(id).catch(() => undefined))?.archived_at != null) {
      return;
    }
    throw error;
  }
}
