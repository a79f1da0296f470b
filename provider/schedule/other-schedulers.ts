/**
 * Translates expressions of AWS EventBridge, Quartz, Spring and Go programs to the five fields of the API
 * (docs.aws.amazon.com, "Schedule types in EventBridge Scheduler"; Quartz, `CronExpression`; Spring, `CronExpression`;
 * pkg.go.dev, robfig/cron).
 */
type ProblemOf = (expression: string) => string | undefined;

/** One way to read an expression: the five fields, or the reason for which there are none. */
interface Reading {
  readonly expression: string;
  readonly problem: string | undefined;
  /** The condition under which this reading is right, if there are two. */
  readonly condition: string;
  readonly notes: string;
}

const noSeconds = "a run starts at most once a minute: no expression has seconds";

export function isWrapped(expression: string): boolean {
  return /^(cron|rate)\(.*\)$/i.test(expression.trim());
}

/**
 * The end of a message: `; write ...`, or `;` and the reason for which no expression fits; empty if the intention is unknown.
 */
export function rewriteAdvice(expression: string, problemOf: ProblemOf): string {
  const rate = rateOf(expression);
  if (rate !== undefined) {
    return rate.expression === undefined
      ? `; none means every ${rate.text}, as that divides no hour, day or week`
      : `; write ${rate.expression}`;
  }
  const readings = readingsOf(expression).map((reading) => ({
    ...reading,
    problem: reading.problem ?? problemOf(reading.expression),
  }));
  const [first, second] = readings.filter(({ problem }) => problem === undefined);
  if (first !== undefined && second !== undefined) {
    return `; write ${first.expression} ${first.condition}, ${second.expression} ${second.condition}`;
  }
  if (first !== undefined) {
    return `; write ${first.expression}${first.notes}`;
  }
  const [unfit] = readings;
  if (unfit?.problem === undefined) {
    return "";
  }
  const withoutSeconds = unfit.problem === noSeconds && problemOf(unfit.expression) === undefined;
  return `; ${unfit.problem}${withoutSeconds ? `; without them it is ${unfit.expression}` : ""}`;
}

/** The expression in five fields, if there is only one way to read it. */
export function rewritten(expression: string, problemOf: ProblemOf): string | undefined {
  const rate = rateOf(expression);
  if (rate !== undefined) {
    return rate.expression;
  }
  const good = readingsOf(expression).filter(
    (reading) => reading.problem === undefined && problemOf(reading.expression) === undefined,
  );
  return good.length === 1 ? good[0]?.expression : undefined;
}

const minutesIn: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 24 * 60 };

function rateOf(text: string): { readonly text: string; readonly expression: string | undefined } | undefined {
  const [, count = "", unit = ""] =
    /^\s*rate\(\s*([1-9]\d*)\s+(minute|hour|day)s?\s*\)\s*$/i.exec(text) ??
    /^\s*@every\s+([1-9]\d*)(m|h)\s*$/i.exec(text) ??
    [];
  const name = { m: "minute", h: "hour" }[unit.toLowerCase()] ?? unit.toLowerCase();
  const minutes = Number(count) * (minutesIn[name] ?? 0);
  return minutes === 0
    ? undefined
    : { text: `${count} ${name}${count === "1" ? "" : "s"}`, expression: every(minutes) };
}

function every(minutes: number): string | undefined {
  const [hour, day, week] = [60, 24 * 60, 7 * 24 * 60];
  if (hour % minutes === 0) {
    return minutes === hour ? "0 * * * *" : `${minutes === 1 ? "*" : `*/${minutes}`} * * * *`;
  }
  if (minutes % hour === 0 && day % minutes === 0) {
    return minutes === day ? "0 0 * * *" : `0 */${minutes / hour} * * *`;
  }
  return minutes === week ? "0 0 * * SUN" : undefined;
}

const year = /^(\*|\d{4}([-,/]\d+)*)$/;

function readingsOf(expression: string): Reading[] {
  const [, wrapped] = /^\s*cron\((.*)\)\s*$/i.exec(expression) ?? [];
  const parts = (wrapped ?? expression).split(/\s+/).filter((part) => part !== "");
  switch (parts.length) {
    case 5:
      return wrapped !== undefined || hasMark(parts, 2, 4) ? [reading(parts, {})] : [];
    case 6:
      return wrapped !== undefined || hasMark(parts, 2, 4) ? readingsOfAws(parts) : readingsOfSix(parts);
    case 7:
      return readingsOfQuartz(parts);
    default:
      return [];
  }
}

/** True if one of the two day fields is `?`, as AWS and Quartz require. */
function hasMark(parts: readonly string[], dayOfMonth: number, dayOfWeek: number): boolean {
  return parts[dayOfMonth] === "?" || parts[dayOfWeek] === "?";
}

function readingsOfAws(parts: readonly string[]): Reading[] {
  const years = parts[5] ?? "";
  return year.test(years) ? [reading(parts.slice(0, 5), { year: years, countsFromOne: true })] : [];
}

function readingsOfSix(parts: readonly string[]): Reading[] {
  const [first = "", , , , , last = ""] = parts;
  const withYear = reading(parts.slice(0, 5), { year: last });
  if (last !== "*" && year.test(last)) {
    return [withYear];
  }
  const withSeconds = reading(parts.slice(1), { seconds: first, countsFromOne: hasMark(parts, 3, 5) });
  return last === "*" && /^\d+$/.test(first) ? [withSeconds, withYear] : [withSeconds];
}

function readingsOfQuartz(parts: readonly string[]): Reading[] {
  const [seconds, , , , , , years = ""] = parts;
  const countsFromOne = hasMark(parts, 3, 5);
  return year.test(years) ? [reading(parts.slice(1, 6), { seconds, year: years, countsFromOne })] : [];
}

interface Dialect {
  readonly seconds?: string | undefined;
  readonly year?: string;
  /** True if Sunday is 1, as in AWS and Quartz. */
  readonly countsFromOne?: boolean;
}

function reading(parts: readonly string[], { seconds, year: years, countsFromOne }: Dialect): Reading {
  const [minute = "", hour = "", dayOfMonth = "", month = "", dayOfWeek = ""] = parts;
  const days = countsFromOne === true ? namedDays(dayOfWeek) : dayOfWeek;
  const expression = [
    withRange(minute, 0, 59),
    withRange(hour, 0, 23),
    withRange(dayOfMonth === "?" ? "*" : dayOfMonth, 1, 31),
    withRange(month, 1, 12),
    days === "?" ? "*" : days,
  ].join(" ");
  const everyYear = years === undefined || years === "*" ? "" : ", which runs in every year";
  const shift =
    days === dayOfWeek ? "" : "; a day of the week that is a number counts from 1 = SUN there, and from 0 = SUN here";
  return {
    expression,
    problem: secondsProblem(seconds) ?? (countsFromOne === true ? dayProblem(dayOfWeek) : undefined),
    condition: seconds === undefined ? "if the last is the year" : "if the first field is the seconds",
    notes: `${everyYear}${shift}`,
  };
}

function secondsProblem(seconds: string | undefined): string | undefined {
  return seconds === undefined || /^\d+$/.test(seconds) ? undefined : noSeconds;
}

/** Completes `5/15`, which means "from 5 on", by the range that cron needs. */
function withRange(field: string, min: number, max: number): string {
  return field.replace(/(?<=^|,)(\d+)\/(\d+)/g, (_, from: string, step: string) =>
    Number(from) === min ? `*/${step}` : `${from}-${max}/${step}`,
  );
}

const dayNames = "SUN MON TUE WED THU FRI SAT".split(" ");
const dayItem = /^(\d+)(?:-(\d+))?(?:\/(\d+))?$/;

function namedDays(field: string): string {
  const name = (day: string) => dayNames[Number(day) - 1] ?? day;
  const named = field.split(",").map((item) => {
    const [, from, to, step] = dayItem.exec(item) ?? [];
    if (from === undefined) {
      return item;
    }
    const last = to ?? (step === undefined ? undefined : "7");
    return `${name(from)}${last === undefined ? "" : `-${name(last)}`}${step === undefined ? "" : `/${step}`}`;
  });
  return named.join(",");
}

function dayProblem(field: string): string | undefined {
  const numbers = field.split(",").flatMap((item) => dayItem.exec(item)?.slice(1, 3) ?? []);
  const wrong = numbers.find((number) => number !== undefined && dayNames[Number(number) - 1] === undefined);
  return wrong === undefined
    ? undefined
    : `day of week "${wrong}" is out of range 1-7 there; name the days: ${dayNames.join(" ")}`;
}
