import { nextWallRun, timesOfDay } from "./expression";
import type { ClockChange, WallTime } from "./timezone";

const minuteMs = 60_000;

/**
 * The times of the expression that this clock change skips or shows twice. None if the clock change does not alter the
 * distances between the runs.
 */
export function timesAtChange(expression: string, change: ClockChange): WallTime[] {
  if (runsOn(expression, change)) {
    return [];
  }
  const times: WallTime[] = [];
  const end = Math.max(change.from, change.to);
  let next = nextWallRun(expression, Math.min(change.from, change.to) - 1);
  while (next !== undefined && next < end) {
    times.push(next);
    next = nextWallRun(expression, next);
  }
  return times;
}

/** Whether the expression fires every hour, at minutes that are the same before and after the clock change. */
function runsOn(expression: string, { from, to }: ClockChange): boolean {
  const { minutes, hours } = timesOfDay(expression);
  const shift = (to - from) / minuteMs;
  return hours.length === 24 && minutes.every((one) => minutes.includes((((one + shift) % 60) + 60) % 60));
}
