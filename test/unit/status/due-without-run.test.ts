import * as fc from "fast-check";
import { dueWithoutRun, missedRuns } from "../../../command/runs/missed-runs";
import { expressionProblem } from "../../../provider/schedule/expression";
import { runsWithin } from "../../../provider/schedule/window";
import { changesOf, zones } from "../schedule/clock-changes";
import { expressions, matcherOf, wallClock } from "../schedule/cron-matcher";

const minute = 60_000;
const hour = 60 * minute;

const changes = ["America/New_York", "Australia/Lord_Howe", "Africa/Cairo", "Europe/Berlin"].flatMap(changesOf);
/** A zone and a time, half of them shortly before a change of the clocks. */
const places = fc.oneof(
  fc.record({
    timezone: fc.constantFrom("UTC", ...zones),
    from: fc.integer({ min: 1_767_225_600, max: 1_900_000_000 }),
  }),
  fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: 1, max: 20 * 60 }))
    .map(([{ timezone, at }, minutes]) => ({ timezone, from: Math.floor(at / 1_000) - minutes * 60 })),
);
const frequent = fc.constantFrom(
  "* * * * *",
  "*/5 * * * *",
  "*/7 * * * *",
  "*/10 * * * *",
  "30 * * * *",
  "15 1,2,3 * * *",
  "0 9 * * 1-5",
);
const schedules = fc.oneof(
  frequent,
  expressions.filter((expression) => expressionProblem(expression) === undefined),
);

const quarter = 15 * minute;

/** The due times: the service looks at the clock of the zone each minute. Every zone sets its clocks at a quarter of an hour. */
function fired(expression: string, timezone: string, from: number, until: number): number[] {
  const matches = matcherOf(expression);
  const due: number[] = [];
  let wall = { start: 0, shows: 0 };
  for (let moment = Math.floor(from / minute) * minute + minute; moment < until; moment += minute) {
    const start = Math.floor(moment / quarter) * quarter;
    if (start > wall.start) {
      wall = { start, shows: wallClock(new Date(start), timezone).getTime() };
    }
    if (matches(new Date(wall.shows + moment - start))) {
      due.push(moment);
    }
  }
  return due;
}

/** What somebody would call missing: of due times less than ten minutes after one that counts, none had a run. */
function missing(due: readonly number[], skipped: ReadonlySet<number>): number[] {
  let last = Number.NEGATIVE_INFINITY;
  const counted = due.filter((time) => {
    const counts = time - last >= 10 * minute;
    last = counts ? time : last;
    return counts;
  });
  return counted.filter((start, index) => {
    const end = counted[index + 1] ?? Number.POSITIVE_INFINITY;
    return due.filter((time) => start <= time && time < end).every((time) => skipped.has(time));
  });
}

test("the missed due times are exactly those that the service skipped, in every zone and over every change of the clocks", () => {
  const world = fc.record({
    expression: schedules,
    place: places,
    hours: fc.integer({ min: 1, max: 30 }),
    habits: fc.array(fc.oneof(fc.constant("skips"), fc.constant(0), fc.integer({ min: 0, max: 10_000 })), {
      minLength: 1,
      maxLength: 20,
    }),
  });
  const property = fc.property(world, ({ expression, place: { timezone, from: second }, hours, habits }) => {
    const from = second * 1_000;
    const until = from + hours * hour;
    const due = fired(expression, timezone, from, until);
    const habitOf = (index: number) => habits[index % habits.length];
    const skipped = new Set(due.filter((_, index) => habitOf(index) === "skips"));
    // The service shows whole seconds.
    const runs = due.flatMap((time, index) => {
      const late = habitOf(index);
      return typeof late === "number" ? [Math.floor((time + late) / 1_000) * 1_000] : [];
    });
    const found = dueWithoutRun(runsWithin({ expression, timezone }, from, until), runs.toReversed(), until + hour);
    expect(found).toEqual(missing(due, skipped));
  });
  fc.assert(property, { numRuns: 1_000 });
});

const nine = Date.UTC(2026, 10, 25, 9);
const daily = [nine, nine + 24 * hour];
test.each<[string, number[], number[], number, number[]]>([
  ["a run ten minutes later counts", daily, [nine + 10 * minute, nine + 24 * hour], nine + 48 * hour, []],
  ["a run eleven minutes later does not", daily, [nine + 11 * minute, nine + 24 * hour], nine + 48 * hour, [nine]],
  ["a run five seconds early counts", daily, [nine - 5_000, nine + 24 * hour], nine + 48 * hour, []],
  ["a run six seconds early does not", daily, [nine - 6_000, nine + 24 * hour], nine + 48 * hour, [nine]],
  ["a run of the day before does not", daily, [nine - 24 * hour], nine + hour, [nine]],
  ["a due time of the last ten minutes may still come", [nine], [], nine + 10 * minute - 1, []],
  ["after ten minutes it may not", [nine], [], nine + 10 * minute, [nine]],
  [
    "runs each five minutes that are all nine minutes late all count",
    [0, 5, 10, 15, 20].map((late) => nine + late * minute),
    [9, 14, 19, 24, 29].map((late) => nine + late * minute),
    nine + hour,
    [],
  ],
  ["one run counts for one due time", [nine, nine + 10 * minute], [nine + 10 * minute], nine + hour, [nine]],
])("%s", (_, due, runs, now, missed) => {
  expect(dueWithoutRun(due, runs, now)).toEqual(missed);
});

const daylight = { expression: "30 1 * * *", timezone: "America/New_York" };
const halfPastOne = Date.UTC(2026, 10, 1, 5, 30);
test.each<[string, { expression: string; timezone: string }, number[], number[], string[]]>([
  ["the clocks show twice, with one run", daylight, [halfPastOne], [], ["the clocks showed this time twice"]],
  ["the clocks show twice, with no run", daylight, [], [halfPastOne, halfPastOne + hour], []],
  [
    "had a run an hour before",
    { expression: "30 1 * * *", timezone: "UTC" },
    [halfPastOne - 5 * hour],
    [],
    ["a run began 1 h before it"],
  ],
  [
    "had a run 25 minutes later",
    { expression: "30 5 * * *", timezone: "UTC" },
    [halfPastOne + 25 * minute],
    [],
    ["a run began 25 min after it"],
  ],
  [
    "had a run two hours before",
    { expression: "30 5 * * *", timezone: "UTC" },
    [halfPastOne - 2 * hour],
    [halfPastOne],
    [],
  ],
])("a due time that %s is missed or doubtful as it should be", (_, schedule, starts, times, doubts) => {
  const created_at = new Date(halfPastOne - 48 * hour).toISOString();
  const deployment = { id: "dep_1", status: "active", reply: {}, created_at, updated_at: created_at, schedule };
  const runs = starts.map((at, index) => ({
    ...{ id: `drun_${index}`, deploymentId: "dep_1", createdAt: new Date(at).toISOString(), trigger: "schedule" },
    ...{ scheduledAt: undefined, agentVersion: 1, sessionId: `sess_${index}`, error: undefined },
  }));
  const found = missedRuns(deployment, runs, halfPastOne - 5 * hour, halfPastOne + 12 * hour);
  expect(found).toMatchObject({ times, doubtful: doubts.map((why) => expect.objectContaining({ why })) });
});

test("among runs of which one shows no time, nobody can look for a missed one", () => {
  const created_at = new Date(nine - 24 * hour).toISOString();
  const schedule = { expression: "0 9 * * *", timezone: "UTC" };
  const deployment = { id: "dep_1", status: "active", reply: {}, created_at, updated_at: created_at, schedule };
  const run = {
    id: "drun_1",
    deploymentId: "dep_1",
    createdAt: undefined,
    trigger: "schedule",
    scheduledAt: undefined,
  };
  const runs = [{ ...run, agentVersion: 1, sessionId: "sess_1", error: undefined }];
  expect(missedRuns(deployment, runs, nine - hour, nine + hour)).toMatchObject({
    times: [],
    unknown: "the service does not show when a run started",
  });
});
