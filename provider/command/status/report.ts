import { wrapped } from "../../api/columns";
import { type RunResult, stateText } from "../../deployment-run/result";
import { ordinaryColumns } from "../terminal";
import { jsonText, lines, secondText } from "../words";
import { type LastFailure, summed } from "./since";
import { compactTable, list, tallyText, wideTable } from "./table";
import type { Needed, Watched } from "./watched";
import { isHealthy, longTime, problemsOf, type View } from "./words";

/** The deployments with a legend. On a narrow terminal they are a list, because the lines of a table would wrap. */
export function report(deployments: readonly Watched[], view: View): string {
  const columns = view.columns ?? ordinaryColumns;
  const summaries = [summary(deployments, view.timeZone), ...sinceSummary(deployments, view)];
  return view.isWide
    ? lines([...wideTable(deployments, view), "", ...summaries])
    : lines([
        ...(columns < ordinaryColumns ? list : compactTable)(deployments, view, columns),
        "",
        ...summaries.flatMap((text) => wrapped(text, columns)),
      ]);
}

function summary(deployments: readonly Watched[], timeZone: string): string {
  const [healthy, all] = [deployments.filter(isHealthy).length, deployments.length];
  return `${healthy} of ${all} healthy${healthy < all ? "; ! marks the others" : ""}. Times are in ${timeZone}.`;
}

function sinceSummary(deployments: readonly Watched[], { since, timeZone }: View): string[] {
  if (since === undefined) {
    return [];
  }
  const tallies = deployments.flatMap((deployment) => (deployment.since === undefined ? [] : [deployment.since]));
  return [`Since ${longTime(timeZone)(new Date(since).toISOString())}: ${tallyText(summed(tallies))}.`];
}

/** Unhealthy deployments first, then by the next run; deployments that do not run by themselves last. */
export function inOrder(deployments: readonly Watched[]): Watched[] {
  const place = (deployment: Watched) => (isHealthy(deployment) ? 1 : 0);
  return [...deployments].sort((one, other) => place(one) - place(other) || nextRunTime(one) - nextRunTime(other));
}

const never = Number.MAX_SAFE_INTEGER;

function nextRunTime({ nextRunAt }: Watched): number {
  const time = Date.parse(nextRunAt ?? "");
  return Number.isNaN(time) ? never : time;
}

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
    agent: agent === undefined ? null : { ...neededJson(agent), version: agent.version ?? null },
    environment: neededJson(environment),
    since: deployment.since ?? null,
    failedInARow: deployment.failedInARow ?? null,
    missed: missedJson(deployment.missed),
    overdue: deployment.isOverdue,
    healthy: problems.length === 0,
    problems,
  };
}

function neededJson(needed: Needed | undefined) {
  return needed === undefined ? null : { id: needed.id, archived: needed.isArchived ?? null };
}

function missedJson(missed: readonly number[] | undefined) {
  const at = (moment: number | undefined) => (moment === undefined ? null : secondText(moment));
  return missed === undefined ? null : { count: missed.length, first: at(missed[0]), last: at(missed.at(-1)) };
}

function lastRunJson({ lastRun, lastResult, usualCredits }: Watched) {
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
    result: lastResult === undefined ? null : resultJson(lastResult, usualCredits),
  };
}

function resultJson(result: RunResult, usualCredits: number | undefined) {
  return {
    state: stateText(result),
    error: result.error ?? null,
    credits: result.credits ?? null,
    usualCredits: usualCredits ?? null,
    saidNothing: result.saidNothing ?? false,
  };
}

function lastFailureJson({ found, result }: LastFailure) {
  if (found === undefined) {
    return null;
  }
  const { id, createdAt, sessionId, error = result?.error } = found;
  return { id, createdAt: createdAt ?? null, sessionId: sessionId ?? null, error: error ?? null };
}
