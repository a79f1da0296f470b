import { deploymentSchema } from "../../provider/deployment/reply";
import { patchBody } from "../../provider/resource/write/plan";
import { rowOf } from "../support/argument-table";
import { cpuSeconds } from "../support/cpu-seconds";
import {
  type ArgumentName,
  type Arguments,
  argumentNames,
  changesBetween,
  describedArguments,
  ownedArguments,
  shownAfterWrite,
  toldOutputs,
} from "../support/deployment";
import type { Wire } from "./merge-rules";

function deployment(members: Wire) {
  return deploymentSchema.parse({ id: "dep_1", ...members });
}

function only(name: ArgumentName, value: unknown): Partial<Arguments> {
  return value === undefined ? {} : { [name]: value };
}

/** What an update would send when the service shows `members` and the program asks for `asked`. */
function sentFor(name: ArgumentName, asked: unknown, members: Wire): Wire {
  const live = deployment(members);
  const held = only(name, ownedArguments(live, only(name, asked))[name]);
  return patchBody(changesBetween(held, only(name, asked), toldOutputs(live)));
}

function pairsOf(kind: "same" | "renditions" | "drift"): [ArgumentName, unknown, Wire][] {
  return argumentNames.flatMap((name) =>
    (rowOf(name)[kind] ?? []).map(([asked, members]): [ArgumentName, unknown, Wire] => [name, asked, members]),
  );
}

describe.each(argumentNames)("%s", (name) => {
  const row = rowOf(name);

  test("is sent as the member that the API names", () => {
    expect(patchBody(changesBetween({}, only(name, row.value), {}))).toEqual(row.sent);
  });

  test("is cleared when the program no longer gives it", () => {
    expect(patchBody(changesBetween(only(name, row.value), {}, row.computed ?? {}))).toEqual(row.removed);
  });

  test("is not sent when it is given again as it was", () => {
    expect(patchBody(changesBetween(only(name, row.value), only(name, row.value), {}))).toEqual({});
  });

  test("keeps its value when the service does not tell", () => {
    expect(ownedArguments(deployment({}), only(name, row.value))).toEqual(only(name, row.value));
  });

  test("is described as a program would write it", () => {
    expect(describedArguments(deployment({ initial_events: [], ...row.shown }))[name]).toEqual(
      "described" in row ? row.described : row.value,
    );
  });

  if (row.unset !== undefined) {
    test("is not described when the service holds none", () => {
      expect(describedArguments(deployment({ initial_events: [], ...row.unset }))).not.toHaveProperty(name);
    });
  }
});

test.each(pairsOf("same"))(
  "%s %j means what the service shows as %j, and stays as it was written",
  (name, asked, members) => {
    expect(ownedArguments(deployment(members), only(name, asked))[name]).toEqual(asked);
    expect(sentFor(name, asked, members)).toEqual({});
  },
);

test.each(pairsOf("renditions"))("%s %j shown as %j is no difference after a write alone", (name, asked, members) => {
  const [live, held] = [deployment(members), only(name, asked)];
  expect(ownedArguments(live, held)).not.toEqual(held);
  expect(ownedArguments(live, held, shownAfterWrite(live, held))).toEqual(held);
});

test.each(pairsOf("drift"))("%s %j is not what the service shows as %j", (name, asked, members) => {
  expect(ownedArguments(deployment(members), only(name, asked))[name]).not.toEqual(asked);
  expect(name === "paused" || Object.keys(sentFor(name, asked, members)).length === 1).toBe(true);
});

test("what a reply does not tell is left out of a description", () => {
  expect(describedArguments(deployment({}))).toEqual({});
});

test("how the service keeps track of its own copies is no part of a description", () => {
  const track = { id: "x_1", created_at: "2026-06-14T08:53:32Z", updated_at: "2026-06-14T08:53:32Z" };
  const found = describedArguments(
    deployment({
      initial_events: [{ type: "user.message", content: "Go", ...track, processed_at: null }],
      resources: [{ type: "file", file_id: "file_1", mount_path: "/a", ...track }],
    }),
  );
  expect(found.initialEvents).toEqual([{ type: "user.message", content: "Go" }]);
  expect(found.resources).toEqual([{ type: "file", fileId: "file_1", mountPath: "/a" }]);
});

test("what stands in place of a resource has neither its token nor its shape", () => {
  const repository = (name: string) => ({ type: "github_repository", url: `https://example.com/${name}` });
  const store = (memoryStoreId: string) => ({ type: "memory_store", memoryStoreId });
  const asked = { resources: [{ ...repository("one"), authorizationToken: "token" }, store("memstore_a")] };
  const live = [repository("two"), { type: "memory_store", memory_store_id: "memstore_b", access: "read_write" }];
  expect(ownedArguments(deployment({ resources: live }), asked).resources).toEqual([
    repository("two"),
    { ...store("memstore_b"), access: "read_write" },
  ]);
});

test.each([
  ["0", "100"],
  [".0", "x"],
  ["0.", "1"],
])("a budget of a hundred thousand times %j is compared in a moment", (piece, end) => {
  const seconds = cpuSeconds(() => {
    const live = deployment({ budget: { type: "limit", max_credit_cost: `1.${piece.repeat(100_000)}${end}` } });
    const asked = { budget: { maxCreditCost: "1" } };
    expect(changesBetween(ownedArguments(live, asked), asked, toldOutputs(live)).length).toBeGreaterThan(0);
  });
  expect(seconds).toBeLessThan(6);
});

test("resources of a reply in reverse order are compared in linear time", () => {
  const urls = Array.from({ length: 20_000 }, (_, index) => `https://github.com/acme/shop-${index}`);
  const asked = urls.map((url) => ({ type: "github_repository", url, authorizationToken: "t" }));
  const live = urls.toReversed().map((url) => ({ type: "github_repository", url }));
  const seconds = cpuSeconds(() => {
    const owned = ownedArguments(deployment({ resources: live }), { resources: asked });
    expect(owned.resources).toEqual(asked.toReversed());
  });
  // Comparing each with each took minutes.
  expect(seconds).toBeLessThan(10);
});
