import { fieldTexts, nextWallRun, timesOfDay } from "./expression";
import type { Schedule } from "./schedule";
import { type WallTime, zoneClock } from "./timezone";

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
/** No clock is further behind UTC, or ahead of it, in any zone and year (IANA time zone data). */
const largestOffsetMs = 16 * hourMs;

/**
 * All moments at which the schedule fires strictly after `after` and before `until`, in order, by the rule of `runsAfter`. A
 * schedule that fires each minute has 43,200 of them in a month, so each day is asked for once, and not each run.
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

/** The beginning of the day on the clock. */
export function midnightOf(time: WallTime): WallTime {
  return Math.floor(time / dayMs) * dayMs;
}

/** The first moment at which the clock of the zone shows this time, or a later one where a change of the clocks skips it. */
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
