import type * as pulumi from "@pulumi/pulumi";
import { LookUp } from "../program/look-up";
import type { LookUpOptions, LookUpOutputOptions } from "../program/look-up-arguments";
import { runError } from "../program/provider";
import { deploymentType } from "../program/source";
import type { RunError } from "./arguments";
import { runsQuestion } from "./question";

/** The arguments of {@link listDeploymentRuns}. */
export interface ListDeploymentRunsArgs {
  /** The id of the deployment, `dep_...`. An archived deployment keeps its runs. */
  readonly deploymentId: string;
  /** The largest number of runs; the newest are listed. Left out: 100. Each hundred takes one GET. */
  readonly limit?: number | undefined;
  /** Lists only the runs that were triggered after this time, RFC 3339, such as `2026-11-25T00:00:00Z`. */
  readonly triggeredAfter?: string | undefined;
  /** Lists only the runs that were triggered before this time, RFC 3339. */
  readonly triggeredBefore?: string | undefined;
}

/** {@link ListDeploymentRunsArgs} whose values may be Outputs. */
export type ListDeploymentRunsOutputArgs = {
  readonly [Name in keyof ListDeploymentRunsArgs]: pulumi.Input<ListDeploymentRunsArgs[Name]>;
};

/** The form in which mocks of the engine answer. */
interface Listed {
  readonly runs?: readonly DeploymentRun[];
}

const deploymentRuns = new LookUp<Listed, ListDeploymentRunsArgs, ListDeploymentRunsOutputArgs>({
  name: "listDeploymentRuns",
  question: runsQuestion,
  type: deploymentType,
  secretOutputs: [],
  load() {
    const { findDeploymentRuns }: typeof import("../look-ups") = require("../look-ups");
    return findDeploymentRuns;
  },
});

/**
 * Lists the runs of a deployment, the newest first.
 *
 * ```typescript
 * const runs = await listDeploymentRuns({ deploymentId: "dep_019ec556114c78f8b60ee34fcb98bf59", limit: 20 });
 * export const couldNotStart = runs.filter((run) => run.error !== undefined);
 * ```
 *
 * A run shows whether its session has started, but not the result of the session. Every preview and every `up` asks the
 * service, in the account that resources use. The call fails if the token cannot see the deployment.
 *
 * @param deployment The arguments, or the id alone for the newest 100 runs.
 */
export async function listDeploymentRuns(
  deployment: string | ListDeploymentRunsArgs,
  options?: LookUpOptions,
): Promise<readonly DeploymentRun[]> {
  const args = typeof deployment === "string" ? { deploymentId: deployment } : deployment;
  return runsIn(await deploymentRuns.find(args, options));
}

/**
 * {@link listDeploymentRuns} for arguments that are Outputs. While a preview does not know an argument, the runs are unknown
 * too.
 *
 * ```typescript
 * const runs = listDeploymentRunsOutput({ deploymentId: review.id, limit: 20 });
 * export const couldNotStart = runs.apply((all) => all.filter((run) => run.error !== undefined));
 * ```
 */
export function listDeploymentRunsOutput(
  args: ListDeploymentRunsOutputArgs,
  options?: LookUpOutputOptions,
): pulumi.Output<readonly DeploymentRun[]> {
  return deploymentRuns.output(args, options).apply(runsIn);
}

function runsIn({ runs }: Listed): readonly DeploymentRun[] {
  if (runs === undefined) {
    throw runError("listDeploymentRuns: the mocks must answer it with { runs: [...] } in `call`");
  }
  return runs;
}

/** One run of a deployment. It shows whether its session has started; the result is in the session. */
export interface DeploymentRun {
  /** The id of the run, `drun_...`. */
  readonly id: string;
  /** The id of the deployment, `dep_...`. */
  readonly deploymentId: string;
  /** The time of the start, RFC 3339 in UTC. Undefined only if the service does not show it. */
  readonly createdAt: string | undefined;
  /** The origin of the run: `schedule` or `manual`. */
  readonly trigger: string | undefined;
  /** The time for which the schedule planned the run, RFC 3339 in UTC. Only with the trigger `schedule`. */
  readonly scheduledAt: string | undefined;
  /** The version of the agent in this run. */
  readonly agentVersion: number | undefined;
  /** The id of the session that the run started, `sess_...`. */
  readonly sessionId: string | undefined;
  /** The reason for which no session started. */
  readonly error: RunError | undefined;
}
