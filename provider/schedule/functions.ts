import { createHash } from "node:crypto";
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

/** Where {@link spread} may put a run. */
export type SpreadOptions =
  | {
      /** Once an hour, at some minute. */
      readonly every: "hour";
    }
  | {
      /** Once a day, once a day from Monday to Friday, or once a week on some day. */
      readonly every: "day" | "weekday" | "week";
      /**
       * The time of the day, `"HH:MM"` on the clock of the schedule's zone: the first minute that it may be, and the one that it
       * must be before, up to `"24:00"`. One that ends before it begins goes over midnight. Left out: the whole day.
       */
      readonly between?: readonly [string, string] | undefined;
    };

const minutesOfDay = 24 * 60;

/**
 * A cron expression at a minute that depends on the name alone: always the same for one name, and evenly spread over the
 * minutes allowed for many. So not all deployments start at once.
 *
 * ```typescript
 * const schedule = {
 *   expression: spread("daily-report", { every: "day", between: ["02:00", "04:00"] }),
 *   timezone: "Asia/Shanghai",
 * };
 * ```
 *
 * @param name What to choose the minute by, such as the Pulumi name of the deployment.
 * @returns For the argument `schedule.expression`, such as `37 2 * * *`.
 * @throws Where `every` or `between` is none of these.
 */
export function spread(name: string, options: SpreadOptions): string {
  const part = createHash("sha256").update(name).digest().readUInt32BE() / 2 ** 32;
  if (options.every === "hour") {
    refuseBetween(options);
    return `${Math.floor(part * 60)} * * * *`;
  }
  const [start, length] = spanOf(options.between ?? ["00:00", "24:00"]);
  const days = daysOf(options.every);
  const slot = Math.floor(part * days.length * length);
  const time = (start + (slot % length)) % minutesOfDay;
  return `${time % 60} ${Math.floor(time / 60)} * * ${days[Math.floor(slot / length)]}`;
}

function daysOf(every: string): string[] {
  switch (every) {
    case "day":
      return ["*"];
    case "weekday":
      return ["1-5"];
    case "week":
      return ["0", "1", "2", "3", "4", "5", "6"];
    default:
      throw new Error(`spread: every "${every}" is not one of hour, day, weekday, week`);
  }
}

function refuseBetween(options: object): void {
  if ("between" in options && options.between !== undefined) {
    throw new Error("spread: between is a time of the day; take every: day, weekday or week with it");
  }
}

function spanOf([from, to]: readonly [string, string]): readonly [start: number, length: number] {
  const [start, end] = [minuteOf(from), minuteOf(to)];
  if (start === end) {
    throw new Error(`spread: between ["${from}", "${to}"] has no minute in it; leave it out for the whole day`);
  }
  return [start, (end - start + minutesOfDay) % minutesOfDay || minutesOfDay];
}

function minuteOf(time: string): number {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  if (time !== "24:00" && (hour === undefined || minute === undefined)) {
    throw new Error(`spread: between "${time}" is not a time from 00:00 to 24:00, such as 02:30`);
  }
  return time === "24:00" ? minutesOfDay : Number(hour) * 60 + Number(minute);
}
