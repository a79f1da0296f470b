import { type SimulatedStack, World } from "../support/world";

const world = World.ofTests();

/** The printed warnings about two resources that manage one deployment. */
const warnings = () => world.output.filter((line) => line.includes("manages"));

test("a resource that is compared several times causes no warning about itself", async () => {
  const stack = world.stack(world.command());
  await stack.up(world.args());
  await stack.refresh();
  await stack.preview(world.args());
  await stack.up(world.args({ description: "new" }));
  expect(warnings()).toEqual([]);
});

describe("after an update that failed in part, a destroy archives the deployment", () => {
  const steps: readonly [string, (stack: SimulatedStack) => Promise<unknown>][] = [
    ["at once", async () => undefined],
    ["after a refresh", (stack) => stack.refresh()],
    ["after two refreshes", (stack) => stack.refresh().then(() => stack.refresh())],
  ];
  test.each(steps)("%s, without a warning", async (_, step) => {
    const stack = world.stack(world.command());
    await stack.up(world.args());
    world.api.fault({ kind: "status", status: 403, path: /\/pause$/ });
    await expect(stack.up(world.args({ description: "new", paused: true }))).rejects.toThrow("was done in part");
    await step(stack);
    expect(warnings()).toEqual([]);
    await stack.destroy();
    expect(world.api.deployments.live()).toEqual([]);
  });
});

describe("after an update that failed in part and a refresh", () => {
  const asItWas = () => world.args({ name: "daily", description: "old" });
  const asWanted = () => world.args({ name: "daily", description: "new", paused: true });
  let stack: SimulatedStack;
  beforeEach(async () => {
    stack = world.stack();
    await stack.up(asItWas());
    world.api.fault({ kind: "status", status: 403, path: /\/pause$/ });
    await expect(stack.up(asWanted())).rejects.toThrow("was done in part");
    await stack.refresh();
    world.sent();
  });

  test("the next `up` sends the rest", async () => {
    expect(await stack.up(asWanted())).toBe("update");
    expect(world.sent()).toEqual([["POST", `/deployments/${world.live.id}/pause`]]);
    expect(await stack.preview(asWanted())).toBe("same");
  });

  test("the next `up` of the previous program undoes the part that was done", async () => {
    expect(await stack.up(asItWas())).toBe("update");
    expect(world.sent()).toEqual([["POST", `/deployments/${world.live.id}`, { description: "old" }]]);
    expect(await stack.preview(asItWas())).toBe("same");
  });

  test("a diff lets the engine compute the changes, so that replaceOnChanges works", async () => {
    const provider = world.command();
    const { inputs } = await provider.check(asWanted(), stack.state?.inputs);
    const { changes } = await provider.diff(world.live.id, stack.state?.outputs ?? {}, inputs);
    expect(changes).toBe("drawn by the engine");
  });
});
