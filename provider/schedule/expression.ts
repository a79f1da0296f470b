import { Cron } from "croner";
import { minuteMs } from "../api/clock";
import type { WallTime } from "./timezone";

interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

// "Create a deployment": a standard 5-field expression; 0 and 7 are both Sunday.
const cronFields: readonly CronField[] = [
  { name: "minute", min: 0, max: 59, names: [] },
  { name: "hour", min: 0, max: 23, names: [] },
  { name: "day of month", min: 1, max: 31, names: [] },
  { name: "month", min: 1, max: 12, names: "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ") },
  { name: "day of week", min: 0, max: 7, names: "SUN MON TUE WED THU FRI SAT".split(" ") },
];
const fieldOrder = "minute hour day-of-month month day-of-week";

/**
 * The reason for which the API would refuse the expression, with the field and its range; undefined for a valid expression.
 */
export function expressionProblem(expression: string): string | undefined {
  const [, timezone, inZone] = /^\s*(?:CRON_)?TZ=(\S+)\s+(.*)$/.exec(expression) ?? [];
  if (inZone !== undefined) {
    return `"${expression}" names a time zone; write expression: "${inZone.trim()}", timezone: "${timezone}"`;
  }
  const parts = fieldTexts(expression);
  if (parts.length !== cronFields.length) {
    return `"${expression}" is no cron expression of 5 fields (${fieldOrder}); the API takes no seconds, no year, and none of @daily, cron() and rate()`;
  }
  for (const [index, field] of cronFields.entries()) {
    const problem = fieldProblem(field, parts[index] ?? "");
    if (problem !== undefined) {
      return problem;
    }
  }
  if (nextWallRun(expression, Date.now()) === undefined) {
    return `"${expression}" is never due: none of its months has such a day`;
  }
  return undefined;
}

export function fieldTexts(expression: string): string[] {
  return expression.split(/\s+/).filter((part) => part !== "");
}

function fieldProblem(field: CronField, text: string): string | undefined {
  if (/[?LW#]/.test(text.replace(/[A-Z]{3}/gi, ""))) {
    return `${field.name} "${text}": ?, L, W and # are extensions that the API does not take`;
  }
  for (const item of text.split(",")) {
    const problem = itemProblem(field, item);
    if (problem !== undefined) {
      return problem;
    }
  }
  return undefined;
}

function itemProblem(field: CronField, item: string): string | undefined {
  const match = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/.exec(item);
  if (match === null) {
    return `${field.name} "${item}" is not a number, a range a-b, a list or *`;
  }
  const [, from, to, step] = match;
  for (const bound of [from, to]) {
    const problem = bound === undefined ? undefined : boundProblem(field, bound);
    if (problem !== undefined) {
      return problem;
    }
  }
  if (step !== undefined && from !== undefined && to === undefined) {
    return `${field.name} "${item}": a step needs a range or *, for example ${from}-${field.max}/${step}`;
  }
  if (step !== undefined && (Number(step) < 1 || Number(step) > field.max)) {
    return `${field.name} step ${step} is out of range 1-${field.max}`;
  }
  if (from !== undefined && to !== undefined && numberOf(field, from) > numberOf(field, to)) {
    const advice = step === undefined ? twoRanges(field, from, to) : "it as two ranges";
    return `${field.name} range "${from}-${to}" runs backwards; write ${advice}`;
  }
  return undefined;
}

/** Two ranges for a range that runs backwards: `FRI-SAT,SUN-MON` for `FRI-MON`. */
function twoRanges(field: CronField, from: string, to: string): string {
  const [first, last] = field.name === "day of week" ? ["SUN", "SAT"] : [`${field.min}`, `${field.max}`];
  const range = (low: string, high: string) =>
    numberOf(field, low) === numberOf(field, high) ? low : `${low}-${high}`;
  return `${range(from, last)},${range(first, to)}`;
}

function boundProblem(field: CronField, text: string): string | undefined {
  const value = numberOf(field, text);
  if (Number.isNaN(value)) {
    return `${field.name} "${text}" is not a number${field.names.length === 0 ? "" : ` or one of ${field.names.join(" ")}`}`;
  }
  return value < field.min || value > field.max
    ? `${field.name} ${text} is out of range ${field.min}-${field.max}`
    : undefined;
}

function numberOf(field: CronField, text: string): number {
  const named = field.names.indexOf(text.toUpperCase());
  if (named >= 0) {
    return named + field.min;
  }
  return /^\d+$/.test(text) ? Number(text) : Number.NaN;
}

const crons = new Map<string, Cron>();
const mostCrons = 500;

/** The first local time strictly after `after` that matches a valid expression. */
export function nextWallRun(expression: string, after: WallTime): WallTime | undefined {
  return cronOf(expression).nextRun(new Date(after))?.getTime();
}

function cronOf(expression: string): Cron {
  const known = crons.get(expression);
  if (known !== undefined) {
    return known;
  }
  if (crons.size >= mostCrons) {
    crons.clear();
  }
  // croner reads SUN-SUN as 0-7, which is each day.
  const numbered = expression.replace(/\bSUN\b/gi, "0");
  // croner has its own rules for clock changes, so it gets local times only.
  const cron = new Cron(numbered, { mode: "5-part", paused: true, utcOffset: 0 });
  crons.set(expression, cron);
  return cron;
}

const minutesOfDay = 24 * 60;

/** The minutes and the hours of a valid expression, in order. */
export function timesOfDay(expression: string): { readonly minutes: number[]; readonly hours: number[] } {
  const [minute = "", hour = ""] = fieldTexts(expression);
  return { minutes: valuesOf(minute, 60), hours: valuesOf(hour, 24) };
}

function valuesOf(field: string, count: number): number[] {
  const items = field.split(",").map((item) => {
    const [range = "", step = "1"] = item.split("/");
    const [from = "", to = from] = range === "*" ? ["0", `${count}`] : range.split("-");
    return { from: Number(from), to: Number(to), step: Number(step) };
  });
  return [...Array(count).keys()].filter((value) =>
    items.some(({ from, to, step }) => from <= value && value <= to && (value - from) % step === 0),
  );
}

/**
 * The shortest time in milliseconds between two runs on one day or on two consecutive days; one day if runs are further
 * apart.
 */
export function shortestInterval(expression: string): number {
  const { minutes, hours } = timesOfDay(expression);
  const times = hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute));
  const [, , dayOfMonth, , dayOfWeek] = fieldTexts(expression);
  const runsDaily = dayOfMonth === "*" && dayOfWeek === "*";
  const following = [...times.slice(1), ...(runsDaily ? [minutesOfDay + (times[0] ?? 0)] : [])];
  return minuteMs * Math.min(minutesOfDay, ...following.map((time, index) => time - (times[index] ?? 0)));
}
