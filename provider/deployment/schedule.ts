import { Cron } from "croner";
import { suggestion } from "../resource/suggestion";
import { isWrapped, rewriteAdvice, rewritten } from "./other-schedulers";

/** When a deployment runs: five cron fields, read on the wall clock of an IANA time zone. */
export interface Schedule {
  readonly expression: string;
  readonly timezone: string;
}

interface CronField {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

// "Create a deployment": a standard 5-field expression. 0 and 7 are both Sunday.
const cronFields: readonly CronField[] = [
  { name: "minute", min: 0, max: 59, names: [] },
  { name: "hour", min: 0, max: 23, names: [] },
  { name: "day of month", min: 1, max: 31, names: [] },
  { name: "month", min: 1, max: 12, names: "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ") },
  { name: "day of week", min: 0, max: 7, names: "SUN MON TUE WED THU FRI SAT".split(" ") },
];
const fieldOrder = "minute hour day-of-month month day-of-week";

const macros: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

/** Why the API would refuse the expression, in words that name the field and its range; undefined when it is fine. */
export function expressionProblem(expression: string): string | undefined {
  const macro = macros[expression.trim().toLowerCase()];
  if (macro !== undefined) {
    return `${expression.trim()} is not a 5-field cron expression; write ${macro}`;
  }
  const problem = fiveFieldProblem(expression);
  return problem === undefined ? undefined : `${problem}${rewriteAdvice(expression, fiveFieldProblem)}`;
}

/** What was meant by an expression that may be written for another scheduler; undefined where nobody can tell. */
export function meantExpression(text: string): string | undefined {
  const macro = macros[text.trim().toLowerCase()];
  return macro ?? (fiveFieldProblem(text) === undefined ? text : rewritten(text, fiveFieldProblem));
}

function fiveFieldProblem(expression: string): string | undefined {
  if (isWrapped(expression)) {
    return `"${expression}" is no 5-field cron expression (${fieldOrder})`;
  }
  const parts = expression.split(/\s+/).filter((part) => part !== "");
  if (parts.length !== cronFields.length) {
    return `"${expression}" has ${parts.length} fields, but the API takes 5 (${fieldOrder})`;
  }
  for (const [index, field] of cronFields.entries()) {
    const problem = fieldProblem(field, parts[index] ?? "");
    if (problem !== undefined) {
      return problem;
    }
  }
  if (nextRuns({ expression, timezone: "UTC" }, 1, new Date()).length === 0) {
    return `"${expression}" never fires: no month that it names has such a day`;
  }
  return undefined;
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
    return `${field.name} range "${from}-${to}" runs backwards; write it as two ranges`;
  }
  return undefined;
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

// Some zones, and UTC, the list of the runtime knows under their older names only.
const newerNames = "UTC Asia/Kolkata Asia/Kathmandu Asia/Ho_Chi_Minh Asia/Yangon Europe/Kyiv".split(" ");
const timezones = [...Intl.supportedValuesOf("timeZone"), ...newerNames];

/** Why the time zone is no IANA name, or undefined when it is one. */
export function timezoneProblem(timezone: string): string | undefined {
  // Intl takes offsets too; the API documents names only.
  const isOffset = /^(GMT|UTC)?[+-]/i.test(timezone);
  if (isTimezone(timezone) && !/^[+-]/.test(timezone)) {
    return undefined;
  }
  if (isOffset) {
    const [, sign, hours] = /^(?:GMT|UTC)?([+-])0?(\d{1,2})(?::?00)?$/i.exec(timezone) ?? [];
    const name = `Etc/GMT${sign === "+" ? "-" : "+"}${hours}`;
    const here = isTimezone(name) ? `, here ${name}` : "";
    return `"${timezone}" is an offset; name a zone such as Asia/Shanghai, or one of Etc, whose sign is the other way round${here}`;
  }
  const meant = suggestion(timezone, timezones) || citySuggestion(timezone);
  const example = meant === "" ? " such as UTC, Europe/Berlin or Asia/Shanghai" : "";
  return `"${timezone}" is not an IANA time zone${example}${meant}`;
}

function isTimezone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function citySuggestion(name: string): string {
  const city = `/${name.toLowerCase().replaceAll(" ", "_")}`;
  const zone = timezones.find((one) => one.toLowerCase().endsWith(city));
  return zone === undefined || name === "" ? "" : `; did you mean ${zone}?`;
}

/** One name for all the names of a zone: `Asia/Calcutta` for `Asia/Kolkata`. As it is where this system does not know it. */
export function timezoneName(timezone: string): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: timezone }).resolvedOptions().timeZone;
  } catch {
    return timezone;
  }
}

/** The next `count` times the schedule fires strictly after `after`; fewer when it stops firing. */
export function nextRuns(schedule: Schedule, count: number, after: Date): Date[] {
  return new Cron(schedule.expression, { mode: "5-part", paused: true, timezone: schedule.timezone }).nextRuns(
    count,
    after,
  );
}

/** The next three runs on the schedule's own wall clock: `Thu 2026-11-26 09:30, ... (Asia/Shanghai)`. */
export function nextRunsText(schedule: Schedule, after: Date): string {
  const runs = nextRuns(schedule, 3, after).map((run) => {
    const { weekday, date, time } = wallClock(run, schedule.timezone);
    return `${weekday} ${date} ${time}`;
  });
  return `${runs.join(", ")} (${schedule.timezone})`;
}

export function wallClock(moment: Date, timeZone: string): { weekday: string; date: string; time: string } {
  const clock = new Intl.DateTimeFormat("en", {
    timeZone,
    hourCycle: "h23",
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  const part = Object.fromEntries(clock.formatToParts(moment).map(({ type, value }) => [type, value]));
  return {
    weekday: `${part["weekday"]}`,
    date: `${part["year"]}-${part["month"]}-${part["day"]}`,
    time: `${part["hour"]}:${part["minute"]}`,
  };
}

const day = 24 * 60 * 60 * 1_000;

/** What is legal but probably not meant. */
export function scheduleWarnings(schedule: Schedule, now: Date): string[] {
  const warnings: string[] = [];
  const [next, afterNext] = nextRuns(schedule, 2, now);
  if (next !== undefined && afterNext !== undefined && afterNext.getTime() - next.getTime() > 2 * 366 * day) {
    warnings.push(
      `"${schedule.expression}" fires in leap years only, next on ${wallClock(next, schedule.timezone).date}`,
    );
  }
  const [, , dayOfMonth = "*", , dayOfWeek = "*"] = schedule.expression.trim().split(/\s+/);
  if (dayOfMonth !== "*" && dayOfWeek !== "*") {
    warnings.push(
      `"${schedule.expression}" names days of the month and days of the week: cron fires when either of the two fits`,
    );
  }
  return warnings;
}
