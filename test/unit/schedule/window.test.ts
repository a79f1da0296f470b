import * as fc from "fast-check";
import { expressionProblem } from "../../../provider/schedule/expression";
import { runsAfter } from "../../../provider/schedule/runs";
import { momentOf, runsWithin, spanOf } from "../../../provider/schedule/window";
import { zones } from "./clock-changes";
import { expressions, wallClock } from "./cron-matcher";

const minute = 60_000;
const day = 24 * 60 * minute;
const someTime = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2030, 11, 1) });

test("a window holds the same runs as `runsAfter`, in every zone and over every change of the clocks", () => {
  const schedules = fc.record({
    expression: expressions.filter((expression) => expressionProblem(expression) === undefined),
    timezone: fc.constantFrom("UTC", ...zones),
  });
  const property = fc.property(
    schedules,
    someTime,
    fc.integer({ min: 1, max: 40 * day }),
    (schedule, after, length) => {
      const until = after + length;
      const following = runsAfter(schedule, new Date(after), 200).map((run) => run.getTime());
      expect(runsWithin(schedule, after, until).slice(0, 200)).toEqual(following.filter((run) => run < until));
    },
  );
  fc.assert(property, { numRuns: 300 });
});

test("a window leaves out a run at its start and a run at its end", () => {
  const schedule = { expression: "0 9 * * *", timezone: "UTC" };
  const nine = Date.UTC(2026, 5, 14, 9);
  expect(runsWithin(schedule, nine, nine + day)).toEqual([]);
  expect(runsWithin(schedule, nine - 1, nine + day + 1)).toEqual([nine, nine + day]);
});

test("a window of 30 days holds every minute of a schedule that runs each minute", () => {
  const start = Date.UTC(2026, 5, 1);
  expect(runsWithin({ expression: "* * * * *", timezone: "Asia/Shanghai" }, start - 1, start + 30 * day)).toHaveLength(
    30 * 24 * 60,
  );
});

test("`momentOf` gives the first moment at which the clock shows a time, or a later time if the clock skips that time", () => {
  const property = fc.property(fc.constantFrom("UTC", ...zones), someTime, (timezone, some) => {
    const time = Math.floor(some / (15 * minute)) * 15 * minute;
    const moment = momentOf(time, timezone);
    expect(wallClock(new Date(moment), timezone).getTime()).toBeGreaterThanOrEqual(time);
    expect(wallClock(new Date(moment - 1_000), timezone).getTime()).toBeLessThan(time);
  });
  // Few random times are among those that a clock skips. This one is a midnight.
  fc.assert(property, { numRuns: 300, examples: [["Africa/Cairo", Date.UTC(2026, 3, 24)]] });
});

test("a day, and a month, holds exactly the moments with its date, in every zone and over every change of the clocks", () => {
  const property = fc.property(
    fc.constantFrom("UTC", ...zones),
    fc.constantFrom("day" as const, "month" as const),
    someTime,
    (timezone, period, moment) => {
      const dateAt = (time: number) =>
        wallClock(new Date(time), timezone)
          .toISOString()
          .slice(0, period === "day" ? 10 : 7);
      const { from, until } = spanOf(period, moment, timezone);
      expect(from <= moment && moment < until).toBe(true);
      expect([from, until - 1].map(dateAt)).toEqual([dateAt(moment), dateAt(moment)]);
      expect(dateAt(from - 1) < dateAt(moment) && dateAt(moment) < dateAt(until)).toBe(true);
    },
  );
  fc.assert(property, { numRuns: 300 });
});
