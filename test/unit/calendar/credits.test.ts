import { costOf, median } from "../../../provider/command/calendar/credits";
import type { Scheduled } from "../../../provider/command/calendar/fleet";
import { costTexts } from "../../../provider/command/calendar/words";

const now = Date.parse("2026-11-23T00:00:00Z");

test.each([
  [[], undefined],
  [[3], 3],
  [[9, 1], 5],
  [[9, 1, 2], 2],
  [[4, 100, 1, 2], 3],
])("the median of %j is %s", (values, middle) => {
  expect(median(values)).toBe(middle);
});

interface Row {
  readonly past?: readonly number[];
  readonly budget?: number;
  readonly expression?: string;
}

test.each<[string, Record<string, Row>, object, string[]]>([
  [
    "all credits and budgets are known",
    { a: { past: [1.2, 1.4, 9], budget: 5 }, b: { past: [0.1], budget: 2, expression: "0 9 * * 1" } },
    { expected: 30 * 1.4 + 5 * 0.1, ceiling: 30 * 5 + 5 * 2 },
    ["The next 30 days cost about 42.50 and at most 160.00 credits."],
  ],
  [
    "a deployment never ran and has no budget",
    { a: { past: [2], budget: 5 }, b: {} },
    { expected: 60, ceiling: undefined },
    [
      "The next 30 days cost about 60.00 credits.",
      "Not included, because no credits of past runs are known: b",
      "There is no upper limit, because these have no budget: b",
    ],
  ],
  [
    "no credits and no budget are known",
    { a: {} },
    { expected: undefined, ceiling: undefined },
    [
      "The cost of the next 30 days is unknown: no credits of past runs are known, and not all deployments have a budget.",
      "There is no upper limit, because these have no budget: a",
    ],
  ],
  [
    "only budgets are known",
    { a: { budget: 1.5 } },
    { expected: undefined, ceiling: 45 },
    ["The next 30 days cost at most 45.00 credits."],
  ],
  [
    "a deployment does not run in the month",
    { a: { past: [1], budget: 1 }, b: { expression: "0 0 1 8 *" } },
    { expected: 30, ceiling: 30 },
    ["The next 30 days cost about 30.00 and at most 30.00 credits."],
  ],
])("the cost of a month if %s", (_, rows, cost, texts) => {
  const scheduled = Object.entries(rows).map(
    ([name, { budget, expression = "0 9 * * *" }]): Scheduled => ({
      id: name,
      name,
      schedule: { expression, timezone: "UTC" },
      budget,
    }),
  );
  const found = costOf(scheduled, now, ({ name }) => rows[name]?.past ?? []);
  expect(found).toMatchObject(cost);
  expect(costTexts(found)).toEqual(texts);
});
