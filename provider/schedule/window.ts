import { fieldTexts, nextWallRun, timesOfDay } from "./expression";
import type { Schedule } from "./schedule";
import { type WallTime, zoneClock } from "./timezone";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
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
