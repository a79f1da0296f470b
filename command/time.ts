import { z } from "zod";
import { type Clock, dayMs, hourMs, minuteMs, systemClock } from "../provider/api/clock";
import type { TimeLimit } from "../provider/api/connection";
import { QoderError } from "../provider/api/errors";
import { patience } from "../provider/api/patience";
import { timezoneProblem, zoneClock } from "../provider/schedule/timezone";
import { midnightOf, momentOf } from "../provider/schedule/window";
import { Misuse, valued } from "./command";
import { localTimeZone } from "./terminal";
import { moreTime } from "./words";

export const timeoutOption = valued(
  "TIME",
  "the time limit of the whole command, such as 90s or 10m; left out: 5 minutes for each object and each page of a list",
);

/** The time of a command. All parts of the command share this value, so each error names the limit that the person gave. */
export interface CommandTime {
  readonly clock: Clock;
  /** Undefined: each object, each page of a list and each call of the Pulumi CLI has a limit of its own. */
  readonly limit?: Pick<TimeLimit, "wholeMs" | "deadline">;
}

/** The time of a command from now on, with the value of `--timeout`. */
export function commandTime(timeout: string | undefined, clock: Clock = systemClock): CommandTime {
  if (timeout === undefined) {
    return { clock };
  }
  const wholeMs = durationMs("timeout", timeout);
  if (wholeMs > patience.commandMs) {
    throw new Misuse(`--timeout takes at most 7d, not "${timeout}"`);
  }
  return { clock, limit: { wholeMs, deadline: clock.now() + wholeMs } };
}

/** Throws if the time of the command is over: no timer ends a loop that waits for nothing. */
export function refuseLate({ clock, limit }: CommandTime): void {
  if (limit !== undefined && clock.now() >= limit.deadline) {
    throw new QoderError(`the time limit of ${limit.wholeMs / 1_000} s for the whole command was reached. ${moreTime}`);
  }
}

/** The value in milliseconds of an option that takes a duration. */
export function durationMs(option: string, text: string): number {
  const duration = durationIn(text);
  if (duration === undefined) {
    throw new Misuse(`--${option} takes a time with its unit (s, m, h, d or w), such as 90s or 2h, not "${text}"`);
  }
  return duration;
}

const unitMs: Readonly<Record<string, number>> = { s: 1_000, m: minuteMs, h: hourMs, d: dayMs, w: 7 * dayMs };

/** The milliseconds of `2h`; undefined for a text in another form. */
function durationIn(text: string): number | undefined {
  const [, count, unit = ""] = /^([1-9]\d{0,4})([smhdw])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * (unitMs[unit] ?? 0);
}

/** The time from which a report counts, by the service's time. Throws a `Misuse` for a time that is still to come. */
export type Since = (now: number) => number;

/** The value of `--since`: a time before now, the last time at which the clocks in this zone showed `02:00`, or an RFC 3339 time. */
export function sinceOf(text: string, clock: Clock, timeZone: string = localTimeZone()): Since {
  const period = durationIn(text);
  if (period !== undefined) {
    return (now) => now - period;
  }
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hours !== undefined) {
    const ofDay = Number(hours) * hourMs + Number(minutes) * minuteMs;
    return (now) => {
      const today = midnightOf(now + zoneClock(timeZone).offset(now)) + ofDay;
      const moment = momentOf(today, timeZone);
      return moment <= now ? moment : momentOf(today - dayMs, timeZone);
    };
  }
  const time = rfc3339.test(text) && z.iso.date().safeParse(text.slice(0, 10)).success ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new Misuse(`--since takes a time that has passed, such as 24h, 7d or 2026-11-25T00:00:00Z, not "${text}"`);
  }
  const since = (now: number) => {
    if (time > now) {
      throw new Misuse(`--since takes a time that has passed, and "${text}" is still to come`);
    }
    return time;
  };
  since(clock.now() + mostBehindMs);
  return since;
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** The clock of this machine may be behind by this time: whether a time has passed is decided by the service's clock. */
const mostBehindMs = dayMs;

/** Refuses the value of --timezone if Node.js does not know the zone. */
export function refuseOtherThanZone(timezone: string): void {
  const problem = timezoneProblem(timezone);
  if (problem !== undefined) {
    throw new Misuse(`--timezone: ${problem}`);
  }
}
