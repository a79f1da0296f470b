import { agentKind } from "../../provider/agent/kind";
import { deploymentSchema } from "../../provider/deployment/reply";
import { argumentFailures } from "../../provider/resource/check/check";
import * as common from "../../provider/resource/compare/arguments";
import * as plans from "../../provider/resource/compare/changes";
import * as baselines from "../../provider/resource/compare/views";
import { argumentNames, type Baseline } from "../../provider/resource/kind/kind";
import * as outputs from "../../provider/resource/kind/outputs";
import { same } from "../../provider/resource/kind/program-values";
import { agent, team } from "../kinds/agent";
import { mcp } from "../kinds/agent-tools";
import { deployment as deploymentRow } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import type { KindRow } from "../kinds/kind-row";
import { cpuSeconds } from "../support/cpu-seconds";
import { changesBetween, declarable, liveAsRecorded, toldOutputs } from "../support/deployment";
import type { Properties } from "../support/provider";
import type { Wire } from "./merge-rules";

const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const at = "2026-06-14T08:53:32Z";
/** The members of every complete reply. */
const shared = { id: "x_1", version: 1, status: "active", created_at: at, updated_at: at };
const complete = { ...shared, config: { type: "cloud" }, initial_events: [] };

function deployment(members: Wire) {
  return deploymentSchema.parse({ ...shared, id: "dep_1", ...members });
}

describe.each([deploymentRow, agent, environment] as readonly KindRow[])("$label", ({ kind, rows }) => {
  const reply = (members: Wire) => kind.reply.parse({ ...complete, ...members });
  const only = (name: string, value: unknown): Properties => (value === undefined ? {} : { [name]: value });
  const patch = (held: Properties, wanted: Properties, computed: Properties = {}) =>
    plans.patchBody(plans.changesBetween(kind, { arguments: held, outputs: computed }, wanted));
  const owned = (name: string, asked: unknown, members: Wire, baseline: Baseline = {}) =>
    common.liveAsRecorded(kind, reply(members), only(name, asked), baseline)[name];
  /** The body of an update if the service shows `members` and the program has `asked`. */
  const sentFor = (name: string, asked: unknown, members: Wire) =>
    patch(only(name, owned(name, asked, members)), only(name, asked), outputs.shownOutputs(kind, reply(members)));

  const all = Object.entries(rows).map(([name, row]) => ({ name, ...row }));

  test.each(all)("the description of an object has $name as a program writes it", ({ name, ...row }) => {
    expect(common.declarable(kind, reply(row.shown ?? row.sent))[name]).toEqual(
      "described" in row ? row.described : row.value,
    );
  });

  test.each(all.filter(({ unset }) => unset !== undefined))(
    "the description of an object has no $name if the service holds none",
    ({ name, unset }) => {
      expect(common.declarable(kind, reply(unset ?? {}))).not.toHaveProperty(name);
    },
  );

  const pairsOf = (which: "same" | "renditions" | "drift") =>
    all.flatMap(({ name, [which]: pairs = [] }) => pairs.map(([asked, members]) => [name, asked, members] as const));

  test.each(pairsOf("same"))(
    "the state keeps %s %j if the service shows %j, and an update sends no change",
    (name, asked, members) => {
      expect(owned(name, asked, members)).toEqual(asked);
      expect(sentFor(name, asked, members)).toEqual({});
    },
  );

  if (pairsOf("renditions").length > 0) {
    test.each(pairsOf("renditions"))(
      "the state keeps %s %j shown as %j only if the reply to the last write showed the same",
      (name, asked, members) => {
        expect(owned(name, asked, members)).not.toEqual(asked);
        const baseline = baselines.shownAfterWrite(kind, reply(members), only(name, asked));
        expect(owned(name, asked, members, baseline)).toEqual(asked);
      },
    );
  }

  test.each(pairsOf("drift"))(
    "the state changes from %s %j if the service shows %j, and an update sends the argument",
    (name, asked, members) => {
      expect(owned(name, asked, members)).not.toEqual(asked);
      expect(name === "paused" || Object.keys(sentFor(name, asked, members)).length === 1).toBe(true);
    },
  );
});

describe.each([
  { ...agent, valid: { name: "a", model: "ultimate" } },
  { ...environment, valid: { name: "a", config: { type: "cloud" } } },
])("$label", ({ kind, rows, valid }) => {
  const mistakes = Object.entries(rows).flatMap(([name, row]) =>
    (row.mistakes ?? []).map(([given, failures]) => ({ name, given, failures: [failures].flat() })),
  );

  test.each(mistakes)("the check reports a mistake: $failures.0", ({ name, given, failures }) => {
    const { [name]: _, ...others }: Properties = valid;
    const declared = given === undefined ? others : { ...others, [name]: given };
    expect(argumentFailures(kind, declared)).toEqual(failures);
  });

  test("accepts an unknown value for each argument", () => {
    for (const name of argumentNames(kind)) {
      expect(argumentFailures(kind, { ...valid, [name]: unknown })).toEqual([]);
    }
  });
});

test.each<[string, unknown, unknown, boolean]>([
  ["objects whose members are in another order", { a: 1, b: [2] }, { b: [2], a: 1 }, true],
  ["objects with and without a prototype", { a: { b: 1 } }, { a: Object.assign(Object.create(null), { b: 1 }) }, true],
  ["lists in another order", [1, 2], [2, 1], false],
  ["a member that is undefined and none", { a: undefined }, {}, false],
])("%s: the comparison of arguments says what is the same value", (_, one, other, isSame) => {
  expect([same(one, other), same(other, one)]).toEqual([isSame, isSame]);
});

test("a description leaves out members that the reply does not show, and the ids and times that the service adds to members", () => {
  const track = { id: "x_1", created_at: "2026-06-14T08:53:32Z", updated_at: "2026-06-14T08:53:32Z" };
  const found = declarable(
    deployment({
      initial_events: [{ type: "user.message", content: "Go", ...track, processed_at: null }],
      resources: [{ type: "file", file_id: "file_1", mount_path: "/a", ...track }],
    }),
  );
  expect(declarable(deployment({}))).toEqual({});
  expect(found.initialEvents).toEqual([{ type: "user.message", content: "Go" }]);
  expect(found.resources).toEqual([{ type: "file", fileId: "file_1", mountPath: "/a" }]);
});

test("the state takes over changed resources without the token of the old ones", () => {
  const repository = (name: string) => ({ type: "github_repository", url: `https://example.com/${name}` });
  const store = (memoryStoreId: string) => ({ type: "memory_store", memoryStoreId });
  const asked = { resources: [{ ...repository("one"), authorizationToken: "token" }, store("memstore_a")] };
  const live = [repository("two"), { type: "memory_store", memory_store_id: "memstore_b", access: "read_write" }];
  expect(liveAsRecorded(deployment({ resources: live }), asked).resources).toEqual([
    repository("two"),
    { ...store("memstore_b"), access: "read_write" },
  ]);
});

test.each([
  ["0", "100"],
  [".0", "x"],
])("the comparison of a budget with a hundred thousand times %j takes less than 6 seconds", (piece, end) => {
  const seconds = cpuSeconds(() => {
    const live = deployment({ budget: { type: "limit", max_credit_cost: `1.${piece.repeat(100_000)}${end}` } });
    const asked = { budget: { maxCreditCost: "1" } };
    expect(changesBetween(liveAsRecorded(live, asked), asked, toldOutputs(live)).length).toBeGreaterThan(0);
  });
  expect(seconds).toBeLessThan(6);
});

test("the comparison of 5,000 resources in reverse order takes less than 2.5 seconds", () => {
  const urls = Array.from({ length: 5_000 }, (_, index) => `https://github.com/acme/shop-${index}`);
  const asked = urls.map((url) => ({ type: "github_repository", url, authorizationToken: "t" }));
  const live = urls.toReversed().map((url) => ({ type: "github_repository", url }));
  const seconds = cpuSeconds(() => {
    const owned = liveAsRecorded(deployment({ resources: live }), { resources: asked });
    expect(owned.resources).toEqual(asked.toReversed());
  });
  // A comparison of each with each takes far longer.
  expect(seconds).toBeLessThan(2.5);
});

test("the check accepts an mcp_toolset whose server is unknown, and a team whose tools are unknown", () => {
  const declared = { name: "a", model: "ultimate" };
  const failures = (more: Properties) => argumentFailures(agentKind, { ...declared, ...more });
  expect(failures({ tools: [mcp], mcpServers: unknown })).toEqual([]);
  expect(failures({ tools: [mcp], mcpServers: [{ name: unknown, url: "https://a" }] })).toEqual([]);
  expect(failures({ tools: unknown, multiagent: team("agent_1") })).toEqual([]);
  expect(failures({ tools: [mcp], mcpServers: [{ name: "other", url: "https://a" }] })).toEqual([
    "tools[0].mcpServerName: names no server; mcpServers has other",
  ]);
});
