import { ageOf, isAsYoungAs, isProvenNew } from "../../provider/resource/age";

const second = Date.parse("2026-06-14T08:53:32Z");
/** An answer `after` milliseconds after the second of the creation, by the service's clock. */
function answer(after: number, roundTripMs = 400) {
  return { object: { id: "dep_x", created_at: "2026-06-14T08:53:32Z" }, date: new Date(second + after), roundTripMs };
}

test.each<[string, number, boolean]>([
  ["returned in the second of its creation", 0, true],
  ["returned in the next second", 1_000, true],
  ["returned in the next second, later than the duration of the request allows", 1_400, false],
  ["returned two seconds later", 2_000, false],
  ["returned a minute after its creation", 60_000, false],
  ["returned more than a day after its creation, because it never forgets a key", 90_000_000, false],
  ["returned before its creation, by a clock that is 30 s behind", -30_000, false],
])("a deployment that the service %s (%i ms) is proven new: %s", (_, after, expected) => {
  expect(isProvenNew(answer(after), second + after)).toBe(expected);
});

test("a created_at with a fraction of a second is taken as exact", () => {
  const told = (after: number) => ({
    object: { id: "dep_x", created_at: "2026-06-14T08:53:32.25004Z" },
    date: new Date(second + after),
    roundTripMs: 400,
  });
  expect(isProvenNew(told(600), second + 600)).toBe(true);
  expect(isProvenNew(told(1_000), second + 1_000)).toBe(false);
});

test("the duration of a slow request does not count towards the age of a deployment", () => {
  expect(isProvenNew(answer(30_000, 29_050), second + 30_000)).toBe(true);
  expect(isProvenNew(answer(30_000, 28_950), second + 30_000)).toBe(false);
});

test("no deployment is proven new if the clocks of the service and of this machine differ by more than 5 seconds", () => {
  const fresh = answer(1_000);
  expect(isProvenNew(fresh, second + 1_000 + 4_000)).toBe(true);
  expect(isProvenNew(fresh, second + 1_000 + 6_000)).toBe(false);
  expect(isProvenNew(fresh, second + 1_000 - 6_000)).toBe(false);
});

test("no deployment is proven new without the date of the reply and a valid created_at", () => {
  const { object } = answer(0);
  expect(isProvenNew({ object, date: undefined, roundTripMs: 0 }, second)).toBe(false);
  for (const createdAt of [undefined, "yesterday"]) {
    const unsure = { object: { ...object, created_at: createdAt }, date: new Date(second), roundTripMs: 0 };
    expect(isProvenNew(unsure, second)).toBe(false);
    expect(ageOf(unsure)).toBeUndefined();
  }
});

test("an unknown age is never young", () => {
  expect(isAsYoungAs(undefined, Number.POSITIVE_INFINITY)).toBe(false);
  expect(isAsYoungAs(3_000, 1_500)).toBe(true);
  expect(isAsYoungAs(4_000, 1_500)).toBe(false);
});
