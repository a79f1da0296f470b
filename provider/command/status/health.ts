import { pauseOf } from "../../deployment/paused";
import type { RunError } from "../../deployment-run/arguments";
import type { Watched } from "./watched";

/** Whether a deployment is healthy, as the help of the command defines it. */
export function isHealthy(deployment: Watched): boolean {
  return problemsOf(deployment).length === 0;
}

/** The problems of a deployment, one sentence each. They contain the texts of the service unchanged. */
export function problemsOf(deployment: Watched): string[] {
  return [...stateProblems(deployment), ...archivedProblems(deployment), ...runProblems(deployment)];
}

function stateProblems(deployment: Watched): string[] {
  const { status } = deployment;
  const by = pauseOf(deployment);
  if (status === "archived") {
    return ["The deployment is archived and never runs again"];
  }
  if (by === "by the service") {
    return [`The service paused the deployment: ${pauseReason(deployment)}`];
  }
  const isKnown = status === "active" || by === "by hand";
  return isKnown ? [] : [`The deployment has the status "${status}", which this version of pulumi-qoder does not know`];
}

/** The reason for which the service paused the deployment. */
export function pauseReason({ pausedReason }: Watched): string | undefined {
  return pausedReason?.error?.type ?? pausedReason?.type;
}

function archivedProblems(deployment: Watched): string[] {
  return archivedOf(deployment).map((noun) => `Its ${noun} is archived, so no run can start`);
}

/** The agent or environment of the deployment if it is archived, except if the reason of the pause already says so. */
export function archivedOf(deployment: Watched): ("agent" | "environment")[] {
  // The service may give the archived object as its reason ("Errors": `agent_archived_error`).
  const reason = pauseOf(deployment) === "by the service" ? pauseReason(deployment) : undefined;
  return (["agent", "environment"] as const).filter(
    (noun) => deployment[noun]?.isArchived === true && reason !== `${noun}_archived_error`,
  );
}

function runProblems({ lastRun, lastResult }: Watched): string[] {
  if (lastRun === undefined) {
    return [];
  }
  switch (lastResult?.state) {
    case "failed":
      return [`The last run failed: ${errorText(lastResult.error)}`];
    case "waiting for somebody":
      return [`The last run waits until somebody answers in its session ${lastRun.sessionId} or cancels that session`];
    case "stopped by budget":
      return ["The budget of the deployment stopped the last run"];
    case "not satisfied":
      return [`The last run did not satisfy its outcome: ${lastResult.outcome ?? "unknown"}`];
    default:
      return startProblems(lastRun);
  }
}

function startProblems({ sessionId, error }: NonNullable<Watched["lastRun"]>): string[] {
  return error === undefined
    ? []
    : [`The last run ${sessionId === undefined ? "could not start" : "failed"}: ${errorText(error)}`];
}

export function errorText(error: RunError | undefined): string {
  return error === undefined ? "the service gives no reason" : `${error.type}: ${error.message}`;
}
