import type { QoderClient } from "../api/client";
import { QoderApiError, QoderReplyError } from "../api/errors";
import type { Deployment } from "../api/schema";
import { findUnlessGone, type Remembered } from "./gone";

/** Archives the deployment; the API has no other end. One that is archived or gone already is as wanted. */
export async function remove(client: QoderClient, id: string, remembered: Remembered): Promise<void> {
  try {
    await client.archiveDeployment(id);
  } catch (error) {
    const now = await lookAfter(client, id, error, remembered);
    if (now === undefined || now.archived_at != null) {
      return;
    }
    if (!isNotFound(error)) {
      throw error;
    }
    // It was too young to be seen by the request that archives.
    await client.archiveDeployment(id);
  }
}

/** What became of it in spite of the answer; undefined when it is gone. Throws where the answer leaves no doubt. */
async function lookAfter(
  client: QoderClient,
  id: string,
  error: unknown,
  remembered: Remembered,
): Promise<Deployment | undefined> {
  if (isNotFound(error)) {
    return findUnlessGone(client, id, remembered);
  }
  // "Archive a deployment" answers 409 for one that is archived, "Errors" names 403 for that. Only the deployment itself
  // proves it.
  const isOpen = error instanceof QoderApiError ? [403, 409].includes(error.status) : error instanceof QoderReplyError;
  const now = isOpen ? await client.getDeployment(id).catch(() => undefined) : undefined;
  if (now === undefined) {
    throw error;
  }
  return now;
}

function isNotFound(error: unknown): boolean {
  return error instanceof QoderApiError && error.isNotFound;
}
