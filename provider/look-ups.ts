import { agentKind } from "./agent/kind";
import type { QoderClient } from "./api/client";
import { collected, type Query } from "./api/object-list";
import { deploymentKind } from "./deployment/kind";
import type { DeploymentRun, GetDeploymentRunsArgs } from "./deployment-run/arguments";
import { withCleanErrors } from "./deployment-run/hide-secrets";
import { runsOf } from "./deployment-run/runs";
import { environmentKind } from "./environment/kind";
import { asking, finder, refuseOtherId } from "./look-up/find";

export { find as findSkill } from "./skill/find";

// A program loads this file at its first look-up. The file has all look-ups, because they share one limiter for an account.

export { agentArguments } from "./agent/file-arguments";

export const findAgent = finder(agentKind);
export const findDeployment = finder(deploymentKind);
export const findEnvironment = finder(environmentKind);

/** The runs of a deployment, in the order of the service: "List runs" says the newest first. Its errors name the deployment. */
export const findDeploymentRuns = asking(deploymentKind, listed);

const defaultLimit = 100;

async function listed(
  client: QoderClient,
  { deploymentId, limit = defaultLimit, triggeredAfter, triggeredBefore }: GetDeploymentRunsArgs,
): Promise<{ readonly runs: readonly DeploymentRun[] }> {
  refuseOtherId(deploymentKind, deploymentId);
  const filter: Query = {
    ...(triggeredAfter === undefined ? {} : { triggered_after: triggeredAfter }),
    ...(triggeredBefore === undefined ? {} : { triggered_before: triggeredBefore }),
  };
  const runs = await collected(runsOf(client, deploymentId, filter, limit), limit);
  return { runs: await withCleanErrors(client, deploymentId, runs) };
}
