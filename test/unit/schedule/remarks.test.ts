import { info, type Remark, warning } from "../../../provider/api/remark";
import { deploymentKind } from "../../../provider/deployment/kind";
import { scheduleRemarks } from "../../../provider/deployment/schedule-remarks";
import { argumentsIn } from "../../../provider/resource/compare/arguments";
import { reportedTogether } from "../../../provider/resource/engine/reported-together";
import type { NextRuns } from "../../../provider/resource/kind/diagnostics";
import { check } from "../../support/deployment";
import { required } from "../declared";

// The moment of the update in the example of "Update a deployment", a Sunday.
const now = new Date("2026-06-14T08:54:05Z");
/** One of the texts that the engine sends for an unknown value. */
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

type Given = Readonly<Record<string, unknown>>;

/** The arguments in the state, and the arguments in the program. */
function change(before: Given, inputs: Given, replaced: readonly string[] = []) {
  return {
    before: argumentsIn(deploymentKind, before),
    after: argumentsIn(deploymentKind, inputs),
    inputs,
    replaces: (argument: string) => replaced.includes(argument),
  };
}

/** The remarks without the next runs, which a table shows. */
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

describe("a remark", () => {
  test("shows the next runs of a new schedule, and none of an unchanged schedule", () => {
    expect(runs({}, at("0 9 * * *"))).toEqual([atNine]);
    expect(runs({}, at(unknown))).toEqual([]);
    expect(runs({}, at("0 9 * * *", unknown))).toEqual([]);
    expect(runs(at("0 9 * * *"), at("0 9 * * *"))).toEqual([]);
  });

  test("shows the next runs beside the old runs if a schedule changes", () => {
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
    ["is invalid", at("@daily")],
    ["has a zone that this system does not know", at("0 9 * * *", "Mars/Olympus")],
    ["was paused", { ...at("0 8 * * *"), paused: true }],
  ])("shows the next runs without old runs if the old schedule %s", (_, before) => {
    expect(runs(before, { ...at("0 9 * * *"), paused: false })).toEqual([atNine]);
  });

  test("says that a paused deployment does not run, and shows its next runs when the pause ends", () => {
    const resting = [info("no run starts while paused is true; the schedule takes effect when paused is false")];
    const paused = { ...at("0 9 * * *"), paused: true };
    expect(remarks({}, paused)).toEqual(resting);
    expect(remarks(paused, { ...at("0 8 * * *"), paused: true })).toEqual(resting);
    // A deployment stays paused after the program drops `paused`.
    expect(remarks(paused, at("0 8 * * *"))).toEqual(resting);
    expect(remarks(paused, paused)).toEqual([]);
    expect(remarks({}, { ...paused, paused: unknown })).toEqual([]);
    expect(runs({}, paused)).toEqual([]);
    expect(runs(paused, { ...paused, paused: false })).toEqual([atNine]);
  });
});

test("a warning says in the preview that the API may refuse the removal of a schedule", () => {
  const told =
    "the update removes the schedule, which the API may refuse. `paused: true` stops the runs and keeps the schedule";
  expect(remarks(at("0 9 * * *"), {})).toEqual([warning(told)]);
  expect(remarks({}, {})).toEqual([]);
  expect(remarks(at("0 9 * * *"), { schedule: unknown })).toEqual([]);
});

test("a paused schedule causes the warning about clock changes, too", () => {
  const clocks =
    "the clocks of Europe/Berlin show 02:00 to 02:59 twice on Sun 2026-10-25 and skip 02:00 to 02:59 on Sun 2027-03-28: the API does not document whether a run starts then; choose another hour, or UTC";
  const paused = { ...at("30 2 * * *", "Europe/Berlin"), paused: true };
  expect(remarks({}, paused).slice(1)).toEqual([warning(clocks)]);
});

describe("a schedule and the time limit of its runs", () => {
  const warned = (before: Given, inputs: Given) =>
    remarks(before, inputs).filter(({ severity }) => severity === "warning");
  const beside =
    "the next run may start beside it, or not at all. Set a longer interval or a shorter casConfig.timeoutMs";

  const minutes5 = "5 minutes (the default of casConfig.timeoutMs)";
  test.each([
    ["* * * * *", {}, "every minute, 1,440 a day", minutes5],
    ["*/1 0-23 * * *", { timeoutMs: 60_000 }, "every minute, 1,440 a day", ""],
    ["0,58 * * * *", {}, "2 minutes apart", minutes5],
    ["0,59 0,23 * * *", {}, "1 minute apart", minutes5],
    ["*/10 * * * *", { timeoutMs: 750_000 }, "10 minutes apart", "750 s (casConfig.timeoutMs)"],
    ["0 */2 * * *", { timeoutMs: 7_200_001 }, "120 minutes apart", "7200.001 s (casConfig.timeoutMs)"],
  ])("cause a warning if runs may overlap: %s with %j", (expression, casConfig, starts, takes) => {
    const overlap = takes === "" ? "" : `, and one run may take ${takes}: ${beside}`;
    expect(warned({}, { ...at(expression), casConfig })).toEqual([warning(`runs start ${starts}${overlap}`)]);
  });

  test.each([
    ["*/5 * * * *", {}],
    ["* 9 * * *", { timeoutMs: 60_000 }],
    ["0,59 0,23 * * 1", { timeoutMs: 60_000 }],
    ["*/2 * * * *", { timeoutMs: unknown }],
    ["0 9 * * *", { timeoutMs: 3_600_000 }],
  ])("cause no warning: %s with %j", (expression, casConfig) => {
    expect(warned({}, { ...at(expression), casConfig })).toEqual([]);
  });

  test("cause a warning when the time limit changes, and none in the next preview", () => {
    const limited = (timeoutMs: number) => ({ ...at("*/10 * * * *"), casConfig: { timeoutMs } });
    expect(warned(limited(60_000), limited(900_000))).toHaveLength(1);
    expect(warned(limited(900_000), limited(900_000))).toEqual([]);
  });
});

describe("deployments of one agent that have the same schedule", () => {
  const deployment = (name: string, expression: string) => ({ name, agent: "agent_a", ...at(expression) });
  /** The remarks at the end of a command with these deployments. */
  function together(...declared: (readonly [before: Given, inputs: Given])[]): string[] {
    const told = declared.flatMap(([before, inputs], index) =>
      scheduleRemarks(change(before, inputs), now)
        .filter(({ kind }) => kind === "same-minute")
        .map((remark) => {
          const name = String(inputs["name"]);
          return { remark, kind: "QoderDeployment", name, label: `${index}`, urn: "urn" };
        }),
    );
    return reportedTogether(told).map(({ text }) => text);
  }
  const daily = deployment("daily", "0 9 * * *");
  const other = deployment("other", "0 9 * * *");
  const told = (names: string) =>
    `QoderDeployment ${names}: start in the same minute with the same agent, next at Mon 2026-06-15 09:00 (01:00 UTC) (Asia/Shanghai); give each its own minute, which spread() does in TypeScript [same-minute]`;

  test("share one remark, which gives the time of the next run", () => {
    expect(together([{}, daily])).toEqual([]);
    expect(together([{}, other], [{}, daily])).toEqual([told('"daily", "other"')]);
    const many = ["a", "b", "c", "d"].map((name) => deployment(name, "0 9 * * *"));
    const unchanged = many.map((one) => [one, one] as const);
    expect(together(...unchanged, [{}, other], [{}, daily])).toEqual([told('"a", "b", "c", "d", "daily" and 1 more')]);
    const others = ["e", "f"].map((name) => [{}, deployment(name, "0 10 * * *")] as const);
    expect(together([{}, other], [{}, daily], ...others)).toHaveLength(2);
  });

  test("get a remark if one of them changes its schedule, its agent or its pause", () => {
    expect(together([other, other], [daily, daily])).toEqual([]);
    const both = [told('"daily", "other"')];
    expect(together([deployment("other", "0 8 * * *"), other], [daily, daily])).toEqual(both);
    expect(together([other, other], [{ ...daily, agent: "agent_b" }, daily])).toEqual(both);
    const [resting, started] = [true, false].map((paused) => ({ ...daily, paused }));
    expect(together([other, other], [resting ?? {}, started ?? {}])).toEqual(both);
  });

  test.each<[string, Given, boolean]>([
    ["the agent with a version", { agent: { id: "agent_a", version: 2 } }, true],
    ["the agent with an unknown version", { agent: { id: "agent_a", version: unknown } }, true],
    ["another agent", { agent: "agent_b" }, false],
    ["an unknown agent", { agent: unknown }, false],
    ["another expression that names the same minute", at("0 9 * * 1"), false],
    ["another time zone that gives the same minute", at("0 3 * * *", "Europe/Berlin"), false],
    ["no schedule", { schedule: undefined }, false],
    ["an unknown schedule", { schedule: unknown }, false],
    ["a pause", { paused: true }, false],
    ["an unknown pause", { paused: unknown }, false],
  ])("get a remark exactly if they run together: one has %s", (_, more, isTold) => {
    expect(together([{}, { ...other, ...more }], [{}, daily])).toHaveLength(isTold ? 1 : 0);
    expect(together([{}, daily], [{}, { ...other, ...more }])).toHaveLength(isTold ? 1 : 0);
  });
});

test("the check gives no remarks on arguments with mistakes", () => {
  expect(check({}, { ...required, ...at("0 9 * * *") }).remarks.map(({ kind }) => kind)).toEqual([
    "next-runs",
    "same-minute",
  ]);
  expect(check({}, { ...required, ...at("0 9 * * *"), agent: "x" }).remarks).toEqual([]);
});
