/** Why a run has no session. */
export interface RunError {
  /** For example `agent_archived_error`. */
  readonly type: string;
  /** What the service says of it. */
  readonly message: string;
}

/** What the service computes. Outputs only: nothing here takes part in a diff. */
export interface DeploymentRunOutputs {
  readonly sessionId: string;
  readonly error: RunError;
  readonly createdAt: string;
  readonly agentVersion: number;
}
