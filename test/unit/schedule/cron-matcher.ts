import * as fc from "fast-check";

/** A second implementation of cron, which tests whether a minute of a wall clock fits an expression. */

const ranges = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;
const names = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split(" ");
const days = "SUN MON TUE WED THU FRI SAT".split(" ");

function valuesOf(index: number, text: string): Set<number> {
  const [min, max] = ranges[index] ?? [0, 0];
  const numberOf = (bound: string) => {
    const name = index === 3 ? names.indexOf(bound.toUpperCase()) + 1 : days.indexOf(bound.toUpperCase());
    return /^\d+$/.test(bound) ? Number(bound) : name;
  };
  const all = text.split(",").flatMap((item) => {
    const [range = "", step = "1"] = item.split("/");
    const [from = "", to = from] = range.split("-");
    const [low, high] = range === "*" ? [min, max] : [numberOf(from), numberOf(to)];
    const count = Math.floor((high - low) / Number(step)) + 1;
    return Array.from({ length: count }, (_, position) => low + position * Number(step));
  });
  return new Set(index === 4 ? all.map((day) => day % 7) : all);
}

/** The function takes a date whose UTC parts are the time on the wall clock. */
export function matcherOf(expression: string): (wallClock: Date) => boolean {
  const parts = expression.split(" ");
  const [minutes, hours, monthDays, months, weekDays] = parts.map((part, index) => valuesOf(index, part));
  const [, , monthDay, , weekDay] = parts;
  return (time) => {
    const fits =
      minutes?.has(time.getUTCMinutes()) && hours?.has(time.getUTCHours()) && months?.has(time.getUTCMonth() + 1);
    const byMonth = monthDays?.has(time.getUTCDate()) ?? false;
    const byWeek = weekDays?.has(time.getUTCDay()) ?? false;
    // If the expression names days of the month and of the week, one match is enough.
    return fits === true && (monthDay === "*" || weekDay === "*" ? byMonth && byWeek : byMonth || byWeek);
  };
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** A date whose UTC parts are the time on the wall clock of a zone. */
export function wallClock(time: Date, timeZone: string): Date {
  const clock =
    clocks.get(timeZone) ?? new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  clocks.set(timeZone, clock);
  return new Date(`${clock.format(time).replace(" ", "T")}Z`);
}

function item(index: number): fc.Arbitrary<string> {
  const [min, max] = ranges[index] ?? [0, 0];
  const value = fc.integer({ min, max });
  const spelled = (bound: number) =>
    index === 3 ? fc.constantFrom(`${bound}`, names[bound - 1] ?? "") : fc.constant(`${bound}`);
  const day = fc.constantFrom(...days, "mon", "Fri");
  const range = fc.tuple(value, value).map(([one, other]) => [Math.min(one, other), Math.max(one, other)] as const);
  return fc.oneof(
    index === 4 ? fc.oneof(value.map(String), day) : value.chain(spelled),
    range.map(([low, high]) => `${low}-${high}`),
    fc.tuple(range, fc.integer({ min: 1, max })).map(([[low, high], step]) => `${low}-${high}/${step}`),
    fc.integer({ min: 2, max }).map((step) => `*/${step}`),
  );
}

const field = (index: number) =>
  fc.oneof(
    fc.constant("*"),
    fc.array(item(index), { minLength: 1, maxLength: 3 }).map((items) => items.join(",")),
  );

export const expressions = fc.tuple(field(0), field(1), field(2), field(3), field(4)).map((parts) => parts.join(" "));

/** The same expression with each value once: cron-parser refuses a list that repeats a value, and counts 0 and 7 as two days. */
export function withoutRepeats(expression: string): string {
  const parts = expression.split(" ").map((part, index) => {
    const isPlain = !part.includes(",") && !(index === 4 && part.includes("7"));
    return isPlain ? part : [...valuesOf(index, part)].sort((one, other) => one - other).join(",");
  });
  return parts.join(" ");
}
