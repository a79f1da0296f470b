/** Why a deployment rests. */
export interface PausedReason {
  /** `manual`: somebody paused it, or `paused: true` did. `error`: the service did, after a run failed. */
  readonly type: string;
  /** With `error`: what failed, for example `agent_archived_error`. */
  readonly error?: { readonly type: string } | undefined;
}

/** What the service computes. Outputs only: nothing here takes part in a diff. */
export interface DeploymentOutputs {
  readonly status: string;
  readonly pausedReason: PausedReason;
  readonly archivedAt: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly agentVersion: number;
  readonly upcomingRunsAt: readonly string[];
  readonly lastRunAt: string;
  readonly effectiveMetadata: Readonly<Record<string, unknown>>;
}
