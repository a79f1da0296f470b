import { info, type Remark, warning } from "../../../provider/api/remark";
import { deploymentKind } from "../../../provider/deployment/kind";
import { scheduleRemarks } from "../../../provider/deployment/schedule-remarks";
import { argumentsIn } from "../../../provider/resource/arguments";
import { toldTogether } from "../../../provider/resource/engine/told-together";
import type { NextRuns } from "../../../provider/resource/plan-remark";
import { check } from "../../support/deployment";
import { required } from "../declared";

// The moment of the update in the example of "Update a deployment", a Sunday.
const now = new Date("2026-06-14T08:54:05Z");
/** One of the texts that the engine sends for a value that is not known yet. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

type Given = Readonly<Record<string, unknown>>;

/** What a program declared before, and declares now. */
function change(before: Given, inputs: Given, replaced: readonly string[] = []) {
  return {
    before: argumentsIn(deploymentKind, before),
    after: argumentsIn(deploymentKind, inputs),
    inputs,
    replaces: (argument: string) => replaced.includes(argument),
  };
}

/** Without the runs, which a table tells. */
const remarks = (before: Given, inputs: Given): Remark[] =>
  scheduleRemarks(change(before, inputs), now)
    .filter(({ nextRuns }) => nextRuns === undefined)
    .map(({ severity, text }) => ({ severity, text }));
const runs = (before: Given, inputs: Given): NextRuns[] =>
  scheduleRemarks(change(before, inputs), now).flatMap(({ nextRuns }) => nextRuns ?? []);
const at = (expression: string, timezone = "Asia/Shanghai") => ({ schedule: { expression, timezone } });

const nine = { expression: "0 9 * * *", timezone: "Asia/Shanghai" };
const atNine = {
  ...nine,
  at: Date.parse("2026-06-15T01:00:00Z"),
  runs: ["Mon 2026-06-15 09:00 (01:00 UTC)", "Tue 2026-06-16 09:00 (01:00 UTC)", "Wed 2026-06-17 09:00 (01:00 UTC)"],
};

describe("the next runs", () => {
  test("are told of a new schedule, and not again", () => {
    expect(runs({}, at("0 9 * * *"))).toEqual([atNine]);
    expect(runs(at("0 9 * * *"), at("0 9 * * *"))).toEqual([]);
  });

  test("are told beside the old ones where a schedule changes", () => {
    const before = { ...nine, runs: ["Mon 2026-06-15 09:00", "Tue 2026-06-16 09:00", "Wed 2026-06-17 09:00"] };
    expect(runs(at("0 9 * * *"), at("0 9 * * *", "UTC"))).toEqual([
      {
        expression: "0 9 * * *",
        timezone: "UTC",
        at: Date.parse("2026-06-14T09:00:00Z"),
        runs: ["Sun 2026-06-14 09:00", "Mon 2026-06-15 09:00", "Tue 2026-06-16 09:00"],
        before,
      },
    ]);
  });

  test.each([
    ["nobody can read", at("@daily")],
    ["has a zone that this system does not know", at("0 9 * * *", "Mars/Olympus")],
    ["did not run, being paused", { ...at("0 8 * * *"), paused: true }],
  ])("are told without the old ones of a schedule that %s", (_, before) => {
    expect(runs(before, { ...at("0 9 * * *"), paused: false })).toEqual([atNine]);
  });

  test("are not told while something of the schedule is not known yet", () => {
    expect(runs({}, at(unknown))).toEqual([]);
    expect(runs({}, at("0 9 * * *", unknown))).toEqual([]);
  });

  test("are not told of a deployment that is paused, which is told", () => {
    const resting = [info("no run starts while paused is true; the schedule takes effect when paused is false")];
    const paused = { ...at("0 9 * * *"), paused: true };
    expect(remarks({}, paused)).toEqual(resting);
    expect(remarks(paused, { ...at("0 8 * * *"), paused: true })).toEqual(resting);
    // A pause that is no longer managed stays.
    expect(remarks(paused, at("0 8 * * *"))).toEqual(resting);
    expect(remarks(paused, paused)).toEqual([]);
    expect(remarks({}, { ...paused, paused: unknown })).toEqual([]);
    expect(runs({}, paused)).toEqual([]);
    expect(runs(paused, { ...paused, paused: false })).toEqual([atNine]);
  });
});

test("the removal of a schedule is told before it happens, as the API may not take it", () => {
  const told = [
    warning("the schedule is removed: the API may not take that; paused: true stops the runs and keeps the schedule"),
  ];
  expect(remarks(at("0 9 * * *"), {})).toEqual(told);
  expect(remarks({}, {})).toEqual([]);
  expect(remarks(at("0 9 * * *"), { schedule: unknown })).toEqual([]);
});

test("warnings are told with the runs, also of a schedule that is paused", () => {
  const clocks =
    "the clocks of Europe/Berlin show 02:30 twice on Sun 2026-10-25 and skip 02:30 on Sun 2027-03-28: the API does not document whether a run starts then; choose another hour, or UTC";
  const paused = { ...at("30 2 * * *", "Europe/Berlin"), paused: true };
  expect(remarks({}, paused).slice(1)).toEqual([warning(clocks)]);
});

describe("runs that start before one must have ended", () => {
  const warned = (before: Given, inputs: Given) =>
    remarks(before, inputs).filter(({ severity }) => severity === "warning");
  const beside = "the next run may start beside it, or not at all";

  test.each([
    [
      "* * * * *",
      {},
      `runs start every minute, 1,440 a day, and one run may take 5 minutes (the default of casConfig.timeoutMs): ${beside}`,
    ],
    ["*/1 0-23 * * *", { timeoutMs: 60_000 }, "runs start every minute, 1,440 a day"],
    [
      "* 9 * * *",
      {},
      `runs start 1 minute apart, and one run may take 5 minutes (the default of casConfig.timeoutMs): ${beside}`,
    ],
    [
      "0,58 * * * *",
      {},
      `runs start 2 minutes apart, and one run may take 5 minutes (the default of casConfig.timeoutMs): ${beside}`,
    ],
    [
      "0,59 0,23 * * *",
      {},
      `runs start 1 minute apart, and one run may take 5 minutes (the default of casConfig.timeoutMs): ${beside}`,
    ],
    [
      "*/10 * * * *",
      { timeoutMs: 750_000 },
      `runs start 10 minutes apart, and one run may take 750 s (casConfig.timeoutMs): ${beside}`,
    ],
    [
      "0 */2 * * *",
      { timeoutMs: 7_200_001 },
      `runs start 120 minutes apart, and one run may take 7200.001 s (casConfig.timeoutMs): ${beside}`,
    ],
  ])("are warned of: %s with %j", (expression, casConfig, text) => {
    expect(warned({}, { ...at(expression), casConfig })).toEqual([warning(text)]);
  });

  test.each([
    ["*/5 * * * *", {}],
    ["* 9 * * *", { timeoutMs: 60_000 }],
    ["0,59 0,23 * * 1", { timeoutMs: 60_000 }],
    ["*/2 * * * *", { timeoutMs: unknown }],
    ["0 9 * * *", { timeoutMs: 3_600_000 }],
  ])("are not seen in %s with %j", (expression, casConfig) => {
    expect(warned({}, { ...at(expression), casConfig })).toEqual([]);
  });

  test("are told when the limit changes, and not again", () => {
    const limited = (timeoutMs: number) => ({ ...at("*/10 * * * *"), casConfig: { timeoutMs } });
    expect(warned(limited(60_000), limited(900_000))).toHaveLength(1);
    expect(warned(limited(900_000), limited(900_000))).toEqual([]);
  });
});

describe("deployments of one agent that have the same schedule", () => {
  const deployment = (name: string, expression: string, more: Given = {}) => ({
    name,
    agent: "agent_a",
    ...at(expression),
    ...more,
  });
  /** What is told at the end of a command with these, each with what it was before. */
  function together(...declared: (readonly [before: Given, inputs: Given])[]): string[] {
    const told = declared.flatMap(([before, inputs], index) =>
      scheduleRemarks(change(before, inputs), now)
        .filter(({ kind }) => kind === "same-minute")
        .map((remark) => ({
          remark,
          kind: "QoderDeployment",
          name: String(inputs["name"]),
          label: `${index}`,
          urn: "urn",
        })),
    );
    return toldTogether(told).map(({ text }) => text);
  }
  const daily = deployment("daily", "0 9 * * *");
  const other = deployment("other", "0 9 * * *");
  const told = (names: string) =>
    `QoderDeployment ${names}: start in the same minute with the same agent, next at Mon 2026-06-15 09:00 (01:00 UTC) (Asia/Shanghai); spread(name, { every: "day" }) gives each a minute of its own [same-minute]`;

  test("are told with the next time, once for all that share it", () => {
    expect(together([{}, daily])).toEqual([]);
    expect(together([{}, other], [{}, daily])).toEqual([told('"daily", "other"')]);
    const many = ["a", "b", "c", "d"].map((name) => deployment(name, "0 9 * * *"));
    const unchanged = many.map((one) => [one, one] as const);
    expect(together(...unchanged, [{}, other], [{}, daily])).toEqual([told('"a", "b", "c", "d", "daily" and 1 more')]);
    const others = ["e", "f"].map((name) => [{}, deployment(name, "0 10 * * *")] as const);
    expect(together([{}, other], [{}, daily], ...others)).toHaveLength(2);
  });

  test("are told where one of them changes", () => {
    expect(together([other, other], [daily, daily])).toEqual([]);
    const both = [told('"daily", "other"')];
    expect(together([deployment("other", "0 8 * * *"), other], [daily, daily])).toEqual(both);
    expect(together([other, other], [{ ...daily, agent: "agent_b" }, daily])).toEqual(both);
    expect(
      together(
        [other, other],
        [
          { ...daily, paused: true },
          { ...daily, paused: false },
        ],
      ),
    ).toEqual(both);
  });

  test.each<[string, Given, boolean]>([
    ["the agent with a version", { agent: { id: "agent_a", version: 2 } }, true],
    ["the agent with a version that is not known yet", { agent: { id: "agent_a", version: unknown } }, true],
    ["another agent", { agent: "agent_b" }, false],
    ["an agent that is not known yet", { agent: unknown }, false],
    ["another expression that names the same minute", at("0 9 * * 1"), false],
    ["another time zone where it is the same minute", at("0 3 * * *", "Europe/Berlin"), false],
    ["no schedule", { schedule: undefined }, false],
    ["a schedule that is not known yet", { schedule: unknown }, false],
    ["a pause", { paused: true }, false],
    ["a pause that is not known yet", { paused: unknown }, false],
  ])("are those of one agent that run: one with %s", (_, more, isTold) => {
    expect(together([{}, { ...other, ...more }], [{}, daily])).toHaveLength(isTold ? 1 : 0);
    expect(together([{}, daily], [{}, { ...other, ...more }])).toHaveLength(isTold ? 1 : 0);
  });
});

test("arguments with mistakes are not remarked on", () => {
  expect(check({}, { ...required, ...at("0 9 * * *") }).remarks.map(({ kind }) => kind)).toEqual([
    "next-runs",
    "same-minute",
  ]);
  expect(check({}, { ...required, ...at("0 9 * * *"), agent: "x" }).remarks).toEqual([]);
});
