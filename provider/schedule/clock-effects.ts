import { nextWallRun, timesOfDay } from "./expression";
import type { ClockChange, WallTime } from "./timezone";

const minuteMs = 60_000;

/**
 * The times that the expression names among those that this change of the clocks skips or shows twice. None where it fires at the
 * same distances as ever.
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

/** It fires in each hour and at the same minutes by the old time and the new. */
function runsOn(expression: string, { from, to }: ClockChange): boolean {
  const { minutes, hours } = timesOfDay(expression);
  const shift = (to - from) / minuteMs;
  return hours.length === 24 && minutes.every((one) => minutes.includes((((one + shift) % 60) + 60) % 60));
}
