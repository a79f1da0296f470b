/** The arguments of a run, as plain values. */
export interface DeploymentRunArguments {
  readonly deploymentId: string;
  readonly triggers: Triggers;
}

/** Any values; that they differ is all that they mean. */
export type Triggers = Readonly<Record<string, unknown>> | readonly unknown[];
