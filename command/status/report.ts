import { secondText } from "../../provider/api/clock";
import { harmless } from "../../provider/api/foreign-text";
import { wrapped } from "../../provider/api/lines";
import { timeOf } from "../../provider/deployment-run/newest-first";
import { stateText } from "../../provider/deployment-run/result";
import { ordinaryColumns } from "../terminal";
import { jsonOutput, lines } from "../words";
import { compactTable, list, tallyText, wideTable } from "./table";
import { type LastFailure, type Tally, tallyOf } from "./tally";
import type { Needed, Watched } from "./watched";
import { isHealthy, longTime, missedTimes, problemsOf, type View } from "./words";

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
  const results = deployments.flatMap(({ runsSince = [] }) => runsSince.map(({ result }) => result));
  return [`Since ${longTime(timeZone)(new Date(since).toISOString())}: ${tallyText(tallyOf(results))}.`];
}

/** Unhealthy deployments first, then by the next run; deployments that do not run by themselves last. */
export function inOrder(deployments: readonly Watched[]): Watched[] {
  const place = (deployment: Watched) => (isHealthy(deployment) ? 1 : 0);
  return [...deployments].sort((one, other) => place(one) - place(other) || nextRunTime(one) - nextRunTime(other));
}

function nextRunTime({ nextRunAt }: Watched): number {
  return timeOf(nextRunAt) ?? Number.MAX_SAFE_INTEGER;
}

/** The members are a contract: docs/commands/status.md describes them. */
export function json(deployments: readonly Watched[]): string {
  return jsonOutput(deployments.map(deploymentJson));
}

function deploymentJson(deployment: Watched) {
  const { id, name, status, pausedReason, nextRunAt, agent, environment, since, failedInARow } = deployment;
  const missed = missedTimes(deployment);
  const problems = problemsOf(deployment);
  return {
    ...{ id, name, status, pausedReason, nextRunAt },
    lastRun: lastRunJson(deployment),
    lastFailure: lastFailureJson(deployment.lastFailure),
    agent: agent && { ...neededJson(agent), version: agent.version },
    environment: environment && neededJson(environment),
    ...{ since, failedInARow },
    missed: missed && { count: missed.length, first: momentJson(missed[0]), last: momentJson(missed.at(-1)) },
    overdue: deployment.isOverdue,
    healthy: problems.length === 0,
    problems,
  };
}

function neededJson({ id, isArchived: archived }: Needed) {
  return { id, archived };
}

function momentJson(moment: number | undefined): string | undefined {
  return moment === undefined ? undefined : secondText(moment);
}

function lastRunJson({ lastRun, lastResult: result, usualCredits }: Watched) {
  if (lastRun === undefined) {
    return undefined;
  }
  const { id, createdAt, trigger, sessionId, error } = lastRun;
  return {
    ...{ id, createdAt, trigger, sessionId, error },
    result: result && {
      state: stateText(result),
      error: result.error,
      credits: result.credits,
      usualCredits,
      saidNothing: result.saidNothing ?? false,
    },
  };
}

function lastFailureJson({ found, result }: LastFailure) {
  if (found === undefined) {
    return undefined;
  }
  const { id, createdAt, sessionId, error = result?.error } = found;
  return { id, createdAt, sessionId, error };
}

/** The metrics with their help, and the value of a deployment; undefined for one that is not known. */
const metrics: readonly (readonly [name: string, help: string, value: (one: Watched) => number | undefined])[] = [
  ["healthy", "1 for a healthy deployment, else 0.", (one) => (isHealthy(one) ? 1 : 0)],
  ["runs", "Runs since the time of --since.", ({ since }) => since?.runs],
  ["failures", "Failed runs since the time of --since.", ({ since }) => since?.failed],
  [
    "missed",
    "Runs that the schedule should have started since the time of --since.",
    (one) => missedTimes(one)?.length,
  ],
  ["not_graded", "Runs since the time of --since that are done, and not graded.", ({ since }) => since?.notGraded],
  ["credits", "Credits of the runs since the time of --since.", ({ since }) => allCredits(since)],
  ["next_run_timestamp_seconds", "Time of the next run.", ({ nextRunAt }) => secondsOf(nextRunAt)],
];

function allCredits(since: Tally | undefined): number | undefined {
  return since?.unknownCosts === 0 ? since.credits : undefined;
}

/** The deployments in the text format of OpenMetrics 1.0, which Prometheus reads. A value that is not known is absent. */
export function openMetrics(deployments: readonly Watched[]): string {
  const lines = metrics.flatMap(([name, help, valueIn]) => {
    const family = `qoder_deployment_${name}`;
    const samples = deployments.flatMap((one) => {
      const value = valueIn(one);
      return value === undefined ? [] : [`${family}{${labelsOf(one)}} ${value}`];
    });
    return [`# TYPE ${family} gauge`, `# HELP ${family} ${help}`, ...samples];
  });
  return `${[...lines, "# EOF"].join("\n")}\n`;
}

/** The labels at Qoder get a prefix, so that none of them can replace `id` and `name`. */
function labelsOf({ id, name, labels }: Watched): string {
  const given = Object.entries(labels).flatMap(([key, value]) =>
    typeof value === "string" ? [[`label_${key.replace(/[^A-Za-z0-9_]/g, "_")}`, value] as const] : [],
  );
  // Two keys may become one name, which may occur once only.
  const all = new Map([["id", id], ["name", name ?? ""], ...given]);
  return [...all].map(([key, value]) => `${key}="${escaped(value)}"`).join(",");
}

function escaped(text: string): string {
  return harmless(text).replaceAll("\\", "\\\\").replaceAll('"', '\\"');
}

function secondsOf(time: string | undefined): number | undefined {
  const moment = Date.parse(time ?? "");
  return Number.isNaN(moment) ? undefined : moment / 1_000;
}
