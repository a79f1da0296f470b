import { dayMs, minuteMs } from "../api/clock";
import { type PlanRemark, planWarning } from "../resource/kind/diagnostics";
import { fieldTexts, nextWallRun, timesOfDay } from "./expression";
import { dateText, runsAfter, timeText } from "./runs";
import type { Schedule } from "./schedule";
import { type ClockChange, onWall, type WallTime, zoneClock } from "./timezone";

const yearMs = 366 * dayMs;

/** Warnings about a valid schedule that is probably not intended. */
export function scheduleWarnings(schedule: Schedule, now: Date): PlanRemark[] {
  const found = [
    ["leap-year", leapYearWarning(schedule, now)],
    ["either-day", dayWarning(schedule, now)],
    ["dst", clockWarning(schedule, now)],
    ["likely-mistake", fixedZoneWarning(schedule)],
    ["likely-mistake", unevenStepWarning(schedule)],
  ] as const;
  return found.flatMap(([kind, text]) => (text === undefined ? [] : [planWarning(kind, text)]));
}

function leapYearWarning(schedule: Schedule, now: Date): string | undefined {
  const [next, afterNext] = runsAfter(schedule, now, 2).map((run) => run.getTime());
  return next !== undefined && afterNext !== undefined && afterNext - next > 2 * yearMs
    ? `"${schedule.expression}" is due in leap years only, next on ${dateText(onWall(next, schedule.timezone))}`
    : undefined;
}

/** Warns if both day fields are restricted: cron fires on a day that matches either one. */
function dayWarning(schedule: Schedule, now: Date): string | undefined {
  const [, , dayOfMonth = "*", month = "*", dayOfWeek = "*"] = fieldTexts(schedule.expression);
  if (dayOfMonth === "*" || dayOfWeek === "*") {
    return undefined;
  }
  const today = onWall(now.getTime(), schedule.timezone);
  const byMonth = `0 0 ${dayOfMonth} ${month} *`;
  const byWeek = `0 0 * ${month} ${dayOfWeek}`;
  const dates = [
    [firstOfOne(byMonth, byWeek, today), "by the day of the month"],
    [firstOfOne(byWeek, byMonth, today), "by the day of the week"],
  ].flatMap(([date, reason]) => (typeof date === "number" ? [`on ${dateText(date)} ${reason}`] : []));
  const shown = dates.length === 0 ? "" : `, as ${dates.join(" and ")}`;
  return `"${schedule.expression}" has days of the month and days of the week: it is due when either of the two fits${shown}`;
}

/** The first of the next midnights that match one expression and not the other; undefined if there is none. */
function firstOfOne(expression: string, other: string, after: WallTime): WallTime | undefined {
  let date = nextWallRun(expression, after);
  for (let tries = 0; tries < 40 && date !== undefined; tries += 1) {
    if (nextWallRun(other, date - 1) !== date) {
      return date;
    }
    date = nextWallRun(expression, date);
  }
  return undefined;
}

/** Zones of the time zone database without a summer time, each with the zone of the people whose winter time has that name. */
const winterZones: Readonly<Record<string, string>> = { EST: "America/New_York", MST: "America/Denver" };

function fixedZoneWarning({ timezone }: Schedule): string | undefined {
  const meant = winterZones[timezone];
  return (
    meant &&
    `${timezone} has no summer time: from March to November the runs start an hour late by the clocks of ${meant}. Write "${meant}", or "UTC" for a fixed time`
  );
}

/** Warns of a step that does not divide its hour or day: cron counts from 0 in each of them. */
function unevenStepWarning({ expression }: Schedule): string | undefined {
  const [minutes = "", hours = ""] = fieldTexts(expression);
  const uneven = [
    [minutes, 60, "minute", "hour"],
    [hours, 24, "hour", "day"],
  ] as const;
  return uneven
    .map(([field, size, unit, whole]) => {
      const [range, given] = field.split("/");
      const step = range === "*" || range === `0-${size - 1}` ? Number(given ?? 1) : 1;
      const due = Array.from({ length: Math.ceil(size / step) }, (_, index) => index * step);
      return size % step === 0
        ? undefined
        : `${field} is due at ${unit} ${due.join(", ")} of each ${whole}, and not every ${step} ${unit}s`;
    })
    .find((text) => text !== undefined);
}

/**
 * Warns of runs within a year at times that a clock change skips or repeats. The text names the hour of the change, so that
 * all schedules in that hour share one warning.
 */
function clockWarning({ expression, timezone }: Schedule, now: Date): string | undefined {
  const changes = zoneClock(timezone).changes(now.getTime(), now.getTime() + yearMs);
  const effects = changes.flatMap((change) => clockEffect(expression, change));
  return effects.length === 0
    ? undefined
    : `the clocks of ${timezone} ${effects.join(" and ")}: the API does not document whether a run starts then; choose another hour, or UTC`;
}

function clockEffect(expression: string, change: ClockChange): string[] {
  if (timesAtChange(expression, change).length === 0) {
    return [];
  }
  const [first, last] = hourOf(change);
  const shown = `${timeText(first)} to ${timeText(last)}`;
  return [
    change.to > change.from ? `skip ${shown} on ${dateText(first)}` : `show ${shown} twice on ${dateText(first)}`,
  ];
}

/** The first and the last minute that the change skips or shows twice: in most zones an hour. */
function hourOf({ from, to }: ClockChange): readonly [WallTime, WallTime] {
  return [Math.min(from, to), Math.max(from, to) - minuteMs];
}

// A fixed period, so that a name keeps its minute. Zones that change their clocks do so in each year.
const changesFrom = Date.UTC(2026, 0, 1);
const changesUntil = Date.UTC(2028, 0, 1);

/** The minutes of the day that clock changes of the zone skip or show twice. */
export function changedMinutes(timezone: string): ReadonlySet<number> {
  const minutes = zoneClock(timezone)
    .changes(changesFrom, changesUntil)
    .flatMap((change) => {
      const [first, last] = hourOf(change);
      return Array.from({ length: (last - first) / minuteMs + 1 }, (_, index) => first / minuteMs + index);
    });
  return new Set(minutes.map((one) => one % (dayMs / minuteMs)));
}

/**
 * The times of the expression that this clock change skips or shows twice. None if the clock change does not alter the
 * distances between the runs.
 */
export function timesAtChange(expression: string, change: ClockChange): WallTime[] {
  if (runsOn(expression, change)) {
    return [];
  }
  const times: WallTime[] = [];
  const [first, last] = hourOf(change);
  let next = nextWallRun(expression, first - 1);
  while (next !== undefined && next <= last) {
    times.push(next);
    next = nextWallRun(expression, next);
  }
  return times;
}

/** True if the expression fires every hour, at minutes that are the same before and after the clock change. */
function runsOn(expression: string, { from, to }: ClockChange): boolean {
  const { minutes, hours } = timesOfDay(expression);
  const shift = (to - from) / minuteMs;
  return hours.length === 24 && minutes.every((one) => minutes.includes((((one + shift) % 60) + 60) % 60));
}
