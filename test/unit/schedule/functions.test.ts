import { describeSchedule, nextRuns } from "../../../provider";

const weekdays = { expression: "0 9 * * 1-5", timezone: "Asia/Shanghai" };
const from = new Date("2026-06-14T08:54:05Z");

describe("nextRuns", () => {
  test("tells the moments after the given one, five where nobody says how many", () => {
    expect(nextRuns(weekdays, { from }).map((run) => run.toISOString())).toEqual([
      "2026-06-15T01:00:00.000Z",
      "2026-06-16T01:00:00.000Z",
      "2026-06-17T01:00:00.000Z",
      "2026-06-18T01:00:00.000Z",
      "2026-06-19T01:00:00.000Z",
    ]);
    expect(nextRuns(weekdays, { from, count: 1 })).toEqual([new Date("2026-06-15T01:00:00Z")]);
    expect(nextRuns({ expression: "* * * * *", timezone: "UTC" }, { count: 1_000 })).toHaveLength(1_000);
  });

  test("starts now where nobody says when", () => {
    const before = Date.now();
    const [next] = nextRuns({ expression: "* * * * *", timezone: "UTC" });
    expect(next?.getTime()).toBeGreaterThan(before);
    expect(next?.getTime()).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  test.each([
    [{ ...weekdays, expression: "75 * * * *" }, {}, "schedule.expression: minute 75 is out of range 0-59"],
    [{ ...weekdays, timezone: "Asia/Shanghi" }, {}, /^nextRuns: schedule.timezone: .*did you mean Asia\/Shanghai\?$/],
    [weekdays, { count: 0 }, "count 0 is not a whole number from 1 to 1000"],
    [weekdays, { count: 1.5 }, "count 1.5 is not a whole number from 1 to 1000"],
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
    ["30 9 * * *", "At 09:30"],
    ["*/5 * * * *", "Every 5 minutes"],
    ["0 */2 * * *", "On the hour, every 2 hours"],
    ["0 9,18 * * MON", "At 09:00 and 18:00, only on Monday"],
    ["  0  9 1 * *", "At 09:00, on day 1 of the month"],
    ["0 9 1 * 1-5", "At 09:00, on day 1 of the month, or at 09:00, Monday through Friday"],
    ["0 0 29 2 *", "At 00:00, on day 29 of the month, only in February"],
  ])("says %j in plain English: %s", (expression, words) => {
    expect(describeSchedule({ expression, timezone: "Asia/Shanghai" })).toBe(`${words} (Asia/Shanghai)`);
  });

  test("refuses what the API would refuse", () => {
    expect(() => describeSchedule({ expression: "rate(5 minutes)", timezone: "UTC" })).toThrow(
      /^describeSchedule: schedule.expression: .*; write \*\/5 \* \* \* \*$/,
    );
  });
});

test.each([["0 9 * * 1-5"], [{ expression: "0 9 * * *" }], [{ expression: {}, timezone: "UTC" }]])(
  "a plain JavaScript program that hands over %j is told what to hand over",
  (other) => {
    const schedule = JSON.parse(JSON.stringify(other));
    const problem = "the schedule is not { expression, timezone } as plain texts; of an Output, call it in apply";
    expect(() => nextRuns(schedule)).toThrow(new Error(`nextRuns: ${problem}`));
    expect(() => describeSchedule(schedule)).toThrow(new Error(`describeSchedule: ${problem}`));
  },
);
