import * as fc from "fast-check";
import { describeSchedule, nextRuns, type SpreadOptions, spread } from "../../../provider";
import { expressionProblem } from "../../../provider/schedule/expression";
import { scheduleWarnings } from "../../../provider/schedule/warnings";

const weekdays = { expression: "0 9 * * 1-5", timezone: "Asia/Shanghai" };
const from = new Date("2026-06-14T08:54:05Z");

describe("nextRuns", () => {
  test("gives the runs after the given time, five of them without a count", () => {
    const days = [15, 16, 17, 18, 19].map((day) => new Date(`2026-06-${day}T01:00:00Z`));
    expect(nextRuns(weekdays, { from })).toEqual(days);
    expect(nextRuns(weekdays, { from, count: 1 })).toEqual([new Date("2026-06-15T01:00:00Z")]);
    expect(nextRuns({ expression: "* * * * *", timezone: "UTC" }, { count: 1_000 })).toHaveLength(1_000);
  });

  test("gives the runs from now on without a start", () => {
    const before = Date.now();
    const [next] = nextRuns({ expression: "* * * * *", timezone: "UTC" });
    expect(next?.getTime()).toBeGreaterThan(before);
    expect(next?.getTime()).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  test.each([
    [{ ...weekdays, expression: "75 * * * *" }, {}, "schedule.expression: minute 75 is out of range 0-59"],
    [{ ...weekdays, timezone: "Asia/Shanghi" }, {}, /^nextRuns: schedule.timezone: .*did you mean Asia\/Shanghai\?$/],
    [weekdays, { count: 0 }, "count 0 is not a whole number from 1 to 1000"],
    [weekdays, { count: 1_001 }, "count 1001 is not a whole number from 1 to 1000"],
    [weekdays, { from: new Date("soon") }, "from is not a valid date"],
  ])("refuses %j with %j: %s", (schedule, options, problem) => {
    const message = typeof problem === "string" ? new Error(`nextRuns: ${problem}`) : problem;
    expect(() => nextRuns(schedule, options)).toThrow(message);
  });
});

describe("describeSchedule", () => {
  test.each([
    ["0 9 * * 1-5", "At 09:00, Monday through Friday"],
    ["*/5 * * * *", "Every 5 minutes"],
    ["0 */2 * * *", "On the hour, every 2 hours"],
    ["0 9,18 * * MON", "At 09:00 and 18:00, only on Monday"],
    ["  0  9 1 * *", "At 09:00, on day 1 of the month"],
    ["0 9 1 * 1-5", "At 09:00, on day 1 of the month, or at 09:00, Monday through Friday"],
    [
      "05 09 01 02 07",
      "At 09:05, on day 1 of the month, only in February, or at 09:05, only on Sunday, only in February",
    ],
    ["0 9 * * SUN-SUN", "At 09:00, Sunday through Sunday"],
  ])("says %j in plain English: %s", (expression, words) => {
    expect(describeSchedule({ expression, timezone: "Asia/Shanghai" })).toBe(`${words} (Asia/Shanghai)`);
  });

  test("refuses an expression that the API refuses", () => {
    expect(() => describeSchedule({ expression: "rate(5 minutes)", timezone: "UTC" })).toThrow(
      /^describeSchedule: schedule.expression: "rate\(5 minutes\)" is no cron expression of 5 fields /,
    );
  });
});

test.each([["0 9 * * 1-5"], [{ expression: "0 9 * * *" }], [{ expression: {}, timezone: "UTC" }]])(
  "nextRuns and describeSchedule refuse the schedule %j, and the message says which values they take",
  (other) => {
    const schedule = JSON.parse(JSON.stringify(other));
    const problem = "the schedule is not { expression, timezone } as plain texts; of an Output, call it in apply";
    expect(() => nextRuns(schedule)).toThrow(new Error(`nextRuns: ${problem}`));
    expect(() => describeSchedule(schedule)).toThrow(new Error(`describeSchedule: ${problem}`));
  },
);

describe("spread", () => {
  const time = fc
    .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
    .map((parts) => parts.map((part) => `${part}`.padStart(2, "0")).join(":"));
  const between = fc.tuple(time, time).filter(([from, to]) => from !== to);
  const every = fc.constantFrom("day" as const, "weekday" as const, "week" as const);
  const minuteOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

  /** The minute of the day, and the field for the days of the week. */
  function parsed(expression: string): { minute: number; days: string } {
    const [minute, hour, , , days = ""] = expression.split(" ");
    return { minute: Number(hour) * 60 + Number(minute), days };
  }

  test("gives a valid expression within the allowed time, and always the same expression for a name", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), every, between, (name, each, [from, to]) => {
        const expression = spread(name, { every: each, between: [from, to] });
        expect(expressionProblem(expression)).toBeUndefined();
        expect(spread(name, { every: each, between: [from, to] })).toBe(expression);
        const { minute, days } = parsed(expression);
        const length = (minuteOf(to) - minuteOf(from) + 1_440) % 1_440;
        expect((minute - minuteOf(from) + 1_440) % 1_440).toBeLessThan(length);
        expect(days).toMatch({ day: /^\*$/, weekday: /^1-5$/, week: /^[0-6]$/ }[each]);
      }),
    );
  });

  // Another release must not move the runs of a program.
  test.each<[SpreadOptions, string]>([
    [{ every: "hour" }, "54 * * * *"],
    [{ every: "day" }, "51 21 * * *"],
    [{ every: "day", between: ["02:00", "04:00"] }, "49 3 * * *"],
    [{ every: "day", between: ["22:00", "02:00"] }, "38 1 * * *"],
    [{ every: "weekday", between: ["02:00", "04:00"] }, "49 3 * * 1-5"],
    [{ every: "week", between: ["02:00", "04:00"] }, "44 2 * * 6"],
    [{ every: "day", between: ["02:00", "04:00"], timezone: "UTC" }, "49 3 * * *"],
    [{ every: "day", between: ["02:00", "04:00"], timezone: "Europe/Berlin" }, "54 3 * * *"],
  ])("always gives daily-report with %j the expression %s", (options, expression) => {
    expect(spread("daily-report", options)).toBe(expression);
  });

  test.each(["Europe/Berlin", "Europe/London", "America/Santiago", "Australia/Lord_Howe", "Antarctica/Troll"])(
    "with the timezone %s avoids the hours that its clocks skip or show twice",
    (timezone) => {
      const now = new Date("2026-06-14T08:54:05Z");
      const warned = (options: SpreadOptions) =>
        Array.from({ length: 60 }, (_, index) => ({ expression: spread(`job-${index}`, options), timezone }))
          .flatMap((schedule) => scheduleWarnings(schedule, now))
          .map(({ text }) => text);
      expect(warned({ every: "day", between: ["23:00", "04:00"], timezone })).toEqual([]);
      // All schedules in the hours of the changes share one text, which a command prints once.
      expect(new Set(warned({ every: "day", between: ["23:00", "04:00"] })).size).toBeLessThanOrEqual(3);
      expect(warned({ every: "day", between: ["23:00", "04:00"] }).length).toBeGreaterThan(5);
    },
  );

  test("with a timezone and an interval in the hour of the clock change still chooses a minute of the interval", () => {
    const options = { every: "day", between: ["02:10", "02:20"], timezone: "Europe/Berlin" } as const;
    expect(parsed(spread("daily-report", options)).minute).toBeGreaterThanOrEqual(130);
    expect(parsed(spread("daily-report", options)).minute).toBeLessThan(140);
  });

  const names = {
    "a number at the end": (index: number) => `report-${index}`,
    "a letter for a place": (index: number) =>
      `job-${index.toString(26).replace(/\d/g, (digit) => "qrstuvwxyz"[Number(digit)] ?? "")}`,
  };
  test.each(Object.entries(names))("spreads names with %s evenly over the allowed minutes", (_, nameOf) => {
    const options: [SpreadOptions, number][] = [
      [{ every: "hour" }, 60],
      [{ every: "day", between: ["02:00", "04:00"] }, 120],
      [{ every: "week", between: ["02:00", "02:10"] }, 70],
    ];
    for (const [one, slots] of options) {
      const counts = new Map<string, number>();
      for (let index = 0; index < slots * 100; index += 1) {
        const expression = spread(nameOf(index), one);
        counts.set(expression, (counts.get(expression) ?? 0) + 1);
      }
      expect(counts.size).toBe(slots);
      // 100 names are expected in each minute; chance exceeds these limits once in a million.
      expect(Math.min(...counts.values())).toBeGreaterThan(50);
      expect(Math.max(...counts.values())).toBeLessThan(160);
    }
  });

  test.each([
    [{ every: "month" }, 'every "month" is not one of hour, day, weekday, week'],
    [{ every: "day", timezone: "Europe/Berlim" }, expect.stringContaining("Europe/Berlin")],
    [
      { every: "hour", between: ["02:00", "04:00"] },
      "between is a time of the day; take every: day, weekday or week with it",
    ],
    [{ every: "day", between: ["2", "04:00"] }, 'between "2" is not a time from 00:00 to 24:00, such as 02:30'],
    [
      { every: "day", between: ["02:00", "02:00"] },
      'between ["02:00", "02:00"] has no minute in it; leave it out for the whole day',
    ],
  ])("refuses the options %j: %s", (options, problem) => {
    const given = JSON.parse(JSON.stringify(options));
    const message = typeof problem === "string" ? `spread: ${problem}` : problem;
    expect(() => spread("daily-report", given)).toThrow(expect.objectContaining({ message }));
  });
});
