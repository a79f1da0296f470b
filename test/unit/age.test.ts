import { ageOf, isAsYoungAs, isMadeMeanwhile } from "../../provider/resource/read/age";

const second = Date.parse("2026-06-14T08:53:32Z");
const tookMs = 400;
/** An answer `after` milliseconds after the second of the creation, by the service's clock. */
function answer(after: number, createdAt = "2026-06-14T08:53:32Z") {
  return { object: { id: "dep_x", created_at: createdAt }, date: new Date(second + after) };
}

test.each<[string, number, boolean]>([
  ["in the second of its creation", 0, true],
  ["in the next second", 1_000, true],
  ["in the next second, later than the duration of the request allows", 1_400, false],
  ["two seconds later", 2_000, false],
  ["more than a day after its creation, because it never forgets a key", 90_000_000, false],
  ["before its creation, by a clock that is 30 s behind", -30_000, false],
])("a deployment that the service returns %s (%i ms) is new: %s", (_, after, expected) => {
  expect(isMadeMeanwhile(answer(after), tookMs)).toBe(expected);
});

test("a created_at with a fraction of a second is taken as exact", () => {
  const exact = "2026-06-14T08:53:32.25004Z";
  expect(isMadeMeanwhile(answer(600, exact), tookMs)).toBe(true);
  expect(isMadeMeanwhile(answer(1_000, exact), tookMs)).toBe(false);
});

test("no deployment is new without the date of the reply and a valid created_at", () => {
  for (const unsure of [{ ...answer(0), date: undefined }, answer(0, ""), answer(0, "yesterday")]) {
    expect(isMadeMeanwhile(unsure, tookMs)).toBe(false);
    expect(ageOf(unsure)).toBeUndefined();
  }
});

test("an unknown age is never young", () => {
  expect(isAsYoungAs(undefined, Number.POSITIVE_INFINITY)).toBe(false);
  expect(isAsYoungAs(3_000, 1_500)).toBe(true);
  expect(isAsYoungAs(4_000, 1_500)).toBe(false);
});
