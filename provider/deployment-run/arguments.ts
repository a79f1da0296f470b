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
