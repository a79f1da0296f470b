import type { QoderClient } from "../api/client";
import { QoderApiError, QoderError } from "../api/errors";
import type { Arguments } from "../fields";

/**
 * The API answers 404 for a deployment that is gone and for one of another account or workspace. Only when the token
 * sees the deployment's agent is it the right account; otherwise the state must not be dropped.
 */
export async function assureRightAccount(client: QoderClient, id: string, recorded: Partial<Arguments>): Promise<void> {
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
