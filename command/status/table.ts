import { counted } from "../../provider/api/clock";
import { excerpt } from "../../provider/api/foreign-text";
import { cut, wrapped } from "../../provider/api/lines";
import { pauseOf } from "../../provider/deployment/paused";
import { markedTable, nameCell } from "../words";
import type { DeploymentStatus } from "./deployment-status";
import type { Tally } from "./tally";
import {
  creditsCell,
  cutText,
  highCost,
  isHealthy,
  nextRunCell,
  none,
  problemsOf,
  resultCell,
  shortTime,
  sumText,
  type TimeText,
  type View,
} from "./words";

/** A result in the words of the service can have any length; the longest one of this package fits. */
const longestResult = 20;
const longestProblem = 300;
/** A pipe takes the whole reason of a failure. */
const longestPiped = 5_000;

/** One line for each deployment, within this number of columns, and below an unhealthy one its id and its problems. */
export function compactTable(deployments: readonly DeploymentStatus[], view: View, columns: number): string[] {
  const timeOf = shortTime(view.timeZone, view.now);
  const hasSince = deployments.some(({ since }) => since !== undefined);
  const head = ["NEXT RUN", "LAST RUN", "RESULT", ...(hasSince ? ["DONE"] : []), "CREDITS"];
  const rows = deployments.map((deployment) => ({
    isMarked: !isHealthy(deployment),
    name: nameCell(deployment, view.managed),
    cells: cells(deployment, timeOf),
    details: details(deployment, timeOf, columns),
  }));
  return markedTable(head, rows, columns);
}

function cells(deployment: DeploymentStatus, timeOf: TimeText): string[] {
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
function nextOrPause(deployment: DeploymentStatus, timeOf: TimeText): string {
  const by = pauseOf(deployment);
  if (by !== undefined) {
    return by === "by hand" ? "paused by hand" : "paused by service";
  }
  const { status } = deployment;
  return status === "active" ? nextRunCell(deployment, timeOf) : excerpt(status, longestResult);
}

/** The deployments as a list, for a narrow terminal. */
export function list(deployments: readonly DeploymentStatus[], view: View, columns: number): string[] {
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
      ...details(deployment, timeOf, columns).flatMap((text) => wrapped(text, columns, "  ")),
    ];
  });
}

/** The id, for use in the next command, the problems, and what a change hides. */
function details(deployment: DeploymentStatus, timeOf: TimeText, columns: number): string[] {
  const problems = problemsOf(deployment);
  const longest = Number.isFinite(columns) ? longestProblem : longestPiped;
  return [
    ...(problems.length === 0 ? [] : [excerpt(deployment.id, 100)]),
    ...problems.map((problem) => excerpt(problem, longest)),
    ...cutText(deployment, timeOf),
  ];
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
