import { counted, dayMs } from "../../provider/api/clock";
import { excerpt } from "../../provider/api/terminal-text";
import type { RunError } from "../../provider/deployment-run/arguments";
import { noReason } from "../../provider/deployment-run/reply";
import { archivedSession, type RunResult, shownState, stateText } from "../../provider/deployment-run/result";
import { momentText, runText } from "../../provider/schedule/runs";
import type { Scopes } from "../scope";
import type { DeploymentStatus } from "./deployment-status";

export interface View {
  readonly timeZone: string;
  readonly now: number;
  /** The time since which runs were counted. */
  readonly since: number | undefined;
  readonly managed: Scopes["managed"];
  /** The width of the terminal; undefined for a file or a pipe, which has any width. */
  readonly columns: number | undefined;
}

/** The cell for an absent value. */
export const none = "-";
const longestWord = 100;

export function resultText(result: RunResult): string {
  return excerpt(shownState(result), longestWord);
}

export function creditsCell(credits: number | undefined): string {
  return credits === undefined ? none : String(credits);
}

export type TimeText = (text: string | undefined) => string;

/** Shows times as `Thu 2026-11-26 09:30`. */
export function longTime(timeZone: string): TimeText {
  return (text) => timeText(text, (moment) => momentText(moment, timeZone));
}

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** A day without a year is unambiguous within this time. */
const nearMs = 180 * dayMs;

/** Shows times as `Nov 26 09:30`, or as `2024-11-26` if they are far from now. */
export function shortTime(timeZone: string, now: number): TimeText {
  return (text) =>
    timeText(text, (moment) => {
      const [, date = "", time = ""] = momentText(moment, timeZone).split(" ");
      const [, month = "", day = ""] = date.split("-");
      const isNear = Math.abs(moment.getTime() - now) < nearMs;
      return isNear ? `${monthNames[Number(month) - 1]} ${day} ${time}` : date;
    });
}

/** A time in an unknown form is shown unchanged: RFC 3339 has years of four digits (section 5.6). */
function timeText(text: string | undefined, shown: (moment: Date) => string): string {
  const moment = new Date(text ?? "");
  const year = moment.getUTCFullYear();
  if (year > 0 && year < 9_999) {
    return shown(moment);
  }
  return text === undefined ? "at an unknown time" : excerpt(text, longestWord);
}

/** True if no problem of the deployment is known. One whose last change may hide missed runs counts too; see `healthOf`. */
export function isHealthy(deployment: DeploymentStatus): boolean {
  return problemsOf(deployment).length === 0;
}

/** The same with a third answer: undefined if no problem is known, and the last change may hide each missed run of the window. */
export function healthOf(deployment: DeploymentStatus): boolean | undefined {
  return isHealthy(deployment) ? (isUnchecked(deployment) ? undefined : true) : false;
}

/** True if the last change may hide each missed run of the window. */
export function isUnchecked({ missed }: DeploymentStatus): boolean {
  return missed !== undefined && "cut" in missed && missed.cut === "whole";
}

/** The problems of a deployment and what is unknown of it, one sentence each. They contain the texts of the service unchanged. */
export function problemsOf(deployment: DeploymentStatus): string[] {
  return [
    ...stateProblems(deployment),
    ...archivedProblems(deployment),
    ...absenceProblems(deployment),
    ...runProblems(deployment),
    ...openProblems(deployment),
    ...deployment.growing,
    ...pauseProblems(deployment),
    ...unknownsOf(deployment),
  ];
}

/** What nobody can know of a deployment, one sentence each. It makes the deployment unhealthy. */
export function unknownsOf({ missed, since }: DeploymentStatus): string[] {
  const { unknownCosts = 0 } = since ?? {};
  return [
    ...(missed !== undefined && "unknown" in missed
      ? [`The command could not look for missed runs: ${missed.unknown}`]
      : []),
    ...(unknownCosts === 0 ? [] : [`The service does not show what ${counted(unknownCosts, "run")} cost`]),
  ];
}

/** The due times of the missed runs; undefined if they are not known. */
export function missedTimes({ missed }: DeploymentStatus): readonly number[] | undefined {
  return missed !== undefined && "times" in missed ? missed.times : undefined;
}

/** The runs that should have come. */
function absenceProblems(deployment: DeploymentStatus): string[] {
  const { isOverdue, nextRunAt, timezone } = deployment;
  const due = (moment: number) => `${runText(new Date(moment), timezone ?? "UTC")}, ${timezone ?? "UTC"}`;
  const times = missedTimes(deployment) ?? [];
  const [count, first = 0, last = 0] = [times.length, times[0], times.at(-1)];
  const overdue = isOverdue
    ? [`The next run that the service shows is overdue: ${due(Date.parse(nextRunAt ?? ""))}`]
    : [];
  if (count === 0) {
    return overdue;
  }
  const texts =
    count === 1
      ? `1 run was missed: it was due ${due(first)}`
      : `${count} runs were missed: the first was due ${due(first)}, the last ${due(last)}`;
  return [texts, ...overdue];
}

/** A session that a later run hides, and one that nobody ended. */
function openProblems({ long, runsSince = [], lastRun }: DeploymentStatus): string[] {
  const older = runsSince.filter(({ run }) => run.id !== lastRun?.id);
  const sessionsIn = (state: RunResult["state"]) =>
    older.flatMap(({ run, result }) => (result.state === state ? [run.sessionId] : []));
  const waiting = sessionsIn("waiting for somebody");
  const absent = sessionsIn("never began");
  const place = absent[0] === undefined ? "without a session" : `in its session ${absent[0]}`;
  return [
    ...long.map(({ id, text }) => `A session is ${text}: \`npx pulumi-qoder cancel ${id}\` ends it`),
    ...waiting.map((id) => `An older run waits ${untilText(id)}`),
    ...(absent.length === 0 ? [] : [`${counted(absent.length, "older run")} never began, the last ${place}`]),
  ];
}

function untilText(id: string | undefined): string {
  return `until somebody answers in its session ${id} or \`npx pulumi-qoder cancel ${id}\` ends it`;
}

/** From this number of days on, a pause by hand counts as forgotten. */
const longestPauseDays = 7;

function pauseProblems({ pausedDays: days = 0, isStrict }: DeploymentStatus): string[] {
  return isStrict && days > longestPauseDays
    ? [`The deployment has been paused by hand for ${counted(days, "day")}`]
    : [];
}

function stateProblems(deployment: DeploymentStatus): string[] {
  const { status } = deployment;
  const by = deployment.pausedBy;
  if (status === "archived") {
    return ["The deployment is archived and never runs again"];
  }
  if (by === "by the service") {
    return [`The service paused the deployment: ${pauseReason(deployment)}`];
  }
  const isKnown = status === "active" || by !== undefined;
  return isKnown ? [] : [`The deployment has the status "${status}", which this version of pulumi-qoder does not know`];
}

/** The reason for which the service paused the deployment. */
function pauseReason({ pausedReason }: DeploymentStatus): string | undefined {
  return pausedReason?.error?.type ?? pausedReason?.type;
}

function archivedProblems(deployment: DeploymentStatus): string[] {
  return archivedOf(deployment).map((noun) => `Its ${noun} is archived, so no run can start`);
}

/** The agent or environment of the deployment if it is archived, except if the reason of the pause already says so. */
function archivedOf(deployment: DeploymentStatus): ("agent" | "environment")[] {
  // The service may give the archived object as its reason ("Errors": `agent_archived_error`).
  const reason = deployment.pausedBy === "by the service" ? pauseReason(deployment) : undefined;
  return (["agent", "environment"] as const).filter(
    (noun) => deployment[noun]?.isArchived === true && reason !== `${noun}_archived_error`,
  );
}

function runProblems(deployment: DeploymentStatus): string[] {
  const { failedInARow: row = 0 } = deployment;
  const problems = lastRunProblems(deployment);
  if (row < 2) {
    return problems;
  }
  const [problem] = problems;
  const streak = `The deployment failed ${row} in a row`;
  const failed = "The last run failed";
  return [problem?.startsWith(failed) ? `${streak}${problem.slice(failed.length)}` : [streak, ...problems].join(": ")];
}

function lastRunProblems({ lastRun, lastResult, isStrict }: DeploymentStatus): string[] {
  if (lastRun === undefined) {
    return [];
  }
  switch (lastResult?.state) {
    case "done":
      return isStrict && lastResult.saidNothing
        ? ["The last run is done, but said nothing: its session has no message of the agent and no artifact"]
        : [];
    case "done, not graded":
      return ["The last run is done, but not graded: an outcome that was asked for has no final grading"];
    case "failed":
      return [`The last run failed: ${errorText(lastResult.error)}`];
    case "waiting for somebody":
      return [`The last run waits ${untilText(lastRun.sessionId)}`];
    case "never began":
      return [
        lastRun.sessionId === undefined
          ? "The last run never began: it has no session"
          : `The last run never began: its session ${lastRun.sessionId} shows no event of the agent`,
      ];
    case "stopped by budget":
      return ["The budget of the deployment stopped the last run"];
    case "not satisfied":
      return [`The last run did not satisfy its outcome: ${lastResult.outcome ?? "unknown"}`];
    case undefined:
      return isStrict && isUnknown(lastResult)
        ? [`The last run ended as "${stateText(lastResult)}", which this version of pulumi-qoder does not know`]
        : startProblems(lastRun);
    default:
      return startProblems(lastRun);
  }
}

/** True if this version does not know the end of the run. The archiving of a session says nothing about its work. */
function isUnknown(result: RunResult | undefined): result is RunResult {
  return result !== undefined && result.state === undefined && result.said !== archivedSession;
}

function startProblems({ sessionId, error }: NonNullable<DeploymentStatus["lastRun"]>): string[] {
  return error === undefined
    ? []
    : [`The last run ${sessionId === undefined ? "could not start" : "failed"}: ${errorText(error)}`];
}

export function errorText(error: RunError | undefined): string {
  return error === undefined ? noReason : `${error.type}: ${error.message}`;
}
