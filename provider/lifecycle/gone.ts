import type { QoderClient } from "../api/client";
import { QoderApiError, QoderError } from "../api/errors";
import type { Deployment } from "../api/schema";
import type { Arguments } from "../fields";
import { creationTime, durationText } from "./age";

/** What the state tells of a deployment that may be gone. */
export interface Remembered {
  readonly arguments: Partial<Arguments>;
  readonly createdAt: unknown;
}

// "Errors": shortly after a create the API may still answer 404; half a minute was seen at services of its kind.
const youthMs = 60_000;
const betweenLooksMs = 2_000;

/**
 * The deployment, or undefined when it is gone: the service says so in its own words, twice, of one that is old enough
 * to be seen, and to a token that sees the deployment's agent. Anything less is an error, and the state keeps the deployment.
 */
export async function findUnlessGone(
  client: QoderClient,
  id: string,
  remembered: Remembered,
): Promise<Deployment | undefined> {
  const found = await client.findDeployment(id);
  if (found !== undefined) {
    return found;
  }
  await assureRightAccount(client, id, remembered.arguments);
  return findWhenSettled(client, id, creationTime(id, remembered.createdAt));
}

/**
 * After one 404: looks again after a pause, and goes on while the deployment may be too young to be seen, as one of unknown
 * age is.
 */
export async function findWhenSettled(
  client: QoderClient,
  id: string,
  createdAt: number | undefined,
): Promise<Deployment | undefined> {
  const start = client.now();
  for (;;) {
    if (!(await client.pause(betweenLooksMs))) {
      throw new QoderError(
        `the service does not show ${id}, which is less than ${durationText(youthMs)} old and may not be visible yet`,
      );
    }
    const found = await client.findDeployment(id);
    const now = client.now();
    const isOld = now - (createdAt ?? now) >= youthMs || now - start >= youthMs;
    if (found !== undefined || isOld) {
      return found;
    }
  }
}

/**
 * The API answers 404 for a deployment that is gone and for one of another account or workspace. Only when the token
 * sees the deployment's agent is it the right account.
 */
async function assureRightAccount(client: QoderClient, id: string, recorded: Partial<Arguments>): Promise<void> {
  const agent = typeof recorded.agent === "string" ? recorded.agent : recorded.agent?.id;
  const visible = agent !== undefined && (await client.getAgent(agent).catch(invisible)) !== undefined;
  if (!visible) {
    throw new QoderError(
      `neither ${id} nor its agent ${agent ?? "(unknown)"} can be seen with this token: it probably belongs to another account or workspace. ` +
        "Check qoder:pat, qoder:workspaceId and qoder:baseUrl. If both are really gone, remove the resource with `pulumi state delete`",
    );
  }
}

function invisible(error: unknown): undefined {
  if (error instanceof QoderApiError && (error.status === 404 || error.status === 403)) {
    return undefined;
  }
  throw error;
}
