import { nextWallRun } from "./expression";
import type { Schedule } from "./schedule";
import { onWall, type WallTime, zoneClock } from "./timezone";

/**
 * The next `count` runs strictly after `after`; fewer if no more follow. The schedule fires whenever the local time of its
 * zone matches: never at a time that the clocks skip, twice at a time that they repeat.
 */
export function runsAfter({ expression, timezone }: Schedule, after: Date, count: number): Date[] {
  const clock = zoneClock(timezone);
  const runs: Date[] = [];
  let start = after.getTime() + 1;
  while (runs.length < count) {
    const offset = clock.offset(start);
    const wallRun = nextWallRun(expression, start - 1 + offset);
    if (wallRun === undefined) {
      break;
    }
    const run = wallRun - offset;
    const [change] = clock.changes(start, run);
    if (change === undefined) {
      runs.push(new Date(run));
      start = run + 1;
    } else {
      // The clocks change before the local time reaches this run.
      start = change.at;
    }
  }
  return runs;
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** The date of a local time: `Thu 2026-11-26`. */
export function dateText(time: WallTime): string {
  return `${weekdayText(time)} ${new Date(time).toISOString().slice(0, 10)}`;
}

/** The time of the day: `09:30`. */
export function timeText(time: WallTime): string {
  return new Date(time).toISOString().slice(11, 16);
}

function weekdayText(time: WallTime): string {
  return `${weekdays[new Date(time).getUTCDay()]}`;
}

/** The moment in the local time of the zone: `Thu 2026-11-26 09:30`. */
export function momentText(moment: Date, timezone: string): string {
  const time = onWall(moment.getTime(), timezone);
  return `${dateText(time)} ${timeText(time)}`;
}

/**
 * The moment in the local time of the zone and in UTC: `Thu 2026-11-26 09:30 (01:30 UTC)`; with the day in UTC if it differs.
 */
export function runText(run: Date, timezone: string): string {
  const moment = run.getTime();
  const time = onWall(moment, timezone);
  const sameDay = dateText(time) === dateText(moment);
  const utc = time === moment ? "" : ` (${sameDay ? "" : `${weekdayText(moment)} `}${timeText(moment)} UTC)`;
  return `${dateText(time)} ${timeText(time)}${utc}`;
}
