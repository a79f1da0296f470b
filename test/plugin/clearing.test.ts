import type { JsonObject } from "../qoder-api/wire";
import { PluginWorld } from "../support/plugin-world";

let world: PluginWorld;
beforeAll(async () => {
  world = await PluginWorld.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

test("a schedule is cleared only when a reply shows it", async () => {
  world.api.switches.scheduleNull = "ignore";
  const stack = world.stack();
  await stack.up(world.args({ schedule: { expression: "0 9 * * *", timezone: "UTC" } }));
  world.api.fault({ kind: "replace-body", method: "POST", transform: ({ schedule: _, ...rest }) => rest });
  await expect(stack.up(world.args())).rejects.toThrow("kept the value");
  expect(stack.state?.outputs["schedule"]).toEqual({ expression: "0 9 * * *", timezone: "UTC" });
});

describe("a reply that does not tell of the schedule", () => {
  beforeEach(() => {
    world.api.switches.scheduleNull = "accept";
  });
  const untold = { kind: "replace-body", transform: ({ schedule: _, ...rest }: JsonObject) => rest } as const;

  test("is looked up", async () => {
    const stack = world.stack();
    await stack.up(world.args({ schedule: { expression: "0 9 * * *", timezone: "UTC" } }));
    world.sent();
    world.api.fault({ ...untold, method: "POST" });
    await stack.up(world.args());
    expect(world.sent()).toEqual([
      ["POST", `/deployments/${world.live.id}`, { schedule: null }],
      ["GET", `/deployments/${world.live.id}`],
    ]);
    expect(stack.state?.outputs["schedule"]).toBeNull();
  });

  test("is not taken for one that shows it, when the look shows nothing either", async () => {
    const stack = world.stack();
    await stack.up(world.args({ schedule: { expression: "0 9 * * *", timezone: "UTC" } }));
    world.api.fault({ ...untold, times: 2 });
    await expect(stack.up(world.args())).rejects.toThrow(
      "the API took schedule: null but does not show whether the value is gone. To remove it, replace the deployment",
    );
    expect(await stack.preview(world.args())).toBe("update");
  });
});

describe("what the API does not clear", () => {
  const schedule = { expression: "0 9 * * *", timezone: "UTC" };

  test.each(["reject", "ignore"] as const)(
    "a schedule that the API does not remove (%s) is an error that names the way out",
    async (answer) => {
      world.api.switches.scheduleNull = answer;
      const stack = world.stack();
      await stack.up(world.args({ schedule }));
      await expect(stack.up(world.args())).rejects.toThrow('replaceOnChanges: ["schedule"]');
      expect(stack.state?.outputs["schedule"]).toEqual(schedule);
      expect(await stack.preview(world.args())).toBe("update");
    },
  );

  test("a budget that the API keeps is an error", async () => {
    world.api.switches.budget = "ignore-null";
    const stack = world.stack();
    await stack.up(world.args({ budget: { maxCreditCost: "1" } }));
    await expect(stack.up(world.args())).rejects.toThrow("the API took budget: null but kept the value");
  });
});
