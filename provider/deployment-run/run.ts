import type { RunError } from "./outputs";

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
