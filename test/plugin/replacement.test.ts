import { argumentNames } from "../../provider/resource/kind/kind";
import { kinds, managedKinds } from "../kinds";
import type { KindRow } from "../kinds/kind-row";
import { replacing } from "../kinds/replacing";
import { skill, skillOf } from "../kinds/skill";
import { reviewFiles } from "../support/skill-folder";
import { doors, type KindWorld, type Properties, useDoor, World } from "../support/world";

const schedule = { expression: "0 9 * * *", timezone: "UTC" };
const removal = "the update removes the schedule, which the API may refuse";

describe("a preview warns of the archive of the replaced object", () => {
  const world = World.ofTests();

  const archived = (id: string) => `${id} is permanently archived, and another deployment takes its place`;

  async function told(before: object, after: object, options: object): Promise<string[]> {
    const stack = world.stack();
    await stack.up(world.args({ ...before }));
    world.output.length = 0;
    await stack.preview(world.args({ ...after, __command: { isPreview: true, ...options } }));
    return world.output.filter((text) => text.includes("takes its place") || text.includes(removal));
  }

  test.each([["schedule"], ["schedule.timezone"], ["*"], ['["schedule"]']])(
    "if replaceOnChanges has %s, and does not warn that the API may refuse the removal",
    async (path) => {
      const output = await told({ schedule }, {}, { replaceOnChanges: [path] });
      expect(output).toEqual([
        `warning: QoderDeployment "daily" (${world.live.id}): is replaced: ${archived(world.live.id)} [replacement]`,
      ]);
    },
  );

  test("if a member in replaceOnChanges changes, and not if another member changes", async () => {
    const after = { schedule: { ...schedule, timezone: "Asia/Shanghai" } };
    expect(await told({ schedule }, after, { replaceOnChanges: ["schedule.timezone"] })).toHaveLength(1);
    world.reset();
    expect(await told({ schedule }, after, { replaceOnChanges: ["schedule.expression", "budget"] })).toEqual([]);
  });

  test.each([
    ['metadata["cost.team"]', 1],
    ['metadata["cost.\\"team\\""]', 0],
    ["metadata.cost.team", 0],
    ['metadata["cost"]', 0],
  ])("of a label with a dot in its name by the path %s %d times", async (path, times) => {
    const [before, after] = ["one", "two"].map((label) => ({ metadata: { "cost.team": label, cost: "same" } }));
    expect(await told(before ?? {}, after ?? {}, { replaceOnChanges: [path] })).toHaveLength(times);
  });

  test("also if the update before was done in part, after which the engine itself sees no difference", async () => {
    const stack = world.stack();
    await stack.up(world.args({ description: "a" }));
    await world.unanswered(stack, world.args({ description: "b" }));
    const { state } = stack;
    stack.state = state && { ...state, inputs: { ...state.inputs, description: "b" } };
    const command = { isPreview: true, replaceOnChanges: ["description"] };
    expect(await stack.preview(world.args({ description: "b", __command: command }))).toBe("replace");
    expect(world.output.join("\n")).toContain(archived(world.live.id));
  });

  test("only for a replacement: for an update it warns that the API may refuse the removal", async () => {
    expect(await told({ schedule }, {}, {})).toEqual([expect.stringContaining(removal)]);
  });

  test("only if an argument changes and retainOnDelete is not set", async () => {
    expect(await told({ schedule }, { schedule }, { replaceOnChanges: ["*"] })).toEqual([]);
    world.reset();
    expect(await told({ schedule }, {}, { replaceOnChanges: ["*"], retainOnDelete: true })).toEqual([]);
  });
});

describe.each(managedKinds)("a $label that any change replaces", (kind) => {
  const world = World.ofTests(kind);

  test("is permanently archived, and its preview says so", async () => {
    const [before, after] = kind.steps;
    const { stack, id } = await world.declared(kind, before ?? {});
    await stack.preview(world.args({ ...after, __command: { isPreview: true, replaceOnChanges: ["*"] } }));
    expect(world.output.join("\n")).toContain(
      `is replaced: ${id} is permanently archived, and another ${kind.noun} takes its place`,
    );
  });

  const deletable = argumentNames(kind.kind).includes("deleteOnDestroy") ? test : undefined;
  deletable?.("is deleted if deleteOnDestroy is true, and its preview says so", async () => {
    const [before, after] = kind.steps;
    const { stack, id } = await world.declared(kind, { ...before, deleteOnDestroy: true });
    const command = { isPreview: true, replaceOnChanges: ["*"] };
    await stack.preview(world.args({ ...after, deleteOnDestroy: true, __command: command }));
    expect(world.output.join("\n")).toContain(`is replaced: ${id} is permanently deleted, and another`);
  });
});

describe("a skill", () => {
  const world = World.ofTests(skill);

  test.each([
    ["displayTitle", "Daily report"],
    ["metadata", { team: "docs" }],
  ])("with a changed %s is replaced, and the preview says how to keep the old one", async (argument, value) => {
    const { stack } = await world.existing(skill, skillOf(reviewFiles));
    expect(await stack.preview({ ...skillOf(reviewFiles), [argument]: value })).toBe("replace");
    expect(world.output).toEqual([
      expect.stringContaining(
        `${argument}: the API cannot change it, so another skill is created, its users are moved to the new one, and this one is permanently deleted; ignoreChanges: ["${argument}"] keeps it`,
      ),
    ]);
    expect(world.sent()).toEqual([]);
  });
});

test("each argument that replaces an object is in the table, or has tests of its own", () => {
  for (const { kind, replacing: rows = {}, ownTests = [] } of kinds) {
    const replaced = argumentNames(kind).filter((name) => kind.fields[name]?.replaces && !ownTests.includes(name));
    expect(Object.keys(rows).toSorted()).toEqual(replaced.toSorted());
  }
  const partly = kinds
    .filter(({ kind }) => Object.values(kind.fields).some(({ fixed }) => fixed !== undefined))
    .map(({ label }) => label);
  const listed = replacing.filter(({ place }) => place.includes(".")).map(({ kind }) => kind.label);
  expect([...new Set(listed)].toSorted()).toEqual(partly.toSorted());
});

describe.each(doors)("through the door %s", (door) => {
  beforeEach(() => useDoor(door));

  async function warnings(kind: KindRow, before: Properties, after: Properties): Promise<string[]> {
    const world: KindWorld = await World.start(kind);
    try {
      const stack = world.stack();
      await stack.up(world.args(before));
      world.output.length = 0;
      world.sent();
      expect(await stack.preview(world.args({ ...after, __command: { isPreview: true } }))).toBe("replace");
      expect(world.sent()).toEqual([]);
      return world.output.filter((line) => line.includes("[replacement]"));
    } finally {
      await world.stop();
    }
  }
  const ended = ({ isStarted, end: [method] }: KindRow) =>
    isStarted ? [] : [expect.stringMatching(method === "DELETE" ? /deleted/ : /archived/)];

  test.each(replacing.map((row) => ({ ...row, label: row.kind.label })))(
    "a preview says what a change of $place of a $label ends",
    async ({ kind, place, before, after }) => {
      const told = await warnings(kind, before, after);
      expect(told).toEqual(ended(kind));
      expect(told.join("\n")).toContain(kind.isStarted ? "" : place);
    },
  );

  test.each(replacing.filter(({ place }) => !place.includes(".")).map((row) => ({ ...row, label: row.kind.label })))(
    "a preview says what an unknown $place of a $label may end",
    async ({ kind, place, before }) => {
      const unknown = { [place]: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" };
      expect(await warnings(kind, before, unknown)).toEqual(ended(kind));
    },
  );
});
