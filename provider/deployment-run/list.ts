import type * as pulumi from "@pulumi/pulumi";
import { deployments } from "../kinds/table";
import { lookUps } from "../loaded-look-ups";
import { runError } from "../program/errors";
import { LookUp } from "../program/look-up";
import type { LookUpOptions, LookUpOutputOptions } from "../program/look-up-arguments";
import { runsQuestion } from "../program/question";
import type { DeploymentRun, GetDeploymentRunsArgs, GetDeploymentRunsOutputArgs } from "./arguments";

/** The form in which mocks of the engine answer. */
interface Listed {
  readonly runs?: readonly DeploymentRun[];
}

const deploymentRuns = new LookUp<Listed, GetDeploymentRunsArgs, GetDeploymentRunsOutputArgs>(
  { lookUp: "getDeploymentRuns", type: deployments.type },
  runsQuestion,
  () => lookUps().findDeploymentRuns,
);

/**
 * Returns the runs of a deployment, the newest first.
 *
 * ```typescript
 * const runs = await getDeploymentRuns({ deploymentId: "dep_019ec556114c78f8b60ee34fcb98bf59", limit: 20 });
 * export const couldNotStart = runs.filter((run) => run.error !== undefined);
 * ```
 *
 * A run shows whether its session has started, but not the result of the session. Every preview and every `up` asks the
 * service, in the account that resources use. The call fails if the token cannot see the deployment.
 */
export async function getDeploymentRuns(
  args: GetDeploymentRunsArgs,
  options?: LookUpOptions,
): Promise<readonly DeploymentRun[]> {
  return runsIn(await deploymentRuns.find(args, options));
}

/**
 * {@link getDeploymentRuns} for arguments that are Outputs. While a preview does not know an argument, the runs are unknown
 * too.
 *
 * ```typescript
 * const runs = getDeploymentRunsOutput({ deploymentId: review.id, limit: 20 });
 * export const couldNotStart = runs.apply((all) => all.filter((run) => run.error !== undefined));
 * ```
 */
export function getDeploymentRunsOutput(
  args: GetDeploymentRunsOutputArgs,
  options?: LookUpOutputOptions,
): pulumi.Output<readonly DeploymentRun[]> {
  return deploymentRuns.output(args, options).apply(runsIn);
}

function runsIn({ runs }: Listed): readonly DeploymentRun[] {
  if (runs === undefined) {
    throw runError("getDeploymentRuns: the mocks must return { runs: [...] } in `call`");
  }
  return runs;
}
