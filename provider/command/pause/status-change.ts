import type { QoderClient } from "../../api/client";
import { mayHaveActed, QoderApiError } from "../../api/errors";
import { deploymentKind } from "../../deployment/kind";
import { livePause } from "../../deployment/paused";
import { parsed, type ReadDeployment, readDeployment } from "../deployments";
import { writeFailureText } from "../terminal";

/** The result of a request to pause or to start a deployment. */
export type Changed =
  | { readonly deployment: ReadDeployment }
  /** It was so already when the request came, and no try of it can have done that. */
  | { readonly byOthers: ReadDeployment }
  /** `isOpen`: the service may have done it, or may do it yet. */
  | { readonly problem: string; readonly isOpen: boolean };

const statusAfter = { pause: "paused", unpause: "active" } as const;

/**
 * Sends the request. If it is refused or its answer is lost, reads the status of the deployment. Throws errors that would
 * also occur for every other deployment.
 */
export async function changeStatus(
  client: QoderClient,
  id: string,
  action: keyof typeof statusAfter,
  mayBeSentBefore: boolean,
): Promise<Changed> {
  const path = [deploymentKind.collection, id, action];
  let failure: unknown;
  try {
    // The request can be repeated, because the service refuses the second one (409, "Pause a deployment").
    const answer = parsed(id, (await client.send({ method: "POST", path, repeat: "safe" })).body);
    if (!("reason" in answer) && isSo(answer, action)) {
      return { deployment: answer };
    }
  } catch (error) {
    failure = error;
    const isConflict = error instanceof QoderApiError && error.status === 409;
    if (!isConflict && !mayHaveActed(error)) {
      return { problem: writeFailureText(error), isOpen: false };
    }
  }
  const now = await readDeployment(client, id);
  if ("reason" in now) {
    return { problem: now.reason, isOpen: mayHaveActed(failure) };
  }
  if (!isSo(now, action)) {
    const problem =
      failure === undefined ? `it shows the status ${now.status ?? "nothing"} afterwards` : writeFailureText(failure);
    return { problem, isOpen: mayHaveActed(failure) };
  }
  const isOurs = failure === undefined || mayBeSentBefore || mayHaveActed(failure);
  return isOurs ? { deployment: now } : { byOthers: now };
}

function isSo(deployment: ReadDeployment, action: keyof typeof statusAfter): boolean {
  const { status, archived_at: archivedAt } = deployment;
  const isStatus = archivedAt == null && status === statusAfter[action];
  return isStatus && (action === "unpause" || livePause(deployment) === "by hand");
}
