import { dayMs, hourMs, minuteMs, waitText } from "../../provider/api/clock";
import { excerpt } from "../../provider/api/terminal-text";
import type { DeploymentRunError } from "../../provider/deployment-run/arguments";
import { noReason } from "../../provider/deployment-run/reply";
import { type RunResult, shownState } from "../../provider/deployment-run/result";
import { momentText } from "../../provider/schedule/runs";

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
  return (text) => shownTime(text, (moment) => momentText(moment, timeZone));
}

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
/** A day without a year is unambiguous within this time. */
const nearMs = 180 * dayMs;

/** Shows times as `Nov 26 09:30`, or as `2024-11-26` if they are far from now. */
export function shortTime(timeZone: string, now: number): TimeText {
  return (text) =>
    shownTime(text, (moment) => {
      const [, date = "", time = ""] = momentText(moment, timeZone).split(" ");
      const [, month = "", day = ""] = date.split("-");
      const isNear = Math.abs(moment.getTime() - now) < nearMs;
      return isNear ? `${monthNames[Number(month) - 1]} ${day} ${time}` : date;
    });
}

/** Shows days as `Dec 3`, or as `2024-12-03` if they are far from now. */
export function dayText(timeZone: string, now: number): TimeText {
  return (text) => {
    const [month = "", day = ""] = shortTime(timeZone, now)(text).split(" ");
    return [month, day.replace(/^0/, "")].filter(Boolean).join(" ");
  };
}

/** A time in an unknown form is shown unchanged: RFC 3339 has years of four digits (section 5.6). */
function shownTime(text: string | undefined, shown: (moment: Date) => string): string {
  const moment = new Date(text ?? "");
  const year = moment.getUTCFullYear();
  if (year > 0 && year < 9_999) {
    return shown(moment);
  }
  return text === undefined ? "at an unknown time" : excerpt(text, longestWord);
}

export function errorText(error: DeploymentRunError | undefined): string {
  return error === undefined ? noReason : `${error.type}: ${error.message}`;
}

/** `5 h 40 min`; a time below a minute in seconds. */
export function timeText(milliseconds: number): string {
  const [hours, minutes] = [Math.floor(milliseconds / hourMs), Math.floor((milliseconds % hourMs) / minuteMs)];
  const parts = [hours > 0 ? `${hours} h` : "", minutes > 0 ? `${minutes} min` : ""].filter(Boolean);
  return parts.length === 0 ? waitText(milliseconds) : parts.join(" ");
}
