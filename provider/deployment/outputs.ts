import type { CommonOutputs } from "../resource/outputs";

/** The agent of a deployment. */
export interface DeployedAgent {
  /** Its id (`agent_...`). */
  readonly id: string;
  /** Set where the program pins one. */
  readonly version?: number | undefined;
}

/** Why a deployment rests. */
export interface PausedReason {
  /** `manual`: somebody paused it, or `paused: true` did. `error`: the service did, after a run failed. */
  readonly type: string;
  /** With `error`: what failed, for example `agent_archived_error`. */
  readonly error?:
    | {
        /** For example `agent_archived_error`. */
        readonly type: string;
      }
    | undefined;
}

/** What the service computes. Outputs only: nothing here takes part in a diff. */
export interface DeploymentOutputs extends CommonOutputs {
  readonly status: string;
  readonly pausedReason: PausedReason;
  readonly agentVersion: number;
  readonly upcomingRunsAt: readonly string[];
  readonly lastRunAt: string;
}
