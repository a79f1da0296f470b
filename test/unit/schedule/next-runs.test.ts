import { CronExpressionParser } from "cron-parser";
import * as fc from "fast-check";
import { expressionProblem } from "../../../provider/schedule/expression";
import { runsAfter, runText } from "../../../provider/schedule/runs";
import { type ClockChange, changesOf, knownUntil, zones } from "./clock-changes";
import { expressions, matcherOf, wallClock, withoutRepeats } from "./cron-matcher";

// The moment of the update in the example of "Update a deployment", a Sunday.
const updated = new Date("2026-06-14T08:54:05Z");
const minute = 60_000;
const day = 24 * 60 * minute;

const told = (runs: readonly Date[]) => runs.map((run) => run.toISOString());

test("the next runs leave out a run at the start, and include a run one millisecond later", () => {
  const schedule = { expression: "0 9 * * *", timezone: "UTC" };
  const nine = new Date("2026-06-14T09:00:00Z");
  expect(told(runsAfter(schedule, nine, 1))).toEqual(["2026-06-15T09:00:00.000Z"]);
  expect(told(runsAfter(schedule, new Date(nine.getTime() - 1), 1))).toEqual(["2026-06-14T09:00:00.000Z"]);
});

test.each([
  ["30 9 * * 1-5", "Asia/Shanghai", "Mon 2026-06-15 09:30 (01:30 UTC), Tue 2026-06-16 09:30 (01:30 UTC)"],
  ["0 1 * * 1", "Asia/Shanghai", "Mon 2026-06-15 01:00 (Sun 17:00 UTC), Mon 2026-06-22 01:00 (Sun 17:00 UTC)"],
  ["0 0 1 1 *", "UTC", "Fri 2027-01-01 00:00, Sat 2028-01-01 00:00"],
  ["0 9 24,25 10 *", "Europe/London", "Sat 2026-10-24 09:00 (08:00 UTC), Sun 2026-10-25 09:00"],
])("the texts of the next runs of %s in %s show the time there and in UTC", (expression, timezone, text) => {
  const runs = runsAfter({ expression, timezone }, updated, 2).map((run) => runText(run, timezone));
  expect(runs.join(", ")).toBe(text);
});

test.each([
  ["skipped", "30 2 * * *", "2026-03-28T00:00Z", "2026-03-28T01:30, 2026-03-30T00:30"],
  ["repeated", "30 2 * * *", "2026-10-25T00:00Z", "2026-10-25T00:30, 2026-10-25T01:30"],
  ["repeated, from its middle", "15 2 * * *", "2026-10-25T00:20Z", "2026-10-25T01:15, 2026-10-26T01:15"],
  ["skipped, hourly", "0 * * * *", "2026-03-29T00:00Z", "2026-03-29T01:00, 2026-03-29T02:00"],
])("a schedule runs as often as the clock shows its time, in an hour that is %s", (_, expression, start, runs) => {
  const found = told(runsAfter({ expression, timezone: "Europe/Berlin" }, new Date(start), 2));
  expect(found).toEqual(runs.split(", ").map((run) => `${run}:00.000Z`));
});

test("a range from SUN to SUN fires on Sundays only", () => {
  expect(told(runsAfter({ expression: "0 9 * * SUN-Sun", timezone: "UTC" }, updated, 2))).toEqual([
    "2026-06-14T09:00:00.000Z",
    "2026-06-21T09:00:00.000Z",
  ]);
});

test("the next runs of any valid expression are the first after the start that fit the expression, in order", () => {
  const timezones = fc.constantFrom("UTC", "Asia/Shanghai", "Asia/Kolkata");
  const starts = fc.date({ min: new Date("2026-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(expressions, timezones, starts, (expression, timezone, start) => {
      const problem = expressionProblem(expression);
      if (problem !== undefined) {
        expect(problem).toContain("never fires");
        return;
      }
      const fits = matcherOf(expression);
      const runs = runsAfter({ expression, timezone }, start, 4);
      expect(runs).toHaveLength(4);
      let last = start.getTime();
      for (const run of runs) {
        expect(run.getTime()).toBeGreaterThan(last);
        expect(run.getTime() % minute).toBe(0);
        expect(fits(wallClock(run, timezone))).toBe(true);
        const shift = wallClock(run, timezone).getTime() - run.getTime();
        const before = run.getTime() / minute;
        const since = Math.max(Math.floor(last / minute) + 1, before - 1_500);
        const minutes = Array.from({ length: before - since }, (_, index) => since + index);
        expect(minutes.filter((one) => fits(new Date(one * minute + shift)))).toEqual([]);
        last = run.getTime();
      }
    }),
    { numRuns: 150 },
  );
});

describe("while the clocks change, 2026 to 2030, of 700 expressions", () => {
  // The zone data of Node.js follow the laws: Morocco, which changed its clocks twice a year, changes none in newer data.
  const changes = zones.map(changesOf).filter((ofZone) => ofZone.length > 0);
  // Half of the expressions fire on every day, so also on the day of the change.
  const daily = expressions.map((expression) => expression.replace(/ \S+ \S+ \S+$/, " * * *"));
  const fired = fc
    .sample(fc.oneof(daily, expressions), { numRuns: 750 })
    .filter((expression) => expressionProblem(expression) === undefined)
    .slice(0, 700);
  /** Each change of each zone several times. */
  const cases = fired.flatMap((expression, index) => {
    const ofZone = changes[index % changes.length] ?? [];
    const change = ofZone[Math.floor(index / changes.length) % ofZone.length];
    return change === undefined ? [] : [{ expression, change }];
  });

  test("most zones change their clocks, so the tests below compare enough cases", () => {
    expect(cases).toHaveLength(700);
    expect(changes.length).toBeGreaterThan(zones.length / 2);
  });

  // cron-parser runs in UTC here: in a zone it moves runs in a skipped hour, and leaves out repeated runs.
  test("the runs are the minutes that cron-parser finds, each as often as the clock shows the minute", () => {
    const clocks = new Map<ClockChange, readonly Shown[]>();
    for (const { expression, change } of cases) {
      const { timezone, at, length } = change;
      const [start, end] = [at - length - 10 * minute, at + length + 10 * minute];
      const clock = clocks.get(change) ?? shownBetween(start, end, timezone);
      clocks.set(change, clock);
      const walls = clock.map(({ wall }) => wall);
      const [first, last] = [Math.min(...walls), Math.max(...walls)];
      const named = new Set(runsByCronParser(withoutRepeats(expression), "UTC", first - 1, last));
      const expected = clock.filter(({ wall }) => named.has(wall)).map(({ moment }) => moment);
      const ours = runsAfter({ expression, timezone }, new Date(start), expected.length + 1).map(Number);
      expectSame(ours, expected, end, { expression, timezone, start });
    }
  });

  test("cron-parser, set to the zone, finds the same runs before and after the day of the change", () => {
    for (const { expression, change } of cases) {
      const { timezone, at } = change;
      // The first run of a rare expression may fall on the day of another change, which the test above covers.
      const isOnChange = (run: number) =>
        changes.flat().some((other) => other.timezone === timezone && Math.abs(run - other.at) < 2 * day);
      for (const [start, end] of [
        [at - 7 * day, at - 2 * day],
        [at + 2 * day, Math.min(at + 400 * day, knownUntil - 2 * day)],
      ] as const) {
        const theirs = runsByCronParser(withoutRepeats(expression), timezone, start, end, 1);
        const ours = runsAfter({ expression, timezone }, new Date(start), 1).map(Number);
        if (![...ours, ...theirs].some(isOnChange)) {
          expectSame(ours, theirs, end, { expression, timezone, start });
        }
      }
    }
  });
});

interface Shown {
  readonly moment: number;
  /** The time on the clock at that moment. */
  readonly wall: number;
}

function shownBetween(start: number, end: number, timezone: string): Shown[] {
  return Array.from({ length: (end - start) / minute }, (_, index) => {
    const moment = start + (index + 1) * minute;
    return { moment, wall: wallClock(new Date(moment), timezone).getTime() };
  });
}

function runsByCronParser(expression: string, tz: string, after: number, until: number, count = Infinity): number[] {
  const options = { tz, currentDate: new Date(after), endDate: new Date(until) };
  const parsed = CronExpressionParser.parse(expression, options);
  const runs: number[] = [];
  try {
    while (runs.length < count) {
      runs.push(parsed.next().getTime());
    }
  } catch {
    // cron-parser throws at the end; `hasNext` would search for each run twice.
  }
  return runs;
}

/** Thousands of calls of `expect` take longer than the code that they test. */
function expectSame(ours: readonly number[], theirs: readonly number[], end: number, of: object): void {
  const until = ours.filter((run) => run <= end);
  if (until.join() !== theirs.join()) {
    throw new Error(`${JSON.stringify(of)}: ${until} is not ${theirs}`);
  }
}
