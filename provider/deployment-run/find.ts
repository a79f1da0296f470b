import type { QoderClient } from "../api/client";
import { QoderError } from "../api/errors";
import type { Query } from "../api/object-list";
import { deploymentKind } from "../deployment/kind";
import { asking } from "../look-up/find";
import type { DeploymentRun, ListDeploymentRunsArgs } from "./arguments";
import { runsOf } from "./runs";

const defaultLimit = 100;

/** The part that `list.ts` loads at its first call. Its errors name the deployment. */
export const find = asking(deploymentKind, listed);

async function listed(
  client: QoderClient,
  { deploymentId, limit = defaultLimit, triggeredAfter, triggeredBefore }: ListDeploymentRunsArgs,
): Promise<{ readonly runs: readonly DeploymentRun[] }> {
  const { noun, idPrefix } = deploymentKind;
  if (!deploymentId.startsWith(idPrefix)) {
    throw new QoderError(`the ids of ${noun}s start with ${idPrefix}`);
  }
  const filter: Query = {
    ...(triggeredAfter === undefined ? {} : { triggered_after: triggeredAfter }),
    ...(triggeredBefore === undefined ? {} : { triggered_before: triggeredBefore }),
  };
  const runs: DeploymentRun[] = [];
  for await (const run of runsOf(client, deploymentId, filter, limit)) {
    runs.push(run);
    if (runs.length === limit) {
      break;
    }
  }
  return { runs };
}
