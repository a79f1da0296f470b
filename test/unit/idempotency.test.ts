import * as fc from "fast-check";
import { idempotencyKey } from "../../provider/resource/kind/idempotency";
import { createBody } from "../support/deployment";
import { wantedIn } from "./arbitraries";

const declarations = fc.record({
  origin: fc.string({ minLength: 1 }),
  body: wantedIn.map(createBody),
  life: fc.nat(49),
});

test("a declaration has always the same key, in the form of a UUIDv4", () => {
  fc.assert(
    fc.property(declarations, ({ origin, body, life }) => {
      const key = idempotencyKey(origin, body, life);
      expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
      expect(idempotencyKey(origin, structuredClone(body), life)).toBe(key);
    }),
  );
});

test("two origins, two bodies or two lives have different keys", () => {
  fc.assert(
    fc.property(declarations, declarations, (one, other) => {
      const all = [
        ...[one, { ...one, origin: `${one.origin}x` }, { ...one, life: one.life + 1 }],
        ...[{ ...one, body: { ...one.body, name: `${one.body["name"]}x` } }, other],
      ];
      const different = new Set(all.map((each) => JSON.stringify(each)));
      const keys = new Set(all.map(({ origin, body, life }) => idempotencyKey(origin, body, life)));
      expect(keys.size).toBe(different.size);
    }),
  );
});

test("every version of this package gives a declaration the same key", () => {
  expect(idempotencyKey("urn:pulumi:dev::reports::x::daily", { name: "daily" }, 0)).toBe(
    "9114663e-ac0d-4c4e-95dd-a7c9f106f9bd",
  );
});

test("the order of members does not change the key", () => {
  const key = idempotencyKey("urn:a", { name: "daily", metadata: { team: "a", tier: "1" } }, 0);
  expect(idempotencyKey("urn:a", { metadata: { tier: "1", team: "a" }, name: "daily" }, 0)).toBe(key);
});

test("two workspaces have different keys", () => {
  const inWorkspace = (id?: string) => idempotencyKey("urn:a", { name: "daily" }, 0, id);
  expect(new Set([inWorkspace(), inWorkspace("wrk_1"), inWorkspace("wrk_2")]).size).toBe(3);
});
