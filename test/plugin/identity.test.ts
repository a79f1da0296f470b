import { PluginWorld } from "../support/plugin-world";
import type { SimulatedStack } from "../support/simulated-stack";

let world: PluginWorld;
beforeAll(async () => {
  world = await PluginWorld.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

const schedule = { expression: "0 9 * * *", timezone: "UTC" };

test("a resource is not warned of itself, however often it is compared", async () => {
  const stack = world.stack();
  await stack.up(world.args());
  await stack.refresh();
  await stack.preview(world.args());
  await stack.up(world.args({ description: "new" }));
  await stack.preview(world.args({ schedule }));
  await world.provider.prints("runs next at");
  expect(world.provider.output.filter((line) => line.includes("manages"))).toEqual([]);
});

describe("after an update that was done in part, the resource is still the one that manages the deployment", () => {
  const steps: readonly [string, (stack: SimulatedStack) => Promise<unknown>][] = [
    ["at once", async () => undefined],
    ["after a refresh", (stack) => stack.refresh()],
    ["after two refreshes", (stack) => stack.refresh().then(() => stack.refresh())],
  ];
  test.each(steps)("%s: destroy archives it", async (_, step) => {
    const stack = world.stack();
    await stack.up(world.args());
    world.api.fault({ kind: "status", status: 403, path: /\/pause$/ });
    await expect(stack.up(world.args({ description: "new", paused: true }))).rejects.toThrow("was done in part");
    await step(stack);
    await stack.destroy();
    expect(world.api.deployments.live()).toEqual([]);
  });
});
