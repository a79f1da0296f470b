import type * as pulumi from "@pulumi/pulumi";
import type { DeploymentDefineOutcomeRubric, DeploymentResource, QoderDeploymentArgs } from "../deployment/arguments";
import type { DeploymentRunWaitForResult, QoderDeploymentRunArgs } from "../deployment-run/arguments";
import type { QoderFile } from "../file";
import type { IdInput } from "../program/resource";

/** A case of an evaluation. A changed case starts its own runs again. */
export interface EvaluationCaseArgs {
  /** The task in words, which the agent reads: the `description` of a `user.define_outcome`. */
  readonly input: pulumi.Input<string>;
  /** What the grader judges the work by, a text or a file. The agent does not see it. */
  readonly rubric: pulumi.Input<string> | DeploymentDefineOutcomeRubric;
  /** The files in the sandbox of each run: each a {@link QoderFile} or its id (`file_...`). Left out: none. */
  readonly files?: readonly IdInput<QoderFile>[] | undefined;
}

/**
 * The arguments of {@link Evaluation}. Each run has the `budget`. A change of `budget`, `vaultIds`, `environmentVariables` or
 * `resources` starts no run; a change of `triggers` starts all again.
 */
export interface EvaluationArgs
  extends Pick<QoderDeploymentArgs, "budget" | "vaultIds" | "environmentVariables" | "acknowledge">,
    Pick<QoderDeploymentRunArgs, "triggers">,
    Pick<DeploymentRunWaitForResult, "timeoutSeconds"> {
  /** The agent, as in {@link QoderDeploymentArgs.agent}. Another agent or version starts all runs again. */
  readonly agent: QoderDeploymentArgs["agent"];
  /**
   * The environment, as in {@link QoderDeploymentArgs.environmentId}. Another environment, or another `config` of a
   * QoderEnvironment, starts all runs again.
   */
  readonly environmentId: QoderDeploymentArgs["environmentId"];
  /** The cases by their names, at least one. Each becomes a deployment without a schedule, `NAME-CASE`. */
  readonly cases: Readonly<Record<string, EvaluationCaseArgs>>;
  /** The number of runs of each case, 1 or more. Left out: 1. */
  readonly repeats?: number | undefined;
  /** The part of all runs that must be satisfied, from 0 to 1. Left out: 1. */
  readonly passRate?: number | undefined;
  /** The largest number of runs at the same time, 1 or more. Left out: 5. */
  readonly concurrent?: number | undefined;
  /** How often the agent may try until the grading counts, 1 to 20. Left out: 1. A change starts all runs again. */
  readonly maxIterations?: number | undefined;
  /** The repositories, memory stores and files in the sandbox of each run. Left out: none. */
  readonly resources?: readonly pulumi.Input<DeploymentResource>[] | undefined;
}

/** The results of one case. */
export interface EvaluationRow {
  /** The name of the case. */
  readonly case: string;
  /** The number of runs whose outcome is satisfied. */
  readonly passed: number;
  /** The number of all runs. */
  readonly runs: number;
  /** The credits of all runs so far. */
  readonly credits: number;
  /** The runs whose outcome is not satisfied: the session, the result, the final grading and the grader's explanation. */
  readonly failures: Partial<Record<"sessionId" | "result" | "outcome" | "explanation", string | undefined>>[];
}
