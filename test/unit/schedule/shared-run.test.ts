import * as fc from "fast-check";
import { expressionProblem } from "../../../provider/schedule/expression";
import { runsAfter } from "../../../provider/schedule/runs";
import { sharedRun } from "../../../provider/schedule/shared-run";
import { expressions } from "./cron-matcher";

const now = new Date("2026-06-14T08:54:05Z");
const inZone = (timezone: string) => (expression: string) => ({ expression, timezone });
const [berlin, newYork, kolkata] = [inZone("Europe/Berlin"), inZone("America/New_York"), inZone("Asia/Kolkata")];

test.each([
  ["every day and from Monday to Friday", berlin("0 9 * * *"), berlin("0 9 * * 1-5"), "2026-06-15T07:00:00.000Z"],
  ["a week and a month", berlin("0 9 * * 1"), berlin("0 9 1 * *"), "2027-02-01T08:00:00.000Z"],
  ["Fridays and the 13th", berlin("0 9 * * 5"), berlin("0 9 13 * *"), "2026-11-13T08:00:00.000Z"],
  ["every minute and one a year", berlin("* * * * *"), berlin("0 9 1 1 *"), "2027-01-01T08:00:00.000Z"],
  ["two zones, now", berlin("0 15 * * *"), newYork("0 9 * * *"), "2026-06-14T13:00:00.000Z"],
  [
    "two zones, in the weeks between their changes",
    berlin("0 14 * * *"),
    newYork("0 9 * * *"),
    "2026-10-25T13:00:00.000Z",
  ],
  ["zones half an hour apart", berlin("0 9 * * *"), kolkata("30 12 * * *"), "2026-06-15T07:00:00.000Z"],
])("what fires at the same moment is found: %s", (_, one, other, run) => {
  expect(sharedRun(one, other, now)?.toISOString()).toBe(run);
  expect(sharedRun(other, one, now)?.toISOString()).toBe(run);
});

test.each([
  ["other minutes", berlin("0 9 * * *"), berlin("1 9 * * *")],
  ["other hours", berlin("0 9 * * *"), berlin("0 10 * * *")],
  ["other days", berlin("0 9 * * 1"), berlin("0 9 * * 2")],
  ["other months", berlin("0 9 1 1 *"), berlin("0 9 1 2 *")],
  ["more than a year ahead", berlin("0 9 29 2 *"), berlin("0 9 * * *")],
  ["the same hour of two zones", berlin("0 9 * * *"), newYork("0 9 * * *")],
  ["the same minute of zones half an hour apart", berlin("0 * * * *"), kolkata("0 * * * *")],
])("what does not fire together is not: %s", (_, one, other) => {
  expect(sharedRun(one, other, now)).toBeUndefined();
});

test("it is the first run that the lists of both hold", () => {
  const schedule = fc
    .tuple(expressions, fc.constantFrom("UTC", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe"))
    .map(([expression, timezone]) => ({ expression, timezone }))
    .filter(({ expression }) => expressionProblem(expression) === undefined);
  fc.assert(
    fc.property(schedule, schedule, (one, other) => {
      const [mine, theirs] = [one, other].map((each) => runsAfter(each, now, 30).map(Number));
      const first = mine?.find((run) => theirs?.includes(run));
      const found = sharedRun(one, other, now)?.getTime();
      if (first !== undefined && first < now.getTime() + 366 * 86_400_000) {
        expect(found).toBe(first);
      } else if (found !== undefined) {
        const before = new Date(found - 1);
        expect(runsAfter(one, before, 1)[0]?.getTime()).toBe(found);
        expect(runsAfter(other, before, 1)[0]?.getTime()).toBe(found);
      }
    }),
    { numRuns: 100 },
  );
});
