import { secondText } from "../../provider/api/clock";
import { timeOf } from "../../provider/deployment-run/newest-first";
import { type RunResult, stateText } from "../../provider/deployment-run/result";
import type { LastRunJson, ResultJson, StatusJson } from "../json";
import type { MissedRuns } from "../runs/missed-runs";
import { failedInARow, type LastFailure } from "../runs/tally";
import type { Scopes } from "../scope";
import type { StackDeployment } from "../stack";
import { jsonOutput, lines } from "../words";
import { type DeploymentStatus, healthOf, isHealthy, sentenceOf } from "./causes";
import { differencesOf } from "./differences";
import type { Needed } from "./facts";
import { headText, healthText, namesIn, notCompared, pausesText } from "./summary";
import { table, type View } from "./table";

/** The deployments with a legend. */
export function report(
  shown: readonly DeploymentStatus[],
  view: View,
  all: readonly DeploymentStatus[] = shown,
): string {
  const pauses = pausesText(all, view.columns);
  return lines([
    headText(all, view),
    ...(shown.length === 0 ? [] : [...table(shown, view), ""]),
    `${healthText(all, view)}${all.every(isHealthy) ? "" : "; ! marks the others"}.`,
    ...usualSummary(all),
    ...(pauses === undefined ? [] : [`${pauses}.`]),
    ...notCompared(all, view.columns).map((text) => `${text}; \`drift\` compares them.`),
  ]);
}

function usualSummary(deployments: readonly DeploymentStatus[]): string[] {
  const unknown = deployments.filter(({ since, usual }) => (since?.runs ?? 0) > 0 && usual.credits === undefined);
  return unknown.length === 0
    ? []
    : [`The usual cost is unknown, as fewer than 3 paid runs of the 7 days before are known: ${namesIn(unknown)}.`];
}

/** By the next run; deployments that do not run by themselves last. Unhealthy ones come first, but last in a terminal, which scrolls. */
export function inOrder(deployments: readonly DeploymentStatus[], isTerminal: boolean): DeploymentStatus[] {
  const place = (deployment: DeploymentStatus) => (isHealthy(deployment) === isTerminal ? 0 : 1);
  return [...deployments].sort((one, other) => place(one) - place(other) || nextRunTime(one) - nextRunTime(other));
}

function nextRunTime({ nextRunAt }: DeploymentStatus): number {
  return timeOf(nextRunAt) ?? Number.MAX_SAFE_INTEGER;
}

/** The members are a contract: docs/reference/json.md describes them. */
export function json(deployments: readonly DeploymentStatus[], managed: Scopes["managed"]): string {
  return jsonOutput(deployments.map((one) => deploymentJson(one, managed.get(one.id))));
}

function deploymentJson(deployment: DeploymentStatus, managed: StackDeployment | undefined): StatusJson {
  const { id, name, status, pausedReason, nextRunAt, agent, environment, since, missed, problems } = deployment;
  return {
    ...{ id, name, resource: managed?.resourceName, status, pausedReason, nextRunAt },
    lastRun: lastRunJson(deployment),
    lastFailure: lastFailureJson(deployment.lastFailure),
    agent: agent && { ...neededJson(agent), version: agent.version, newestVersion: agent.newest },
    environment: environment && neededJson(environment),
    ...{ since, failedInARow: since && failedInARow(deployment.judged).length },
    runningSessionIds: deployment.open.map((session) => session.id),
    missed: missed?.unknown === undefined ? missed && missedJson(missed) : undefined,
    pausedDays: deployment.pausedDays,
    overdue: deployment.isOverdue,
    healthy: healthOf(deployment),
    problems: problems.map(sentenceOf),
    causes: problems.map(({ cause, since: began }) => ({ cause: cause.name, since: momentJson(began) })),
    differences: differencesOf(deployment, managed),
    compared: managed && !deployment.isUncompared,
  };
}

function missedJson({ since, times, doubtful, cut }: MissedRuns) {
  return {
    ...{ since: momentJson(since), checked: cut !== "whole", count: times.length },
    ...{ first: momentJson(times[0]), last: momentJson(times.at(-1)), doubtful: doubtful.length },
  };
}

function neededJson({ id, isArchived: archived }: Needed) {
  return { id, archived };
}

function momentJson(moment: number | undefined): string | undefined {
  return moment === undefined ? undefined : secondText(moment);
}

function lastRunJson({ lastRun, lastResult: result, usual }: DeploymentStatus): LastRunJson | undefined {
  if (lastRun === undefined) {
    return undefined;
  }
  const { id, createdAt, trigger, sessionId, error } = lastRun;
  return {
    ...{ id, createdAt, trigger, sessionId, error },
    result: result && { ...resultJson(result), usualCredits: usual.credits },
  };
}

export function resultJson(result: RunResult): ResultJson {
  const { error, outcome, credits, saidNothing = false } = result;
  return { state: stateText(result), error, outcome, credits, saidNothing };
}

function lastFailureJson({ found, result }: LastFailure) {
  if (found === undefined) {
    return undefined;
  }
  const { id, createdAt, sessionId, error = result?.error } = found;
  return { id, createdAt, sessionId, error };
}
