import { type RunResult, stateText } from "../../deployment-run/result";
import { jsonText } from "../terminal";
import { problemsOf } from "./health";
import type { LastFailure } from "./since";
import type { Needed, Watched } from "./watched";

/** The members are a contract: the help names them. */
export function json(deployments: readonly Watched[]): string {
  return `${jsonText(deployments.map(deploymentJson), 2)}\n`;
}

function deploymentJson(deployment: Watched) {
  const { id, name, status, pausedReason, nextRunAt, lastFailure, agent, environment } = deployment;
  const problems = problemsOf(deployment);
  return {
    id,
    name: name ?? null,
    status,
    pausedReason: pausedReason ?? null,
    nextRunAt: nextRunAt ?? null,
    lastRun: lastRunJson(deployment),
    lastFailure: lastFailureJson(lastFailure),
    agent: neededJson(agent),
    environment: neededJson(environment),
    since: deployment.since ?? null,
    healthy: problems.length === 0,
    problems,
  };
}

function neededJson(needed: Needed | undefined) {
  return needed === undefined ? null : { id: needed.id, archived: needed.isArchived ?? null };
}

function lastRunJson({ lastRun, lastResult }: Watched) {
  if (lastRun === undefined) {
    return null;
  }
  const { id, createdAt, trigger, sessionId, error } = lastRun;
  return {
    id,
    createdAt: createdAt ?? null,
    trigger: trigger ?? null,
    sessionId: sessionId ?? null,
    error: error ?? null,
    result: lastResult === undefined ? null : resultJson(lastResult),
  };
}

function resultJson(result: RunResult) {
  return { state: stateText(result), error: result.error ?? null, credits: result.credits ?? null };
}

function lastFailureJson({ found, result }: LastFailure) {
  if (found === undefined) {
    return null;
  }
  const { id, createdAt, sessionId, error = result?.error } = found;
  return { id, createdAt: createdAt ?? null, sessionId: sessionId ?? null, error: error ?? null };
}
