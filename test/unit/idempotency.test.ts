import * as fc from "fast-check";
import { idempotencyKey, noveltyOf } from "../../provider/lifecycle/idempotency";
import { createBody } from "../../provider/patch";
import { wantedArguments } from "./arbitraries";

const declarations = fc.record({
  origin: fc.string({ minLength: 1 }),
  body: wantedArguments.map(createBody),
  life: fc.nat(49),
});

test("a key has the form of a UUIDv4 and is the same every time", () => {
  fc.assert(
    fc.property(declarations, ({ origin, body, life }) => {
      const key = idempotencyKey(origin, body, life);
      expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(idempotencyKey(origin, structuredClone(body), life)).toBe(key);
    }),
  );
});

test("another declaration, another body or another life has another key", () => {
  fc.assert(
    fc.property(declarations, declarations, (one, other) => {
      const key = idempotencyKey(one.origin, one.body, one.life);
      const others = [
        idempotencyKey(`${one.origin}x`, one.body, one.life),
        idempotencyKey(one.origin, { ...one.body, name: `${one.body["name"]}x` }, one.life),
        idempotencyKey(one.origin, one.body, one.life + 1),
      ];
      const isSame = JSON.stringify(Object.values(one)) === JSON.stringify(Object.values(other));
      if (!isSame) {
        others.push(idempotencyKey(other.origin, other.body, other.life));
      }
      expect(new Set([key, ...others]).size).toBe(others.length + 1);
    }),
  );
});

test("the key of a declaration does not change from one version of this package to the next", () => {
  expect(idempotencyKey("urn:pulumi:dev::reports::x::daily", { name: "daily" }, 0)).toBe(
    "9114663e-ac0d-4c4e-95dd-a7c9f106f9bd",
  );
});

const second = Date.parse("2026-06-14T08:53:32Z");
const idOf = (milliseconds: number) =>
  `dep_${milliseconds.toString(16).padStart(12, "0")}7114c78f8b60e`.padEnd(36, "0");

/** Whether a deployment created `age` before the answer's date is taken for an old one, by a request that took 400 ms. */
function replayed(id: string, age: number, roundTripMs = 400): boolean {
  return noveltyOf({ id, created_at: "2026-06-14T08:53:32Z" }, new Date(second + age), roundTripMs) === "repeated";
}

test.each<[string, string, number, boolean]>([
  ["answered in the second of its creation", idOf(second + 620), 0, false],
  ["answered 380 ms after its creation", idOf(second + 620), 1_000, false],
  ["answered 1380 ms after its creation", idOf(second + 620), 2_000, true],
  ["answered exactly the round trip after its creation", idOf(second + 600), 1_000, false],
  ["answered a minute after its creation", idOf(second + 620), 60_000, true],
  ["answered a day and an hour after its creation", idOf(second), 25 * 3_600_000, false],
  ["answered just within the service's memory", idOf(second), 25 * 3_600_000 - 1_000, true],
  ["answered before its creation, by another clock", idOf(second + 620), -5_000, false],
  ["with an id of another second, within the latest of its own", idOf(second + 5_000), 1_000, false],
  ["with an id of another second, long after its own", idOf(second + 5_000), 2_000, true],
  ["with an id of the next second, just over a round trip after its own", idOf(second + 1_000), 1_400, true],
  ["with an id that holds no time, in the next second", "dep_x", 1_000, false],
  ["with an id that holds no time, two seconds later", "dep_x", 2_000, true],
])("a deployment %s: a repeated answer? %s %i ms", (_, id, age, expected) => {
  expect(replayed(id, age)).toBe(expected);
});

test("a slow answer does not make a new deployment an old one", () => {
  expect(replayed(idOf(second + 100), 30_000, 29_950)).toBe(false);
  expect(replayed(idOf(second + 100), 30_000, 29_800)).toBe(true);
});

test("without both of the server's times it is unproven whether an answer is a repeated one", () => {
  const answeredLater = new Date(second + 60_000);
  expect(noveltyOf({ id: idOf(second), created_at: "2026-06-14T08:53:32Z" }, undefined, 0)).toBe("unproven");
  expect(noveltyOf({ id: idOf(second) }, answeredLater, 0)).toBe("unproven");
  expect(noveltyOf({ id: idOf(second), created_at: "yesterday" }, answeredLater, 0)).toBe("unproven");
});

test("the order in which members come makes no other key", () => {
  const key = idempotencyKey("urn:a", { name: "daily", metadata: { team: "a", tier: "1" } }, 0);
  expect(idempotencyKey("urn:a", { metadata: { tier: "1", team: "a" }, name: "daily" }, 0)).toBe(key);
});
