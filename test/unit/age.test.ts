import { ageOf, isAsYoungAs, isProvenNew } from "../../provider/resource/age";

const second = Date.parse("2026-06-14T08:53:32Z");
/** An answer `after` milliseconds after the second of the creation, by the service's clock, to a request that took 400 ms. */
function answer(after: number, roundTripMs = 400) {
  return { object: { id: "dep_x", created_at: "2026-06-14T08:53:32Z" }, date: new Date(second + after), roundTripMs };
}

test.each<[string, number, boolean]>([
  ["answered in the second of its creation", 0, true],
  ["answered in the next second", 1_000, true],
  ["answered in the next second, over a round trip after the latest moment of its own", 1_400, false],
  ["answered two seconds later", 2_000, false],
  ["answered a minute after its creation", 60_000, false],
  ["answered more than a day after its creation, as a service that never forgets a key does", 90_000_000, false],
  ["answered before its creation, by a clock that is 30 s behind", -30_000, false],
])("a deployment %s: proven new? %i ms, %s", (_, after, expected) => {
  expect(isProvenNew(answer(after), second + after)).toBe(expected);
});

test("a time of creation that has a fraction is exact", () => {
  const told = (after: number) => ({
    object: { id: "dep_x", created_at: "2026-06-14T08:53:32.25004Z" },
    date: new Date(second + after),
    roundTripMs: 400,
  });
  expect(isProvenNew(told(600), second + 600)).toBe(true);
  expect(isProvenNew(told(1_000), second + 1_000)).toBe(false);
});

test("a slow answer does not make a new deployment an old one", () => {
  expect(isProvenNew(answer(30_000, 29_050), second + 30_000)).toBe(true);
  expect(isProvenNew(answer(30_000, 28_950), second + 30_000)).toBe(false);
});

test("a service whose clock is not that of this machine proves nothing", () => {
  const fresh = answer(1_000);
  expect(isProvenNew(fresh, second + 1_000 + 4_000)).toBe(true);
  expect(isProvenNew(fresh, second + 1_000 + 6_000)).toBe(false);
  expect(isProvenNew(fresh, second + 1_000 - 6_000)).toBe(false);
});

test("without both of the server's times it is unproven whether a deployment is new", () => {
  const { object } = answer(0);
  expect(isProvenNew({ object, date: undefined, roundTripMs: 0 }, second)).toBe(false);
  for (const createdAt of [undefined, "yesterday"]) {
    const untold = { object: { ...object, created_at: createdAt }, date: new Date(second), roundTripMs: 0 };
    expect(isProvenNew(untold, second)).toBe(false);
    expect(ageOf(untold, second)).toBeUndefined();
  }
});

test("an age that nobody knows is never young", () => {
  expect(isAsYoungAs(undefined, Number.POSITIVE_INFINITY)).toBe(false);
  expect(isAsYoungAs(3_000, 1_500)).toBe(true);
  expect(isAsYoungAs(4_000, 1_500)).toBe(false);
});
