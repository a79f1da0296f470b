import { dayMs, hourMs, minuteMs } from "../api/clock";
import { fieldTexts, nextWallRun, timesOfDay } from "./expression";
import type { Schedule } from "./schedule";
import { onWall, type WallTime, zoneClock } from "./timezone";

/** The largest offset from UTC in any zone and year is smaller (IANA time zone data). */
const largestOffsetMs = 16 * hourMs;

/**
 * All moments strictly after `after` and before `until` at which the schedule fires, in order, by the rule of `runsAfter`. A
 * schedule that fires each minute has 43,200 runs in a month, so the cron library is called once for each day and not once
 * for each run.
 */
export function runsWithin({ expression, timezone }: Schedule, after: number, until: number): number[] {
  const clock = zoneClock(timezone);
  const runs: number[] = [];
  let start = after + 1;
  for (const end of [...clock.changes(after, until).map(({ at }) => at), until]) {
    const offset = clock.offset(start);
    for (const time of wallTimes(expression, start + offset, end + offset)) {
      runs.push(time - offset);
    }
    start = end;
  }
  return runs;
}

function* wallTimes(expression: string, from: WallTime, to: WallTime): Generator<WallTime> {
  const { minutes, hours } = timesOfDay(expression);
  const [, , ...days] = fieldTexts(expression);
  const midnights = ["0", "0", ...days].join(" ");
  let day = nextWallRun(midnights, midnightOf(from) - 1);
  while (day !== undefined && day < to) {
    for (const hour of hours) {
      for (const minute of minutes) {
        const time = day + hour * hourMs + minute * minuteMs;
        if (from <= time && time < to) {
          yield time;
        }
      }
    }
    day = nextWallRun(midnights, day);
  }
}

/** The beginning of the day of this local time. */
export function midnightOf(time: WallTime): WallTime {
  return Math.floor(time / dayMs) * dayMs;
}

/** The first moment with this local time in the zone; if a clock change skips the time, the first moment with a later one. */
export function momentOf(time: WallTime, timezone: string): number {
  const clock = zoneClock(timezone);
  let start = time - largestOffsetMs;
  for (;;) {
    const moment = time - clock.offset(start);
    const [change] = clock.changes(start, moment);
    if (change === undefined) {
      return Math.max(moment, start);
    }
    start = change.at;
  }
}

/** A day or a month, from its first moment until the first moment after it. */
interface Span {
  readonly from: number;
  readonly until: number;
}

/** The day, or the month, in which the moment lies in this time zone. */
export function spanOf(period: "day" | "month", moment: number, timezone: string): Span {
  const wall = onWall(moment, timezone);
  const date = new Date(wall);
  const monthIn = (months: number) => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months);
  const [from, until] = period === "day" ? [midnightOf(wall), midnightOf(wall) + dayMs] : [monthIn(0), monthIn(1)];
  return { from: momentOf(from, timezone), until: momentOf(until, timezone) };
}

/** The days of the longest month. */
const monthDays = 31;

/** The numbers of runs in the 31 days after today, which are those of a month, and in the busiest one of these days. */
export function runsOfPeriods(schedule: Schedule, now: number): Readonly<Record<"day" | "month", number>> {
  const { timezone } = schedule;
  const today = midnightOf(onWall(now, timezone));
  const days = Array.from({ length: monthDays }, (_, index) => {
    const [from, until] = [1, 2].map((next) => momentOf(today + (index + next) * dayMs, timezone));
    return runsWithin(schedule, (from ?? 0) - 1, until ?? 0).length;
  });
  return { day: Math.max(...days), month: days.reduce((sum, runs) => sum + runs, 0) };
}
