import { counted } from "../../provider/api/clock";
import { cut } from "../../provider/api/lines";
import { excerpt, harmless } from "../../provider/api/terminal-text";
import { creditSum } from "../../provider/deployment-run/credits";
import { advised } from "../advised";
import { markedTable } from "../printer";
import { failedInARow, type Tally } from "../runs/tally";
import { creditsCell, none, resultText, shortTime, type TimeText } from "../runs/texts";
import type { Scopes } from "../scope";
import { nameCell } from "../words";
import { type DeploymentStatus, isHealthy } from "./causes";
import { differencesOf } from "./differences";

export interface View {
  readonly timeZone: string;
  readonly now: number;
  /** The time since which runs were counted. */
  readonly since: number | undefined;
  readonly managed: Scopes["managed"];
  /** The columns of the output. */
  readonly columns: number;
}

/** A result in the words of the service can have any length; the longest one of this package fits. */
const longestResult = 20;
/** A terminal gets three lines of a problem, and the command that ends it; a pipe gets the whole reason of a failure. */
const linesOfProblem = 3;
const longestProblem = 5_000;

/** One line for each deployment, and below an unhealthy one its id and its problems. */
export function table(deployments: readonly DeploymentStatus[], view: View): string[] {
  const timeOf = shortTime(view.timeZone, view.now);
  const hasSince = deployments.some(({ since }) => since !== undefined);
  const head = ["NEXT RUN", "LAST RUN", "RESULT", ...(hasSince ? ["DONE"] : []), "CREDITS"];
  const rows = deployments.map((deployment) => ({
    isMarked: !isHealthy(deployment),
    name: nameCell(deployment, view.managed),
    cells: cells(deployment, timeOf),
    details: details(deployment, timeOf, view),
  }));
  return markedTable(head, rows, view.columns);
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
  const by = deployment.pausedBy;
  if (by !== undefined) {
    return `paused ${by.replace("the ", "")}`;
  }
  const { status } = deployment;
  return status === "active" ? nextRunCell(deployment, timeOf) : excerpt(status, longestResult);
}

/** The id, for use in the next command, the problems, and what a change hides. */
function details(deployment: DeploymentStatus, timeOf: TimeText, { columns, managed }: View): string[] {
  const { problems } = deployment;
  const longest = Math.min(linesOfProblem * columns, longestProblem);
  return [
    ...(problems.length === 0 ? [] : [excerpt(deployment.id, 100)]),
    ...problems.map(({ text, end = "" }) => `${excerpt(text, longest)}${harmless(end)}`),
    ...cutText(deployment, timeOf),
    ...workingText(deployment),
    ...holdsText(deployment),
    ...differencesOf(deployment, managed.get(deployment.id)),
  ];
}

/** The numbers of runs: `7 runs, 5 done, 1 failed, 1 waiting, 12.5 credits`. */
export function tallyText(tally: Tally): string {
  const { runs, done, notGraded, failed, running, waiting } = tally;
  const others = runs - done - notGraded - failed - running - waiting;
  const counts = [
    [done, "done"],
    [notGraded, "not graded"],
    [failed, "failed"],
    [running, "running"],
    [waiting, "waiting"],
    [others, "other"],
  ] as const;
  const shown = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return [counted(runs, "run"), ...shown, ...(runs === 0 ? [] : [sumText(tally, "credit")])].join(", ");
}

/** The time of the next run of an active deployment, or the words for none. */
function nextRunCell({ isScheduled, nextRunAt }: DeploymentStatus, timeOf: TimeText): string {
  if (nextRunAt !== undefined) {
    return timeOf(nextRunAt);
  }
  return isScheduled ? "not shown" : "by hand only";
}

/** The result of the last run; if it was not requested, whether the session could start. */
function resultCell({ lastRun, lastResult: result, judged }: DeploymentStatus): string {
  if (lastRun === undefined) {
    return none;
  }
  const { sessionId, error } = lastRun;
  if (result !== undefined) {
    const { length } = failedInARow(judged);
    return result.state === "failed" && length > 1 ? `failed ${length} in a row` : resultText(result);
  }
  if (sessionId === undefined) {
    return error === undefined ? "not started" : "could not start";
  }
  return error === undefined ? "started" : "failed";
}

/** The sum of credits, some of which may be unknown: `at least 12.5 credits`. */
function sumText({ credits, unknownCosts }: Tally, unit = ""): string {
  return `${unknownCosts > 0 ? "at least " : ""}${unit === "" ? credits : counted(credits, unit)}`;
}

/** The cost of the last run, if it is unusually high: `↑ 80 (usually 10)`. */
function highCost({ lastResult, usual }: DeploymentStatus): string | undefined {
  const [credits, usualCredits] = [lastResult?.credits, usual.credits];
  return credits === undefined || usualCredits === undefined || credits <= 2 * usualCredits
    ? undefined
    : `↑ ${credits} (usually ${creditSum([usualCredits])})`;
}

/** What a change hides, for the row of the deployment. */
function cutText({ missed }: DeploymentStatus, timeText: TimeText): string[] {
  return missed?.cut === undefined
    ? []
    : [`missed runs are checked since ${timeText(new Date(missed.since).toISOString())}, the last change`];
}

/** Our own pauses, with the way back. */
function holdsText({ holds, advisor }: DeploymentStatus): string[] {
  return holds.length === 0 ? [] : [`held by ${holds.join(", ")}: \`${advised("resume", holds, advisor)}\` starts it`];
}

const mostSessions = 3;

/** The sessions that work now, so that a person can follow or end them, without those that a problem names. */
function workingText({ open, problems }: DeploymentStatus): string[] {
  const shown = open.flatMap(({ id }) => (problems.every(({ session }) => session !== id) ? id : []));
  const more = shown.length > mostSessions ? ` and ${shown.length - mostSessions} more` : "";
  return shown.length === 0 ? [] : [`running: ${shown.slice(0, mostSessions).join(", ")}${more}`];
}
