import { argumentTable } from "../kinds/deployment";
import type { JsonObject } from "../qoder-api/wire";
import { type Properties, World } from "../support/world";

const world = World.ofTests();

const schedule = argumentTable.schedule.value;
const budget = argumentTable.budget.value;

test("a reply that lacks a removed schedule shows that the schedule is gone, without a further request", async () => {
  world.api.switches.scheduleNull = "accept";
  const stack = world.stack();
  await stack.up(world.args({ schedule }));
  world.sent();
  world.api.fault({ kind: "replace-body", method: "POST", transform: ({ schedule: _, ...rest }: JsonObject) => rest });
  await stack.up(world.args());
  expect(world.sent()).toEqual([["POST", `/deployments/${world.live.id}`, argumentTable.schedule.removed]]);
  expect(stack.state?.outputs["schedule"]).toBeNull();
  expect(await stack.refresh()).toBe("same");
});

describe("an argument that the API does not clear", () => {
  test.each(["reject", "ignore"] as const)(
    "a schedule that the API does not remove (%s) makes `up` fail and name replaceOnChanges and paused",
    async (answer) => {
      world.api.switches.scheduleNull = answer;
      const stack = world.stack();
      await stack.up(world.args({ schedule }));
      const up = stack.up(world.args());
      await expect(up).rejects.toThrow(
        'replaceOnChanges: ["schedule"] for one `pulumi up`, which permanently archives this deployment',
      );
      await expect(up).rejects.toThrow(". Or keep this deployment with its schedule, and set paused: true");
      expect(stack.state?.outputs["schedule"]).toEqual(schedule);
      expect(await stack.preview(world.args())).toBe("update");
    },
  );

  test("a budget that the API keeps makes `up` fail", async () => {
    world.api.switches.budget = "ignore-null";
    const stack = world.stack();
    await stack.up(world.args({ budget }));
    const up = stack.up(world.args());
    await expect(up).rejects.toThrow("the API accepted budget: null but still shows the value");
    await expect(up).rejects.not.toThrow(/paused|the change of/);
  });
});

test("a pause after an argument that the API does not clear is not recorded, and the next `up` sends both", async () => {
  world.api.switches.budget = "ignore-null";
  const stack = world.stack();
  await stack.up(world.args({ budget, paused: false }));
  await expect(stack.up(world.args({ paused: true }))).rejects.toThrow("but still shows the value");
  expect(stack.state?.outputs).toMatchObject({ budget, paused: false });
  world.sent();
  await stack.up(world.args({ budget, paused: true }));
  const path = `/deployments/${world.live.id}`;
  expect(world.sent()).toEqual([
    ["POST", path, { budget: expect.anything() }],
    ["POST", `${path}/pause`],
  ]);
});

describe("the error after a refused removal", () => {
  async function refused(before: Properties, after: Properties, error: object): Promise<string> {
    const stack = world.stack();
    await stack.up(world.args(before));
    const body = { type: "error", error: { type: "invalid_request_error", ...error } };
    world.api.fault({ kind: "status", method: "POST", status: 400, body });
    return stack.up(world.args(after)).then(() => "", String);
  }

  const [one, two, other] = [{ schedule }, { schedule, budget }, { description: "x" }];
  const [no, named] = [{ message: "no" }, { message: "schedule may not be null" }];
  test.each<[string, Properties, Properties, object, string]>([
    ["is the only change and the refusal has no param", one, {}, no, '"schedule"'],
    ["is one of two changes and the refusal has its param", one, other, { ...no, param: "schedule" }, '"schedule"'],
    ["is one of two changes and the refusal has its name", one, other, named, '"schedule"'],
    ["is one of two removals and the refusal has its param", two, {}, { ...no, param: "budget" }, '"budget"'],
    ["is one of two removals and the refusal has no param", two, {}, no, '"schedule", "budget"'],
  ])("advises a replacement if the removal %s", async (_, before, after, error, names) => {
    expect(await refused(before, after, error)).toContain(`replaceOnChanges: [${names}]`);
  });

  // A replacement archives the deployment first, and its create would be refused as well.
  test.each([
    ["without a param", { message: "Vault vault_a is archived" }],
    ["with a param", { message: "it is archived", param: "vault_ids" }],
  ])("advises no replacement if another change of the update is refused, %s", async (_, error) => {
    const message = await refused({ schedule }, { vaultIds: ["vault_a"] }, error);
    expect(message).toContain("Nothing was changed. Correct the argument");
    expect(message).not.toContain("replaceOnChanges");
  });
});
