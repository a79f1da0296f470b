import { counted, secondText } from "../../provider/api/clock";
import { largest } from "../../provider/api/extremes";
import { timeOf } from "../../provider/deployment-run/newest-first";
import { type RunResult, stateText } from "../../provider/deployment-run/result";
import type { LastRunJson, ResultJson, StatusJson } from "../json";
import type { MissedRuns } from "../runs/missed-runs";
import { failedInARow, type LastFailure, tallyOf } from "../runs/tally";
import { longTime } from "../runs/texts";
import type { Scopes } from "../scope";
import type { StackDeployment } from "../stack";
import { jsonOutput, lines, namesText } from "../words";
import { type DeploymentStatus, healthOf, isHealthy, sentenceOf } from "./causes";
import { differencesOf, uncomparedText } from "./differences";
import type { Needed } from "./facts";
import type { View } from "./table";
import { table, tallyText } from "./table";

/** The deployments with a legend. */
export function report(
  shown: readonly DeploymentStatus[],
  view: View,
  all: readonly DeploymentStatus[] = shown,
): string {
  return lines([
    `Times are in ${view.timeZone}.`,
    ...(shown.length === 0 ? [] : [...table(shown, view), ""]),
    summary(all),
    ...sinceSummary(all, view),
    ...usualSummary(all),
    ...pausedSummary(all),
    ...uncomparedSummary(all),
  ]);
}

function summary(deployments: readonly DeploymentStatus[]): string {
  const count = (health: boolean) => deployments.filter((one) => healthOf(one) === health).length;
  const unchecked = deployments.filter((one) => healthOf(one) === undefined).map(({ id, name }) => name ?? id);
  const rest =
    unchecked.length === 0
      ? ""
      : `, ${unchecked.length} not checked (${namesText(unchecked)}), because their last change may hide missed runs`;
  return `${count(true)} of ${deployments.length} healthy${rest}${count(false) > 0 ? "; ! marks the others" : ""}.`;
}

function sinceSummary(deployments: readonly DeploymentStatus[], { since, timeZone }: View): string[] {
  if (since === undefined) {
    return [];
  }
  const results = deployments.flatMap(({ runsSince }) => runsSince.map(({ result }) => result));
  return [`Since ${longTime(timeZone)(new Date(since).toISOString())}: ${tallyText(tallyOf(results))}.`];
}

function usualSummary(deployments: readonly DeploymentStatus[]): string[] {
  const unknown = deployments.filter(({ since, usual }) => (since?.runs ?? 0) > 0 && usual.credits === undefined);
  const names = namesText(unknown.map(({ id, name }) => name ?? id));
  return unknown.length === 0
    ? []
    : [`The usual cost is unknown, as fewer than 3 paid runs of the 7 days before are known: ${names}.`];
}

/** `3 paused: 2 by hand, oldest 12 days.` */
function pausedSummary(deployments: readonly DeploymentStatus[]): string[] {
  const paused = deployments.filter((one) => one.pausedBy !== undefined);
  const byHand = paused.filter((one) => one.pausedBy === "by hand");
  const days = byHand.flatMap(({ pausedDays }) => pausedDays ?? []);
  const oldest = days.length === 0 ? "" : `, oldest ${counted(largest(days), "day")}`;
  return paused.length === 0 ? [] : [`${paused.length} paused: ${byHand.length} by hand${oldest}.`];
}

function uncomparedSummary(deployments: readonly DeploymentStatus[]): string[] {
  const names = deployments.flatMap(({ id, name, isUncompared }) => (isUncompared ? (name ?? id) : []));
  return names.length === 0 ? [] : [`${uncomparedText(namesText(names))}; \`drift\` compares them.`];
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
