import { excerpt } from "../../api/foreign-text";
import { pauseOf } from "../../deployment/paused";
import type { DeploymentRun } from "../../deployment-run/list";
import { type RunResult, stateText } from "../../deployment-run/result";
import { momentText } from "../../schedule/runs";
import { archivedOf, pauseReason } from "./health";
import type { Watched } from "./watched";

/** How a report is to be shown. */
export interface View {
  readonly timeZone: string;
  readonly now: number;
  /** Since when runs were counted. */
  readonly since: number | undefined;
  /** By the ids of a stack's deployments, their names in its program. */
  readonly resourceNames: ReadonlyMap<string, string>;
  /** How wide the terminal is; undefined: no terminal. */
  readonly columns: number | undefined;
  readonly isWide: boolean;
}

/** What the reports say of a deployment and of its runs, each in one cell. */

export const none = "-";
export const longestWord = 100;

/** Its name at Qoder, or its id, and its name in the program where that is another one. */
export function nameCell({ id, name }: Watched, resourceName: string | undefined): string {
  const shown = excerpt(name ?? id, longestWord);
  return resourceName === undefined || resourceName === name
    ? shown
    : `${shown} (${excerpt(resourceName, longestWord)})`;
}

/** Whether it is active, and what keeps it from running. */
export function stateCell(deployment: Watched): string {
  const { status } = deployment;
  const by = pauseOf(deployment);
  const reason = by === "by the service" ? pauseReason(deployment) : undefined;
  const words = by === undefined ? status : `paused ${by}${reason === undefined ? "" : `: ${reason}`}`;
  const archived = archivedOf(deployment).map((noun) => `, its ${noun} is archived`);
  return `${excerpt(words, longestWord)}${archived.join("")}`;
}

/** The time of the next run, or why there is none. */
export function nextRunCell({ status, isScheduled, nextRunAt }: Watched, timeOf: TimeText): string {
  if (nextRunAt !== undefined) {
    return timeOf(nextRunAt);
  }
  return status === "active" ? (isScheduled ? "not told" : "by hand only") : none;
}

/** What became of a run; where that was not asked for, whether its session could be started. */
export function resultCell({ sessionId, error }: DeploymentRun, result: RunResult | undefined): string {
  if (result !== undefined) {
    return excerpt(stateText(result), longestWord);
  }
  if (sessionId === undefined) {
    return error === undefined ? "not started" : "could not start";
  }
  return error === undefined ? "started" : "failed";
}

export function creditsCell(credits: number | undefined): string {
  return credits === undefined ? none : String(credits);
}

export type TimeText = (text: string | undefined) => string;

/** `Thu 2026-11-26 09:30` */
export function longTime(timeZone: string): TimeText {
  return (text) => timeText(text, (moment) => momentText(moment, timeZone));
}

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** Beyond half a year a day of a month does not say of which year it is. */
const nearMs = 180 * 86_400_000;

/** `Nov 26 09:30`, or `2024-11-26` for one that is far from now. */
export function shortTime(timeZone: string, now: number): TimeText {
  return (text) =>
    timeText(text, (moment) => {
      const [, date = "", time = ""] = momentText(moment, timeZone).split(" ");
      const [, month = "", day = ""] = date.split("-");
      const isNear = Math.abs(moment.getTime() - now) < nearMs;
      return isNear ? `${monthNames[Number(month) - 1]} ${day} ${time}` : date;
    });
}

/** A time in another form than that of the API is shown as it came: RFC 3339 has years of four digits (section 5.6). */
function timeText(text: string | undefined, shown: (moment: Date) => string): string {
  const moment = new Date(text ?? "");
  const year = moment.getUTCFullYear();
  if (year > 0 && year < 9_999) {
    return shown(moment);
  }
  return text === undefined ? "at a time not told" : excerpt(text, longestWord);
}
