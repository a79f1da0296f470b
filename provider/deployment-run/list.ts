import type * as pulumi from "@pulumi/pulumi";
import { LookUp } from "../program/look-up";
import type { LookUpOptions, LookUpOutputOptions } from "../program/look-up-arguments";
import { runError } from "../program/provider";
import { deploymentType } from "../program/source";
import type { RunError } from "./arguments";
import { runsQuestion } from "./question";

/** Which runs to list. */
export interface ListDeploymentRunsArgs {
  /** `dep_...`; an archived deployment keeps its runs. */
  readonly deploymentId: string;
  /** How many at most, the newest; 100 where it is left out. A hundred cost one GET. */
  readonly limit?: number | undefined;
  /** RFC 3339, such as `2026-11-25T00:00:00Z`: those that were triggered after it. */
  readonly triggeredAfter?: string | undefined;
  /** RFC 3339: those that were triggered before it. */
  readonly triggeredBefore?: string | undefined;
}

/** {@link ListDeploymentRunsArgs} of which the values may come later. */
export type ListDeploymentRunsOutputArgs = {
  readonly [Name in keyof ListDeploymentRunsArgs]: pulumi.Input<ListDeploymentRunsArgs[Name]>;
};

/** The engine's mocks answer with an object. */
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
 * A run tells whether its session could be started, and nothing of what became of it. It asks in every preview and every `up`, in
 * the account that a resource would use. An id that the token does not see is an error.
 *
 * @param deployment Its id alone means the newest 100.
 */
export async function listDeploymentRuns(
  deployment: string | ListDeploymentRunsArgs,
  options?: LookUpOptions,
): Promise<readonly DeploymentRun[]> {
  const args = typeof deployment === "string" ? { deploymentId: deployment } : deployment;
  return runsIn(await deploymentRuns.find(args, options));
}

/** {@link listDeploymentRuns} for values that come later. In a preview that does not know them, the runs are not known either. */
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

/**
 * One run of a deployment. It tells whether a session could be started, and nothing of what became of it: that is in the
 * session.
 */
export interface DeploymentRun {
  /** `drun_...` */
  readonly id: string;
  /** `dep_...` */
  readonly deploymentId: string;
  /** RFC 3339, UTC. Undefined only where the service does not tell. */
  readonly createdAt: string | undefined;
  /** What started it: `schedule` or `manual`. */
  readonly trigger: string | undefined;
  /** RFC 3339, UTC: when the schedule was due. With the trigger `schedule` only. */
  readonly scheduledAt: string | undefined;
  /** The version of the agent that it was started with. */
  readonly agentVersion: number | undefined;
  /** `sess_...`: the session that was started. */
  readonly sessionId: string | undefined;
  /** Why no session could be started. */
  readonly error: RunError | undefined;
}
