import { counted } from "../../provider/api/clock";
import { excerpt } from "../../provider/api/foreign-text";
import { aligned, cut, wrapped } from "../../provider/api/lines";
import { pauseOf } from "../../provider/deployment/paused";
import type { DeploymentRun } from "../../provider/deployment-run/arguments";
import { stateText } from "../../provider/deployment-run/result";
import { markedTable, nameCell, printable } from "../words";
import type { LastFailure, Tally } from "./tally";
import type { Watched } from "./watched";
import {
  creditsCell,
  errorText,
  highCost,
  isHealthy,
  longestWord,
  longTime,
  nextRunCell,
  none,
  problemsOf,
  resultCell,
  shortTime,
  stateCell,
  sumText,
  type TimeText,
  type View,
} from "./words";

/** A result in the words of the service can have any length; the longest one of this package fits. */
const longestResult = 20;
const longestProblem = 300;

/** One line for each deployment, within this number of columns, and below an unhealthy one its id and its problems. */
export function compactTable(deployments: readonly Watched[], view: View, columns: number): string[] {
  const timeOf = shortTime(view.timeZone, view.now);
  const hasSince = deployments.some(({ since }) => since !== undefined);
  const head = ["NEXT RUN", "LAST RUN", "RESULT", ...(hasSince ? ["DONE"] : []), "CREDITS"];
  const rows = deployments.map((deployment) => ({
    isMarked: !isHealthy(deployment),
    name: nameCell(deployment, view.managed),
    cells: cells(deployment, timeOf),
    details: details(deployment),
  }));
  return markedTable(head, rows, columns);
}

function cells(deployment: Watched, timeOf: TimeText): string[] {
  const { lastRun, lastResult, since } = deployment;
  return [
    cut(nextOrPause(deployment, timeOf), longestResult),
    lastRun === undefined ? "never" : cut(timeOf(lastRun.createdAt), longestResult),
    cut(resultCell(deployment), longestResult),
    ...(since === undefined ? [creditsCell(lastResult?.credits)] : sinceCells(since, highCost(deployment))),
  ];
}

function sinceCells(tally: Tally, high: string | undefined): string[] {
  const { runs, done } = tally;
  return runs === 0 ? [none, none] : [`${done}/${runs}`, high ?? sumText(tally)];
}

/** The time of the next run, or the reason for which the deployment does not run by itself. */
function nextOrPause(deployment: Watched, timeOf: TimeText): string {
  const by = pauseOf(deployment);
  if (by !== undefined) {
    return by === "by hand" ? "paused by hand" : "paused by service";
  }
  const { status } = deployment;
  return status === "active" ? nextRunCell(deployment, timeOf) : excerpt(status, longestResult);
}

/** The deployments as a list, for a narrow terminal. */
export function list(deployments: readonly Watched[], view: View, columns: number): string[] {
  const timeOf = shortTime(view.timeZone, view.now);
  return deployments.flatMap((deployment) => {
    const { lastRun, lastResult, since } = deployment;
    const name = nameCell(deployment, view.managed);
    const next = nextOrPause(deployment, timeOf);
    const high = highCost(deployment);
    const last =
      lastRun === undefined
        ? "never"
        : `${timeOf(lastRun.createdAt)}, ${resultCell(deployment)}${high === undefined ? spent(lastResult?.credits) : `, ${high}`}`;
    const facts = [
      `next run: ${next}`,
      `last run: ${last}`,
      ...(since === undefined ? [] : [`since: ${tallyText(since)}`]),
    ];
    return [
      cut(`${isHealthy(deployment) ? " " : "!"} ${name}`, columns),
      ...facts.flatMap((fact) => wrapped(fact, columns, "  ")),
      ...details(deployment).flatMap((text) => wrapped(text, columns, "  ")),
    ];
  });
}

/** The id, for use in the next command, and the problems. */
function details(deployment: Watched): string[] {
  const problems = problemsOf(deployment);
  return problems.length === 0
    ? []
    : [excerpt(deployment.id, 100), ...problems.map((problem) => excerpt(problem, longestProblem))];
}

function spent(credits: number | undefined): string {
  return credits === undefined ? "" : `, ${counted(credits, "credit")}`;
}

/** The numbers of runs: `7 runs, 5 done, 1 failed, 1 waiting, 12.5 credits`. */
export function tallyText(tally: Tally): string {
  const { runs, done, notGraded, failed, running, waiting } = tally;
  const counts = [
    [done, "done"],
    [notGraded, "not graded"],
    [failed, "failed"],
    [running, "running"],
    [waiting, "waiting"],
  ] as const;
  const shown = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return [counted(runs, "run"), ...shown, ...(runs === 0 ? [] : [sumText(tally, "credit")])].join(", ");
}

const longestName = 40;

/** All known values, one line for each deployment, of any width. */
export function wideTable(deployments: readonly Watched[], { timeZone, managed }: View): string[] {
  const timeOf = longTime(timeZone);
  const hasSince = deployments.some(({ since }) => since !== undefined);
  const columns: readonly (readonly [head: string, cell: (deployment: Watched) => string])[] = [
    ["", (one) => (isHealthy(one) ? " " : "!")],
    ["DEPLOYMENT", ({ id }) => excerpt(id, longestWord)],
    ["NAME", ({ name = none }) => excerpt(name, longestName)],
    ...(managed.size === 0
      ? []
      : [["RESOURCE", ({ id }: Watched) => excerpt(managed.get(id)?.resourceName ?? none, longestName)] as const]),
    ["STATE", stateCell],
    ["NEXT RUN", (one) => nextRunCell(one, timeOf)],
    ["LAST RUN", ({ lastRun }) => (lastRun === undefined ? "never" : lastRunCell(lastRun, timeOf))],
    ["ITS SESSION", ({ lastRun }) => excerpt(lastRun?.sessionId ?? none, longestWord)],
    ["RESULT", resultCell],
    ["CREDITS", (one) => highCost(one) ?? creditsCell(one.lastResult?.credits)],
    ...(hasSince ? [["SINCE", ({ since }: Watched) => (since === undefined ? "" : tallyText(since))] as const] : []),
    ["LAST FAILURE", ({ lastFailure }) => failureCell(lastFailure, timeOf)],
    ["PROBLEMS", (one) => printable(problemsOf(one).join("; ")) || none],
  ];
  return aligned([
    columns.map(([head]) => head),
    ...deployments.map((deployment) => columns.map(([, cell]) => cell(deployment))),
  ]);
}

function lastRunCell({ createdAt, trigger }: DeploymentRun, timeOf: TimeText): string {
  const why = trigger === "manual" ? "hand" : trigger && excerpt(trigger, longestWord);
  return `${timeOf(createdAt)}${why === undefined ? "" : ` by ${why}`}`;
}

function failureCell({ found, result, lookedAt }: LastFailure, timeOf: TimeText): string {
  if (found === undefined) {
    return lookedAt === undefined ? "none" : `none in the last ${lookedAt} runs`;
  }
  const { createdAt, sessionId, error = result?.error } = found;
  const session = sessionId === undefined ? "" : `${excerpt(sessionId, longestWord)}: `;
  const what = error === undefined && result !== undefined ? stateText(result) : errorText(error);
  return `${timeOf(createdAt)} ${session}${printable(what)}`;
}
