import { randomUUID } from "node:crypto";
import fs from "node:fs";
import * as fc from "fast-check";
import { endOf, read, write } from "../../provider/deployment-run/start-note";
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

test("a kill at any step of a change of a note leaves the earlier facts or the new ones", () => {
  const key = randomUUID();
  const [earlier, later] = [{ before: [] }, { before: [], id: "drun_1" }];
  write(key, "a run", earlier);
  const seen = [read(key, "a run")];
  // Jest writes its own files with the same module.
  const isOfNote = (file: unknown) => String(file).includes(key);
  const look = (file: unknown) => isOfNote(file) && seen.push(read(key, "a run"));
  const { writeFileSync, renameSync, rmSync } = fs;
  const spies = [
    jest.spyOn(fs, "writeFileSync").mockImplementation((file, text, options) => {
      writeFileSync(file, isOfNote(file) ? String(text).slice(0, 9) : text, options);
      look(file);
      if (isOfNote(file)) {
        writeFileSync(file, text);
      }
      look(file);
    }),
    jest.spyOn(fs, "renameSync").mockImplementation((from, to) => {
      renameSync(from, to);
      look(to);
    }),
    jest.spyOn(fs, "rmSync").mockImplementation((file, options) => {
      rmSync(file, options);
      look(file);
    }),
  ];
  write(key, "a run", later);
  for (const spy of spies) {
    spy.mockRestore();
  }
  expect(seen).toEqual([earlier, earlier, earlier, earlier, later]);
  endOf(key, "drun_2");
  expect(read(key, "a run")).toEqual(later);
  endOf(key, "drun_1");
  expect(read(key, "a run")).toBeUndefined();
});

test("a note that a full disk cuts off leaves the earlier one, and no other file", () => {
  const key = randomUUID();
  const earlier = { before: [], id: "drun_1" };
  write(key, "a run", earlier);
  const { writeFileSync } = fs;
  const drafts: string[] = [];
  const spy = jest.spyOn(fs, "writeFileSync").mockImplementation((file, text, options) => {
    if (!String(file).includes(key)) {
      writeFileSync(file, text, options);
      return;
    }
    drafts.push(String(file));
    writeFileSync(file, String(text).slice(0, 9), options);
    throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  });
  expect(() => write(key, "a run", { before: [], id: "drun_2" })).toThrow("no space left");
  spy.mockRestore();
  expect(drafts.map((draft) => fs.existsSync(draft))).toEqual([false]);
  expect(read(key, "a run")).toEqual(earlier);
  endOf(key, "drun_1");
});
