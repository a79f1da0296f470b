import type { Schedule } from "./schedule";

// A program that only declares resources loads no cron: what a function here needs is loaded when it is called.

/** What {@link nextRuns} is to tell. */
export interface NextRunsOptions {
  /** How many runs: 1 to 1,000. Left out: 5. */
  readonly count?: number | undefined;
  /** The runs are strictly after this moment. Left out: now. */
  readonly from?: Date | undefined;
}

/**
 * When a schedule fires, in order, computed here and not asked of the service. It fires when the clock of its zone shows a time
 * that the expression names: not at all at one that daylight saving skips, twice at one that it repeats. What the service does
 * at those, its documentation does not say; the output `upcomingRunsAt` is its own word.
 *
 * ```typescript
 * const [next] = nextRuns({ expression: "0 9 * * 1-5", timezone: "Asia/Shanghai" }, { count: 1 });
 * ```
 *
 * @param schedule As in the argument `schedule`, as plain values: of an Output, call it in `apply`.
 * @returns The moments; fewer than `count` only where the calendar of `Date` ends.
 * @throws Where the API would refuse the schedule, with what is wrong and what to write; where `count` or `from` is none.
 */
export function nextRuns(schedule: Schedule, { count = 5, from = new Date() }: NextRunsOptions = {}): Date[] {
  if (!Number.isInteger(count) || count < 1 || count > 1_000) {
    throw new Error(`nextRuns: count ${count} is not a whole number from 1 to 1000`);
  }
  if (Number.isNaN(from.getTime())) {
    throw new Error("nextRuns: from is not a valid date");
  }
  refuseOther("nextRuns", schedule);
  const { runsAfter }: typeof import("../schedules") = require("../schedules");
  return runsAfter(schedule, from, count);
}

/**
 * A schedule in plain English: `At 09:00, Monday through Friday (Asia/Shanghai)`.
 *
 * @param schedule As in the argument `schedule`, as plain values: of an Output, call it in `apply`.
 * @throws Where the API would refuse the schedule, with what is wrong and what to write.
 */
export function describeSchedule(schedule: Schedule): string {
  refuseOther("describeSchedule", schedule);
  const { descriptionOf }: typeof import("../schedules") = require("../schedules");
  return descriptionOf(schedule);
}

function refuseOther(caller: string, { expression, timezone }: Schedule): void {
  const { scheduleProblem }: typeof import("../schedules") = require("../schedules");
  // A plain JavaScript program may hand over anything.
  const problem =
    typeof expression === "string" && typeof timezone === "string"
      ? scheduleProblem({ expression, timezone })
      : "the schedule is not { expression, timezone } as plain texts; of an Output, call it in apply";
  if (problem !== undefined) {
    throw new Error(`${caller}: ${problem}`);
  }
}
