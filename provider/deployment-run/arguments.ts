import type * as pulumi from "@pulumi/pulumi";
import type { GetDeploymentResult, QoderDeployment } from "../deployment";
import type { IdInput } from "../program/resource";
import type { DiagnosticKind } from "../resource/kind/diagnostics";

/** The conditions of a run that is a gate. */
export interface DeploymentRunWaitForResult {
  /**
   * The number of seconds that `up` waits for the end of the session, 1 or more. Left out: 3600. If `customTimeouts` are set,
   * they limit the start and the wait together.
   */
  readonly timeoutSeconds?: pulumi.Input<number | undefined>;
  /**
   * True if the outcome (`user.define_outcome` among the `initialEvents` of the deployment) must be `satisfied`. Left out: the work must be
   * done, whatever the grading says.
   */
  readonly satisfied?: pulumi.Input<boolean | undefined>;
  /**
   * True if a bad result makes `up` fail. Left out: true. With false the outputs record the result, and `up` fails only if the run could
   * not start or if its end is not known yet. A recorded end stays, whatever a person does in the session.
   */
  readonly mustPass?: pulumi.Input<boolean | undefined>;
}

/**
 * The arguments of a {@link QoderDeploymentRun}. A change of `deploymentId` or `triggers` replaces the resource, and the
 * replacement starts another run.
 */
export interface QoderDeploymentRunArgs {
  /**
   * The deployment to run: a {@link QoderDeployment}, its id (`dep_...`), or what `getDeployment` found. The deployment must
   * be active: if it is paused or archived, the resource fails.
   */
  readonly deploymentId: IdInput<QoderDeployment, GetDeploymentResult>;
  /**
   * The values whose change starts another run, at any depth: a map or list, for example of the commit, or of the id and the version of the
   * agent. The order of members does not count, and null equals a missing member. The state keeps the values, secrets as secrets; they are
   * never sent. Left out or empty: one run only.
   */
  readonly triggers?: pulumi.Input<Readonly<Record<string, unknown>> | readonly unknown[] | undefined>;
  /**
   * Makes the run a gate: `up` waits for the end of the session, and fails if the work failed, was cancelled, was stopped by its budget, or
   * waits for a person. Resources that depend on this one then stay unchanged. A run that failed, was cancelled or was stopped by its
   * budget stays failed until `triggers` change. For a run that waits or has not ended, the next `up` looks again. Left out: `up` does not
   * wait. A change of this argument starts no run.
   */
  readonly waitForResult?: pulumi.Input<true | DeploymentRunWaitForResult | undefined>;
  /**
   * The kinds of warnings and notes that previews leave out for this run, such as `["verify"]`. A warning ends with its kind in brackets.
   * Never sent.
   */
  readonly acknowledge?: pulumi.Input<readonly DiagnosticKind[] | undefined>;
}

/** The reason for which a run has no session, or its work failed. */
export interface DeploymentRunError {
  /** The type, for example `agent_archived_error`; `expected_artifacts` if a gate lacks what `expectedArtifacts` of its deployment names. */
  readonly type: string;
  /** The words of the service, or which artifact is missing or empty. */
  readonly message: string;
}

/** The outputs of a {@link QoderDeploymentRun} that the service computes, and the argument that is always set. */
export interface DeploymentRunOutputs {
  /** See {@link QoderDeploymentRunArgs.deploymentId}. */
  readonly deploymentId: string;
  /** The id of the session, `sess_...`. Undefined until the session has begun, in the older generation of the API. */
  readonly sessionId: string | undefined;
  /**
   * The reason for which the work failed, or for which a run that is looked up has no session. If a run of this program
   * cannot start, `up` fails.
   */
  readonly error: DeploymentRunError | undefined;
  /** The time of the start, RFC 3339 in UTC. */
  readonly createdAt: string;
  /** The version of the agent in this run. */
  readonly agentVersion: number;
  /**
   * The result of the work, in the words of `pulumi-qoder status`: `done`, `done, not graded`, `failed`, `running`,
   * `waiting for somebody`, `not satisfied` ... As of the last `up` or `refresh`. Only set with `waitForResult`, or for a run that is looked up.
   */
  readonly result: string | undefined;
  /** The credits that the run has cost so far, if the service shows them. Only set together with `result`. */
  readonly credits: number | undefined;
  /**
   * The final grading of the outcome: `satisfied`, `failed`, `max_iterations_reached` ... Only set together with `result`,
   * after the grading.
   */
  readonly outcome: string | undefined;
  /** The grader's explanation of the `outcome`, if the service shows one. Only set together with `outcome`. */
  readonly explanation: string | undefined;
}

/** The arguments of `getDeploymentRuns`. */
export interface GetDeploymentRunsArgs {
  /** The id of the deployment, `dep_...`. An archived deployment keeps its runs. */
  readonly deploymentId: string;
  /** The largest number of runs; the newest are listed. Left out: 100. Each hundred takes one GET. */
  readonly limit?: number | undefined;
  /** Lists only the runs that were triggered after this time, RFC 3339, such as `2026-11-25T00:00:00Z`. */
  readonly triggeredAfter?: string | undefined;
  /** Lists only the runs that were triggered before this time, RFC 3339. */
  readonly triggeredBefore?: string | undefined;
}

/** {@link GetDeploymentRunsArgs} whose values may be Outputs. */
export type GetDeploymentRunsOutputArgs = {
  readonly [Name in keyof GetDeploymentRunsArgs]: pulumi.Input<GetDeploymentRunsArgs[Name]>;
};

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
  readonly error: DeploymentRunError | undefined;
}
