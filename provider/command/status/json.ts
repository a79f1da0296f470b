import type { DeploymentRun } from "../../deployment-run/run";
import { jsonText } from "../terminal";
import type { Needed } from "./needed";
import { isHealthy, type Watched } from "./watched";

/** The members are a contract: the help names them. */
export function json(deployments: readonly Watched[]): string {
  return `${jsonText(deployments.map(deploymentJson), 2)}\n`;
}

function deploymentJson(deployment: Watched) {
  const { id, name, status, pausedReason, nextRunAt, lastRun, lastFailure, agent, environment } = deployment;
  return {
    id,
    name: name ?? null,
    status,
    pausedReason: pausedReason ?? null,
    nextRunAt: nextRunAt ?? null,
    lastRun: lastRun === undefined ? null : lastRunJson(lastRun),
    lastFailure: lastFailure.found === undefined ? null : lastFailureJson(lastFailure.found),
    agent: neededJson(agent),
    environment: neededJson(environment),
    healthy: isHealthy(deployment),
  };
}

function neededJson(needed: Needed | undefined) {
  return needed === undefined ? null : { id: needed.id, archived: needed.isArchived ?? null };
}

function lastRunJson({ id, createdAt, trigger, sessionId, error }: DeploymentRun) {
  return {
    id,
    createdAt: createdAt ?? null,
    trigger: trigger ?? null,
    sessionId: sessionId ?? null,
    error: error ?? null,
  };
}

function lastFailureJson({ id, createdAt, error }: DeploymentRun) {
  return { id, createdAt: createdAt ?? null, error: error ?? null };
}
