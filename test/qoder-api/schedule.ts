import { CronExpressionParser } from "cron-parser";
import { invalid } from "./errors";
import { wholeSeconds } from "./service";

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

interface CronField {
  lowest: number;
  highest: number;
  names: string[];
}

/** The standard five fields. Both 0 and 7 are Sunday. */
const CRON_FIELDS: CronField[] = [
  { lowest: 0, highest: 59, names: [] },
  { lowest: 0, highest: 23, names: [] },
  { lowest: 1, highest: 31, names: [] },
  { lowest: 1, highest: 12, names: MONTHS },
  { lowest: 0, highest: 7, names: DAYS },
];

/** The number of "SUN" in FRI-SUN. */
const SUNDAY_AT_THE_END = 7;

/** Every example of the reference shows five upcoming runs. */
const UPCOMING_RUNS = 5;

export function checkSchedule(schedule: { expression: string; timezone: string }): void {
  if (numericExpression(schedule.expression) === undefined) {
    throw invalid("Invalid cron expression: a standard 5-field expression is required.", "schedule.expression");
  }
  if (!isTimeZone(schedule.timezone)) throw invalid("Invalid timezone: not an IANA name.", "schedule.timezone");
}

/** The last answer for each schedule and the minute that it is of: every reply shows the runs, and their search is slow. */
const lastRuns = new Map<string, { minute: number; runs: string[] }>();

/** The next runs strictly after `now`; none for a date that never comes, such as 30 February. */
export function upcomingRuns(schedule: { expression: string; timezone: string }, now: Date): string[] {
  const key = `${schedule.expression} ${schedule.timezone}`;
  const minute = Math.floor(now.getTime() / 60_000);
  const last = lastRuns.get(key);
  if (last?.minute === minute) return [...last.runs];
  const runs = searchedRuns(schedule, now);
  lastRuns.set(key, { minute, runs });
  return [...runs];
}

function searchedRuns(schedule: { expression: string; timezone: string }, now: Date): string[] {
  const expression = numericExpression(schedule.expression);
  if (expression === undefined) return [];
  try {
    const runs = CronExpressionParser.parse(expression, { currentDate: now, tz: schedule.timezone });
    return Array.from({ length: UPCOMING_RUNS }, () => wholeSeconds(runs.next().toDate()));
  } catch {
    // The parser throws for a day that no month has, and if its search finds no date.
    return [];
  }
}

/** The expression with numbers in place of names; undefined if a field is not valid. */
function numericExpression(expression: string): string | undefined {
  const texts = expression.trim().split(/\s+/);
  if (texts.length !== CRON_FIELDS.length) return undefined;
  const fields = CRON_FIELDS.map((field, index) => numericField(texts[index] ?? "", field));
  return fields.includes(undefined) ? undefined : fields.join(" ");
}

function numericField(text: string, field: CronField): string | undefined {
  const items = text.split(",").map((item) => numericItem(item, field));
  return items.includes(undefined) ? undefined : items.join(",");
}

function numericItem(item: string, field: CronField): string | undefined {
  const parts = /^(?:(\*)|([0-9]+|[A-Za-z]{3})(?:-([0-9]+|[A-Za-z]{3}))?)(?:\/([0-9]+))?$/.exec(item);
  if (parts === null) return undefined;
  const [, star, first, last, step] = parts;
  // A step belongs to `*` or to a range.
  if (step !== undefined && (Number(step) < 1 || (star === undefined && last === undefined))) return undefined;
  const suffix = step === undefined ? "" : `/${Number(step)}`;
  if (star !== undefined) return `*${suffix}`;
  const from = numberOf(first ?? "", field);
  if (from === undefined || last === undefined) return from?.toString();
  const to = field.names === DAYS && last.toUpperCase() === "SUN" ? SUNDAY_AT_THE_END : numberOf(last, field);
  return to === undefined || to < from ? undefined : `${from}-${to}${suffix}`;
}

function numberOf(text: string, field: CronField): number | undefined {
  const named = field.names.indexOf(text.toUpperCase());
  const value = named >= 0 ? named + (field.names === MONTHS ? 1 : 0) : Number(text);
  return value >= field.lowest && value <= field.highest ? value : undefined;
}

function isTimeZone(name: string): boolean {
  // Node also takes offsets such as +08:00, which are not IANA names.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
