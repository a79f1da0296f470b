import { createHash } from "node:crypto";
import { programError } from "../program/errors";
import type { Schedule } from "./schedule";

// Each function loads the cron libraries when it is called, so a program that only declares resources does not load them.

/** The options of {@link nextRuns}. */
export interface NextRunsOptions {
  /** The number of runs: 1 to 1,000. Left out: 5. */
  readonly count?: number | undefined;
  /** The moment after which the runs start. Left out: now. */
  readonly from?: Date | undefined;
}

/**
 * Computes the next runs of a schedule, in order, without a request to the service. A schedule fires when the local time of
 * its zone matches the expression: never at a time that daylight saving skips, twice at a time that it repeats. The
 * documentation does not say how the service handles these times; the output `upcomingRunsAt` shows the runs that the service
 * plans.
 *
 * ```typescript
 * const [next] = nextRuns({ expression: "0 9 * * 1-5", timezone: "Asia/Shanghai" }, { count: 1 });
 * ```
 *
 * @param schedule The schedule, as in the argument `schedule`, with plain values. For Outputs call the function in `apply`.
 * @returns The moments of the runs; fewer than `count` only at the end of the calendar of `Date`.
 * @throws If the API would refuse the schedule; the message says how to write it. Also if `count` or `from` is not valid.
 */
export function nextRuns(schedule: Schedule, { count = 5, from = new Date() }: NextRunsOptions = {}): Date[] {
  if (!Number.isInteger(count) || count < 1 || count > 1_000) {
    throw programError(`nextRuns: count ${count} is not a whole number from 1 to 1000`);
  }
  if (Number.isNaN(from.getTime())) {
    throw programError("nextRuns: from is not a valid date");
  }
  refuseOther("nextRuns", schedule);
  const { runsAfter }: typeof import("../schedules") = require("../schedules");
  return runsAfter(schedule, from, count);
}

/**
 * Describes a schedule in English.
 *
 * ```typescript
 * const text = describeSchedule({ expression: "0 9 * * 1-5", timezone: "Asia/Shanghai" });
 * // At 09:00, Monday through Friday (Asia/Shanghai)
 * ```
 *
 * @param schedule The schedule, as in the argument `schedule`, with plain values. For Outputs call the function in `apply`.
 * @throws If the API would refuse the schedule; the message says how to write it.
 */
export function describeSchedule(schedule: Schedule): string {
  refuseOther("describeSchedule", schedule);
  const { descriptionOf }: typeof import("../schedules") = require("../schedules");
  return descriptionOf(schedule);
}

function refuseOther(caller: string, { expression, timezone }: Schedule): void {
  const { scheduleProblem }: typeof import("../schedules") = require("../schedules");
  // A program in JavaScript may pass any value.
  const problem =
    typeof expression === "string" && typeof timezone === "string"
      ? scheduleProblem({ expression, timezone })
      : "the schedule is not { expression, timezone } as plain texts; of an Output, call it in apply";
  if (problem !== undefined) {
    throw programError(`${caller}: ${problem}`);
  }
}

/** The options of {@link spread}: the times among which it chooses. */
export type SpreadOptions =
  | {
      /** One run an hour, at any minute. */
      readonly every: "hour";
    }
  | {
      /** One run a day, one run a day from Monday to Friday, or one run a week on any day. */
      readonly every: "day" | "weekday" | "week";
      /**
       * The first minute of the run and the end of the interval, as local times `"HH:MM"` up to `"24:00"`. An interval whose
       * end is before its beginning includes midnight. Left out: the whole day.
       */
      readonly between?: readonly [string, string] | undefined;
      /**
       * The time zone of the schedule. No run then starts in an hour that its clocks skip or show twice, unless `between` has
       * no other. Left out: any minute, which is right for UTC and for a zone that does not change its clocks.
       */
      readonly timezone?: string | undefined;
    };

const minutesOfDay = 24 * 60;

/**
 * Makes a cron expression whose minute depends only on the name. Equal names give equal expressions, and many names spread
 * evenly over the allowed minutes, so that deployments do not all start at once.
 *
 * ```typescript
 * const timezone = "Europe/Berlin";
 * const expression = spread("daily-report", { every: "day", between: ["02:00", "05:00"], timezone });
 * const schedule = { expression, timezone };
 * ```
 *
 * @param name The name that determines the minute, such as the Pulumi name of the deployment.
 * @returns A value for the argument `schedule.expression`, such as `37 2 * * *`.
 * @throws If `every`, `between` or `timezone` is not valid.
 */
export function spread(name: string, options: SpreadOptions): string {
  const part = createHash("sha256").update(name).digest().readUInt32BE() / 2 ** 32;
  if (options.every === "hour") {
    refuseBetween(options);
    return `${Math.floor(part * 60)} * * * *`;
  }
  const minutes = minutesIn(options);
  const days = daysOf(options.every);
  const slot = Math.floor(part * days.length * minutes.length);
  const time = minutes[slot % minutes.length] ?? 0;
  return `${time % 60} ${Math.floor(time / 60)} * * ${days[Math.floor(slot / minutes.length)]}`;
}

/** The minutes of the day among which `spread` chooses. */
function minutesIn({ between = ["00:00", "24:00"], timezone }: Exclude<SpreadOptions, { every: "hour" }>): number[] {
  const [start, length] = spanOf(between);
  const all = Array.from({ length }, (_, index) => (start + index) % minutesOfDay);
  if (timezone === undefined) {
    return all;
  }
  refuseOther("spread", { expression: "0 0 * * *", timezone });
  const { changedMinutes }: typeof import("../schedules") = require("../schedules");
  const changed = changedMinutes(timezone);
  const others = all.filter((time) => !changed.has(time));
  return others.length > 0 ? others : all;
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
      throw programError(`spread: every "${every}" is not one of hour, day, weekday, week`);
  }
}

function refuseBetween(options: object): void {
  if ("between" in options && options.between !== undefined) {
    throw programError("spread: between is a time of the day; take every: day, weekday or week with it");
  }
}

function spanOf([from, to]: readonly [string, string]): readonly [start: number, length: number] {
  const [start, end] = [minuteOf(from), minuteOf(to)];
  if (start === end) {
    throw programError(`spread: between ["${from}", "${to}"] has no minute in it; leave it out for the whole day`);
  }
  return [start, (end - start + minutesOfDay) % minutesOfDay || minutesOfDay];
}

function minuteOf(time: string): number {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(time) ?? [];
  if (time !== "24:00" && (hour === undefined || minute === undefined)) {
    throw programError(`spread: between "${time}" is not a time from 00:00 to 24:00, such as 02:30`);
  }
  return time === "24:00" ? minutesOfDay : Number(hour) * 60 + Number(minute);
}
