import { nextWallRun } from "./expression";
import type { Schedule } from "./schedule";
import { type WallTime, zoneClock } from "./timezone";

/**
 * The next `count` times the schedule fires strictly after `after`; fewer when it stops firing. It fires whenever the clock
 * of its zone shows a time that it names: not at one that the clock skips, twice at one that it repeats.
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
      // The clock was set before it came to show that time.
      start = change.at;
    }
  }
  return runs;
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** `Thu 2026-11-26` */
export function dateText(time: WallTime): string {
  return `${weekdayText(time)} ${new Date(time).toISOString().slice(0, 10)}`;
}

/** `09:30` */
export function timeText(time: WallTime): string {
  return new Date(time).toISOString().slice(11, 16);
}

function weekdayText(time: WallTime): string {
  return `${weekdays[new Date(time).getUTCDay()]}`;
}

/** On the wall clock of the zone: `Thu 2026-11-26 09:30`. */
export function momentText(moment: Date, timezone: string): string {
  const time = moment.getTime() + zoneClock(timezone).offset(moment.getTime());
  return `${dateText(time)} ${timeText(time)}`;
}

/** On the wall clock of the zone and in UTC: `Thu 2026-11-26 09:30 (01:30 UTC)`, with the day where it is another one there. */
export function runText(run: Date, timezone: string): string {
  const moment = run.getTime();
  const offset = zoneClock(timezone).offset(moment);
  const time = moment + offset;
  const sameDay = dateText(time) === dateText(moment);
  const utc = offset === 0 ? "" : ` (${sameDay ? "" : `${weekdayText(moment)} `}${timeText(moment)} UTC)`;
  return `${dateText(time)} ${timeText(time)}${utc}`;
}
