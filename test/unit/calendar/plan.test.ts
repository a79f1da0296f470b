import { costOf, planOf } from "../../../command/calendar/plan";
import { text } from "../../../command/calendar/text";
import { fleetOf, type Scheduled } from "../../../command/calendar/what-is-scheduled";
import { clockTexts, costTexts, shadesOf } from "../../../command/calendar/words";
import { Sink } from "../../../command/printer";

const scheduled = (name: string, expression: string, timezone = "Europe/Berlin", budget?: number): Scheduled => ({
  id: `dep_${name}`,
  name,
  schedule: { expression, timezone },
  budget,
});
const unknownCost = { expected: undefined, ceiling: undefined, withoutCredits: [], withoutBudget: [] };

test.each([
  // Monday 08:30 in Berlin.
  ["an ordinary day", "2026-11-23T07:30:00Z", 2, "2026-11-24T23:00:00.000Z", [1, 2]],
  ["the night in which the clocks skip an hour", "2027-03-27T20:00:00Z", 2, "2027-03-28T22:00:00.000Z", [0, 1]],
  ["the night in which the clocks show an hour twice", "2026-10-24T20:00:00Z", 2, "2026-10-25T23:00:00.000Z", [0, 3]],
])("the plan begins and ends its days at midnight on the clock: %s", (_, from, days, end, runs) => {
  const fleet = [scheduled("night", "30 2 * * *"), scheduled("noon", "0 12 * * *")];
  const plan = planOf(fleet, Date.parse(from), days, "Europe/Berlin");
  expect(new Date(plan.to).toISOString()).toBe(end);
  expect(plan.days.map((day) => day.runs)).toEqual(runs);
});

test("the plan of a large account compares its names once, and not for each run", () => {
  const compare = jest.spyOn(String.prototype, "localeCompare");
  const fleet = Array.from({ length: 300 }, (_, index) => scheduled(`n${(index * 7) % 300}`, "0 * * * *"));
  const { runs, busiest } = planOf(fleet, Date.parse("2026-11-23T07:30:00Z"), 7, "Europe/Berlin");
  const compared = compare.mock.calls.length;
  compare.mockRestore();
  const inOrder = fleet.map(({ name }) => name).sort((one, other) => one.localeCompare(other, "en"));
  expect(runs.slice(0, 300).map(({ deployment }) => deployment.name)).toEqual(inOrder);
  expect(busiest).toMatchObject([{ times: 159, names: inOrder }]);
  expect(compared).toBeLessThan(10_000);
});

test("the plan puts a run on its day and hour in the time zone of the calendar", () => {
  const plan = planOf([scheduled("late", "30 23 * * *", "UTC")], Date.UTC(2026, 10, 23, 23), 2, "Asia/Shanghai");
  expect(plan.days.map(({ date, runs }) => [date, runs])).toEqual([
    ["2026-11-24", 1],
    ["2026-11-25", 1],
  ]);
  expect(plan.days[0]?.hours[7]).toEqual({ runs: 1, isPast: false, clock: undefined });
  expect(plan.days[0]?.hours[6]?.isPast).toBe(true);
});

test("the plan lists minutes with several runs once for each group of deployments, the largest group first", () => {
  const fleet = [
    ...["a", "b", "c"].map((name) => scheduled(name, "0 9 * * *")),
    ...["d", "e"].map((name) => scheduled(name, "15 * * * *")),
    scheduled("alone", "17 3 * * *"),
  ];
  const { busiest } = planOf(fleet, Date.parse("2026-11-23T11:00:00Z"), 3, "Europe/Berlin");
  expect(busiest).toEqual([
    { at: Date.parse("2026-11-24T08:00:00Z"), names: ["a", "b", "c"], times: 2 },
    { at: Date.parse("2026-11-23T11:15:00Z"), names: ["d", "e"], times: 60 },
  ]);
});

test("groups of different deployments with equal names, such as of two accounts, stay apart in the plan", () => {
  const fleet = ["0 9 * * *", "0 9 * * *", "0 10 * * *", "0 10 * * *"].map((cron) => scheduled("nightly", cron));
  const { busiest } = planOf(fleet, Date.parse("2026-11-23T23:00:00Z"), 1, "Europe/Berlin");
  expect(busiest.map(({ names, times }) => [names.length, times])).toEqual([
    [2, 1],
    [2, 1],
  ]);
});

test.each([
  ["skip", "2027-03-26T12:00:00Z", "skip 02:00 to 03:00 on Sun 2027-03-28", "skipped"],
  ["show twice", "2026-10-23T12:00:00Z", "show 02:00 to 03:00 twice on Sun 2026-10-25", "doubled"],
])("the calendar names the runs in an hour that the clocks %s", (_, from, effect, clock) => {
  const fleet = fleetOf(
    [
      scheduled("often", "*/20 0-12 * * *"),
      scheduled("night", "30 2 * * *"),
      // An hourly schedule runs on at the same intervals.
      scheduled("hourly", "5 * * * *"),
      scheduled("elsewhere", "30 2 * * *", "Asia/Shanghai"),
    ],
    undefined,
  );
  const plan = planOf(fleet.scheduled, Date.parse(from), 3, "Europe/Berlin");
  const runs = "and with it these runs: often at 02:00 to 02:40, night at 02:30";
  expect(clockTexts(fleet, plan)).toEqual([`The clocks of Europe/Berlin ${effect}, ${runs}`]);
  expect(plan.days[2]?.hours.map((hour) => hour.clock)).toEqual(
    Array.from({ length: 24 }, (_, hour) => (hour === 2 ? clock : undefined)),
  );
});

test.each([
  [[], []],
  [[1], [[1, 1]]],
  [[1, 2, 3], [[1, 1], [2, 2], [3, 3]]], // biome-ignore format: a row a case
  [[1, 14], [[1, 3], [4, 7], [8, 10], [11, 14]]], // biome-ignore format: a row a case
])("the shades of hours with %j runs cover every number of runs", (hours, shades) => {
  const fleet = hours.flatMap((count, hour) =>
    Array.from({ length: count }, (_, index) => scheduled(`${hour}-${index}`, `0 ${hour + 10} * * *`)),
  );
  const plan = planOf(fleet, Date.parse("2026-11-23T00:00:00Z"), 1, "UTC");
  expect(shadesOf(plan).map(({ least, most }) => [least, most])).toEqual(shades);
});

test.each([100, 69, 60, 45])("the calendar fits into a terminal of %d columns", (columns) => {
  const many = Array.from({ length: 25 }, (_, index) => scheduled(`review-of-team-${index}`, "30 2 * * *"));
  const fleet = fleetOf([...many, "paused", "unscheduled"], undefined);
  const plan = planOf(fleet.scheduled, Date.parse("2027-03-26T12:00:00Z"), 9, "Europe/Berlin");
  const written: string[] = [];
  new Sink({ columns, write: (one) => written.push(one) }).write(text(fleet, plan, unknownCost, columns));
  const lines = written.join("").split("\n");
  expect(lines.filter((line) => line.length > columns)).toEqual([]);
  expect(lines.filter((line) => /^\w{3} \d{4}-\d\d-\d\d .* \d+$/.test(line))).toHaveLength(9);
});

test("a calendar shows an hour that is over as a blank, one without runs as a dot, and one that the clocks skip as a hyphen", () => {
  const fleet = fleetOf([scheduled("noon", "0 12 * * *")], undefined);
  const plan = planOf(fleet.scheduled, Date.parse("2027-03-27T20:00:00Z"), 2, "Europe/Berlin");
  const lines = text(fleet, plan, unknownCost, 60).split("\n");
  expect(lines.filter((line) => /^\w{3} \d{4}-\d\d-\d\d .* \d+$/.test(line))).toEqual([
    "Sat 2027-03-27                       ···    0",
    "Sun 2027-03-28  ··-·········░···········    1",
  ]);
});

interface Row {
  readonly past?: readonly number[];
  readonly budget?: number;
  readonly expression?: string;
}

const unlimited = (names: string) => `There is no upper limit, because these have no budget: ${names}`;
const unknown =
  "The cost of the next 30 days is unknown: no credits of past runs are known, and not all deployments have a budget.";
const lacking = (names: string) => `Not included, because no credits of past runs are known: ${names}`;

test.each<[string, Record<string, Row>, number | undefined, number | undefined, string[]]>([
  [
    "all credits and budgets are known",
    { a: { past: [1.2, 1.4, 9], budget: 5 }, b: { past: [0.1], budget: 2, expression: "0 9 * * 1" } },
    30 * 1.4 + 5 * 0.1,
    30 * 5 + 5 * 2,
    ["The next 30 days cost about 42.50 and at most 160.00 credits."],
  ],
  [
    "a deployment never ran and has no budget",
    { a: { past: [2], budget: 5 }, b: {} },
    60,
    undefined,
    ["The next 30 days cost about 60.00 credits.", lacking("b"), unlimited("b")],
  ],
  ["no credits and no budget are known", { a: {} }, undefined, undefined, [unknown, unlimited("a")]],
  ["only budgets are known", { a: { budget: 1.5 } }, undefined, 45, ["The next 30 days cost at most 45.00 credits."]],
  [
    "a deployment does not run in the month",
    { a: { past: [1], budget: 1 }, b: { expression: "0 0 1 8 *" } },
    30,
    30,
    ["The next 30 days cost about 30.00 and at most 30.00 credits."],
  ],
])("the cost of a month if %s", (_, rows, expected, ceiling, texts) => {
  const fleet = Object.entries(rows).map(([name, { budget, past = [], expression = "0 9 * * *" }]) => ({
    ...scheduled(name, expression, "UTC", budget),
    past,
  }));
  const found = costOf(fleet, Date.parse("2026-11-23T00:00:00Z"));
  expect(found).toMatchObject({ expected, ceiling });
  expect(costTexts(found)).toEqual(texts);
});
