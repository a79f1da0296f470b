import { createHash } from "node:crypto";

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
