import { ageOf, isAsYoungAs, isProvenNew } from "../../provider/resource/age";

const second = Date.parse("2026-06-14T08:53:32Z");
const idOf = (milliseconds: number) =>
  `dep_${milliseconds.toString(16).padStart(12, "0")}7114c78f8b60e`.padEnd(36, "0");

/** An answer `after` milliseconds after the second of the creation, by the service's clock, to a request that took 400 ms. */
function answer(id: string, after: number, roundTripMs = 400) {
  return { object: { id, created_at: "2026-06-14T08:53:32Z" }, date: new Date(second + after), roundTripMs };
}

test.each<[string, string, number, boolean]>([
  ["answered in the second of its creation", idOf(second + 620), 0, true],
  ["answered 380 ms after its creation", idOf(second + 620), 1_000, true],
  ["answered 1380 ms after its creation", idOf(second + 620), 2_000, false],
  ["answered exactly the round trip after its creation", idOf(second + 600), 1_000, true],
  ["answered a minute after its creation", idOf(second + 620), 60_000, false],
  [
    "answered more than a day after its creation, as a service that never forgets a key does",
    idOf(second),
    90_000_000,
    false,
  ],
  ["answered before its creation, by a clock that is 30 s behind", idOf(second + 620), -30_000, false],
  ["with an id of another second, within the latest of its own", idOf(second + 5_000), 1_000, true],
  ["with an id of another second, long after its own", idOf(second + 5_000), 2_000, false],
  ["with an id of the next second, just over a round trip after its own", idOf(second + 1_000), 1_400, false],
  ["with an id that holds no time, in the next second", "dep_x", 1_000, true],
  ["with an id that holds no time, two seconds later", "dep_x", 2_000, false],
])("a deployment %s: proven new? %s %i ms", (_, id, after, expected) => {
  expect(isProvenNew(answer(id, after), second + after)).toBe(expected);
});

test("a time of creation that has a fraction is exact, whatever the id says", () => {
  const told = (after: number) => ({
    object: { id: idOf(second - 1), created_at: "2026-06-14T08:53:32.25004Z" },
    date: new Date(second + after),
    roundTripMs: 400,
  });
  expect(isProvenNew(told(600), second + 600)).toBe(true);
  expect(isProvenNew(told(1_000), second + 1_000)).toBe(false);
});

test("a slow answer does not make a new deployment an old one", () => {
  expect(isProvenNew(answer(idOf(second + 100), 30_000, 29_950), second + 30_000)).toBe(true);
  expect(isProvenNew(answer(idOf(second + 100), 30_000, 29_800), second + 30_000)).toBe(false);
});

test("a service whose clock is not that of this machine proves nothing", () => {
  const fresh = answer(idOf(second + 620), 1_000);
  expect(isProvenNew(fresh, second + 1_000 + 4_000)).toBe(true);
  expect(isProvenNew(fresh, second + 1_000 + 6_000)).toBe(false);
  expect(isProvenNew(fresh, second + 1_000 - 6_000)).toBe(false);
});

test("without both of the server's times it is unproven whether a deployment is new", () => {
  const { object } = answer(idOf(second), 0);
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
