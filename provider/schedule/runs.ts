import { Cron } from "croner";
import { remembered } from "./remembered";
import type { Schedule } from "./schedule";
import { type WallTime, zoneClock } from "./zone-clock";

// croner skips, moves and repeats runs by rules of its own where the clocks change, so it reads wall clocks only.
const crons = remembered(500, (expression) => new Cron(expression, { mode: "5-part", paused: true, utcOffset: 0 }));

/** The first time on the wall clock, strictly after `after`, that the expression names. */
export function nextWallRun(expression: string, after: WallTime): WallTime | undefined {
  return crons(expression).nextRun(new Date(after))?.getTime();
}

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
