/**
 * What is wrong with a deployment, in the order of a report about many: the worst comes first. A screen counts the deployments of a cause
 * together.
 */
export const causes = [
  "archived",
  "paused by the service",
  "agent or environment archived",
  "missed",
  "could not start",
  "never began",
  "failed",
  "stopped by budget",
  "not satisfied",
  "not graded",
  "waits",
  "hangs",
  "fails often",
  "lacks an artifact",
  "tool calls failed",
  "repeats itself",
  "said nothing",
  "costs more",
  "took longer",
  "began late",
  "did less",
  "cancelled",
  "session archived",
  "paused for days",
  "unknown",
] as const;

export type Cause = (typeof causes)[number];

export interface Problem {
  readonly cause: Cause;
  /** A sentence without its full stop. It contains the texts of the service unchanged. */
  readonly text: string;
  /** When it began, in milliseconds by the service's clock; undefined if nobody knows. */
  readonly since?: number | undefined;
  /** The open session that a person may end. */
  readonly session?: string | undefined;
}
