import type * as pulumi from "@pulumi/pulumi";

/** The arguments of a {@link QoderDeploymentRun}. A change of either replaces the resource, which starts another run. */
export interface QoderDeploymentRunArgs {
  /** The id (`dep_...`) of the deployment to run. It must be active: a paused or archived one starts no run. */
  readonly deploymentId: pulumi.Input<string>;
  /**
   * When to run again: a map or list of any values, such as the commit or the version of the agent. Another value, at any depth, starts
   * another run; the order of members does not count, and one that is null is none. They are kept in the state, secret where they are,
   * and not sent to the service. Left out, or empty: it runs once.
   */
  readonly triggers?: pulumi.Input<Readonly<Record<string, unknown>> | readonly unknown[] | undefined>;
}

/** Why a run has no session. */
export interface RunError {
  /** For example `agent_archived_error`. */
  readonly type: string;
  /** What the service says of it. */
  readonly message: string;
}

/** The outputs of a {@link QoderDeploymentRun} that the service computes, and the argument that it always has. */
export interface DeploymentRunOutputs {
  /** See {@link QoderDeploymentRunArgs.deploymentId}. */
  readonly deploymentId: string;
  /** The session that it started, `sess_...`. Not set while the older generation of the API has not begun it. */
  readonly sessionId: string | undefined;
  /** Why there is no session, of a run that is looked up; a run of this program that could not start is an error. */
  readonly error: RunError | undefined;
  /** RFC 3339, UTC. */
  readonly createdAt: string;
  /** The version of the agent that it runs. */
  readonly agentVersion: number;
}
