import * as fc from "fast-check";
import { type SpreadOptions, spread } from "../../../provider";
import { expressionProblem } from "../../../provider/schedule/expression";

const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((part) => `${part}`.padStart(2, "0")).join(":"));
const between = fc.tuple(time, time).filter(([from, to]) => from !== to);
const every = fc.constantFrom("day" as const, "weekday" as const, "week" as const);
const minuteOf = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

/** The minute of the day, and the field of the days. */
function parsed(expression: string): { minute: number; days: string } {
  const [minute, hour, , , days = ""] = expression.split(" ");
  return { minute: Number(hour) * 60 + Number(minute), days };
}

test("an expression is one that the API takes, the same for one name, and within the time that is allowed", () => {
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

// Another release must not move anybody's runs.
test.each<[SpreadOptions, string]>([
  [{ every: "hour" }, "54 * * * *"],
  [{ every: "day" }, "51 21 * * *"],
  [{ every: "day", between: ["02:00", "04:00"] }, "49 3 * * *"],
  [{ every: "day", between: ["22:00", "02:00"] }, "38 1 * * *"],
  [{ every: "day", between: ["22:00", "24:00"] }, "49 23 * * *"],
  [{ every: "weekday", between: ["02:00", "04:00"] }, "49 3 * * 1-5"],
  [{ every: "week", between: ["02:00", "04:00"] }, "44 2 * * 6"],
])("daily-report with %j is always %s", (options, expression) => {
  expect(spread("daily-report", options)).toBe(expression);
});

const names = {
  "a number at the end": (index: number) => `report-${index}`,
  "a number at the start": (index: number) => `${index}-report`,
  "a letter for a place": (index: number) =>
    `job-${index.toString(26).replace(/\d/g, (digit) => "qrstuvwxyz"[Number(digit)] ?? "")}`,
};
test.each(Object.entries(names))("names with %s are spread evenly over the minutes that are allowed", (_, nameOf) => {
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
    // 100 are expected in each; that one is so far away by chance would be seen once in a million.
    expect(Math.min(...counts.values())).toBeGreaterThan(50);
    expect(Math.max(...counts.values())).toBeLessThan(160);
  }
});

test.each([
  [{ every: "month" }, 'every "month" is not one of hour, day, weekday, week'],
  [
    { every: "hour", between: ["02:00", "04:00"] },
    "between is a time of the day; take every: day, weekday or week with it",
  ],
  [{ every: "day", between: ["2", "04:00"] }, 'between "2" is not a time from 00:00 to 24:00, such as 02:30'],
  [{ every: "day", between: ["02:00", "24:30"] }, 'between "24:30" is not a time from 00:00 to 24:00, such as 02:30'],
  [
    { every: "day", between: ["02:00", "02:00"] },
    'between ["02:00", "02:00"] has no minute in it; leave it out for the whole day',
  ],
])("%j is refused: %s", (options, problem) => {
  expect(() => spread("daily-report", JSON.parse(JSON.stringify(options)))).toThrow(new Error(`spread: ${problem}`));
});
