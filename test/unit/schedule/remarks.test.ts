import { info, type Remark, warning } from "../../../provider/api/remark";
import { deploymentKind } from "../../../provider/deployment/kind";
import { AgentNeighbours, scheduleRemarks } from "../../../provider/deployment/schedule-remarks";
import { argumentsIn } from "../../../provider/resource/arguments";
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

/** Without their short forms. */
const remarks = (before: Given, inputs: Given): Remark[] =>
  scheduleRemarks(change(before, inputs), now).map(({ severity, text }) => ({ severity, text }));
const at = (expression: string, timezone = "Asia/Shanghai") => ({ schedule: { expression, timezone } });

const atNine =
  "Mon 2026-06-15 09:00 (01:00 UTC), Tue 2026-06-16 09:00 (01:00 UTC), Wed 2026-06-17 09:00 (01:00 UTC) (Asia/Shanghai)";
const atNineUtc = "Sun 2026-06-14 09:00, Mon 2026-06-15 09:00, Tue 2026-06-16 09:00 (UTC)";

describe("the next runs", () => {
  test("are told of a new schedule, and not again", () => {
    expect(remarks({}, at("0 9 * * *"))).toEqual([info(`runs next at ${atNine}`)]);
    expect(remarks(at("0 9 * * *"), at("0 9 * * *"))).toEqual([]);
  });

  test("are told shortly where many are told", () => {
    const [remark] = scheduleRemarks(change({}, at("0 9 * * *")), now);
    expect(remark?.short).toBe("next Mon 2026-06-15 09:00 (01:00 UTC)   0 9 * * *   Asia/Shanghai");
  });

  test("are told beside the old ones where a schedule changes", () => {
    const told = [info(`runs next at ${atNineUtc}, instead of ${atNine}`)];
    expect(remarks(at("0 9 * * *"), at("0 9 * * *", "UTC"))).toEqual(told);
    const earlier = atNine.replaceAll("09:00", "08:00").replaceAll("01:00", "00:00");
    expect(remarks(at("0 9 * * *"), at("0 8 * * *"))).toEqual([
      info(`runs next at ${earlier}, instead of ${atNine.replace(" (Asia/Shanghai)", "")}`),
    ]);
  });

  test.each([
    ["nobody can read", at("@daily")],
    ["has a zone that this system does not know", at("0 9 * * *", "Mars/Olympus")],
    ["did not run, being paused", { ...at("0 8 * * *"), paused: true }],
  ])("are told without the old ones of a schedule that %s", (_, before) => {
    expect(remarks(before, { ...at("0 9 * * *"), paused: false })).toEqual([info(`runs next at ${atNine}`)]);
  });

  test("are not told while something of the schedule is not known yet", () => {
    expect(remarks({}, at(unknown))).toEqual([]);
    expect(remarks({}, at("0 9 * * *", unknown))).toEqual([]);
  });

  test("are not told of a deployment that is paused, which is told", () => {
    const resting = [info("does not run while it is paused: the schedule takes effect when paused is false")];
    const paused = { ...at("0 9 * * *"), paused: true };
    expect(remarks({}, paused)).toEqual(resting);
    expect(remarks(paused, { ...at("0 8 * * *"), paused: true })).toEqual(resting);
    // A pause that is no longer managed stays.
    expect(remarks(paused, at("0 8 * * *"))).toEqual(resting);
    expect(remarks(paused, paused)).toEqual([]);
    expect(remarks({}, { ...paused, paused: unknown })).toEqual([]);
    expect(remarks(paused, { ...paused, paused: false })).toEqual([info(`runs next at ${atNine}`)]);
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
    "the clocks of Europe/Berlin show 02:30 twice on Sun 2026-10-25 and skip 02:30 on Sun 2027-03-28: whether it runs then, the API does not document; choose another hour, or UTC";
  const paused = { ...at("30 2 * * *", "Europe/Berlin"), paused: true };
  expect(remarks({}, paused).slice(1)).toEqual([warning(clocks)]);
});

describe("runs that start before one must have ended", () => {
  const warned = (before: Given, inputs: Given) =>
    remarks(before, inputs).filter(({ severity }) => severity === "warning");
  const beside = "the next may start beside it, or not at all";

  test.each([
    [
      "* * * * *",
      {},
      `runs start every minute, 1,440 a day, and one may take 5 minutes (the default of casConfig.timeoutMs): ${beside}`,
    ],
    ["*/1 0-23 * * *", { timeoutMs: 60_000 }, "runs start every minute, 1,440 a day"],
    [
      "* 9 * * *",
      {},
      `runs start 1 minute apart, and one may take 5 minutes (the default of casConfig.timeoutMs): ${beside}`,
    ],
    [
      "0,58 * * * *",
      {},
      `runs start 2 minutes apart, and one may take 5 minutes (the default of casConfig.timeoutMs): ${beside}`,
    ],
    [
      "0,59 0,23 * * *",
      {},
      `runs start 1 minute apart, and one may take 5 minutes (the default of casConfig.timeoutMs): ${beside}`,
    ],
    [
      "*/10 * * * *",
      { timeoutMs: 750_000 },
      `runs start 10 minutes apart, and one may take 750 s (casConfig.timeoutMs): ${beside}`,
    ],
    [
      "0 */2 * * *",
      { timeoutMs: 7_200_001 },
      `runs start 120 minutes apart, and one may take 7200.001 s (casConfig.timeoutMs): ${beside}`,
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
  /** What is told of the last of these, which are checked in their order. */
  function together(...changes: ReturnType<typeof change>[]): string[] {
    const neighbours = new AgentNeighbours();
    const told = changes.map((one, index) => neighbours.remarks(`urn:${index}`, one, now));
    return (told.at(-1) ?? []).map(({ text }) => text);
  }
  const daily = deployment("daily", "0 9 * * *");
  const other = deployment("other", "0 9 * * *");
  const told = (name: string) =>
    `fires in the same minute as ${name} of the same agent, next at Mon 2026-06-15 09:00 (01:00 UTC) (Asia/Shanghai); spread(name, { every: "day" }) gives each a minute of its own`;

  test("are told with the next time", () => {
    expect(together(change({}, other), change({}, daily))).toEqual([told('"other"')]);
    const more = ["a", "b", "c"].map((name) => deployment(name, "0 9 * * *"));
    const unchanged = [other, ...more].map((one) => change(one, one));
    expect(together(...unchanged, change({}, daily))).toEqual([told('"other" and 3 more')]);
    expect(together(change({}, { ...other, name: unknown }), change({}, daily))).toEqual([told("another deployment")]);
  });

  test("are told once for all that share it", () => {
    const neighbours = new AgentNeighbours();
    const many = ["a", "b", "c", "d"].map((name) => change({}, deployment(name, "0 9 * * *")));
    const others = ["e", "f"].map((name) => change({}, deployment(name, "0 10 * * *")));
    const counts = [...many, ...others].map((one, index) => neighbours.remarks(`urn:${index}`, one, now).length);
    expect(counts).toEqual([0, 1, 0, 0, 0, 1]);
  });

  test("are told where one of the two changes", () => {
    const [unchanged, before] = [change(daily, daily), change(other, other)];
    expect(together(before, unchanged)).toEqual([]);
    expect(together(change(deployment("other", "0 8 * * *"), other), unchanged)).toEqual([told('"other"')]);
    expect(together(before, change({ ...daily, agent: "agent_b" }, daily))).toEqual([told('"other"')]);
    expect(together(before, change({ ...daily, paused: true }, { ...daily, paused: false }))).toEqual([
      told('"other"'),
    ]);
  });

  test("are told once, though the engine asks again where it replaces one", () => {
    const neighbours = new AgentNeighbours();
    const told = ["urn:a", "urn:a", "urn:b", "urn:b"].map((origin) =>
      neighbours.remarks(origin, change({}, daily), now),
    );
    expect(told.map(({ length }) => length)).toEqual([0, 0, 1, 0]);
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
    const one = change({}, { ...other, ...more });
    expect(together(one, change({}, daily))).toHaveLength(isTold ? 1 : 0);
    expect(together(change({}, daily), one)).toHaveLength(isTold ? 1 : 0);
  });
});

test("arguments with mistakes are not remarked on", () => {
  expect(check({}, { ...required, ...at("0 9 * * *") }).remarks).toHaveLength(1);
  expect(check({}, { ...required, ...at("0 9 * * *"), agent: "x" }).remarks).toEqual([]);
});
