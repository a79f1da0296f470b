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

describe("after an update that failed in part", () => {
  const asItWas = () => world.args({ description: "old" });
  const asWanted = () => world.args({ description: "new", paused: true });

  async function failedInPart(stack: SimulatedStack): Promise<SimulatedStack> {
    await stack.up(asItWas());
    world.api.fault({ kind: "status", status: 403, path: /\/pause$/ });
    await expect(stack.up(asWanted())).rejects.toThrow("was done in part");
    return stack;
  }

  test.each([0, 1, 2])("and %d refreshes, a destroy archives the deployment without a warning", async (refreshes) => {
    const stack = await failedInPart(world.stack(world.command()));
    for (let count = 0; count < refreshes; count += 1) await stack.refresh();
    expect(warnings()).toEqual([]);
    await stack.destroy();
    expect(world.api.deployments.live()).toEqual([]);
  });

  test.each<[string, typeof asItWas, string, object | undefined]>([
    // So replaceOnChanges works.
    ["sends the rest, and the engine computes the changes", asWanted, "drawn by the engine", undefined],
    ["of the previous program undoes the part that was done", asItWas, "some", { description: "old" }],
  ])("and a refresh, the next `up` %s", async (_, args, diff, body) => {
    const stack = await failedInPart(world.stack());
    await stack.refresh();
    const { id } = world.live;
    const provider = world.command();
    const { inputs } = await provider.check({ name: "daily", ...args() }, stack.state?.inputs);
    const { changes } = await provider.diff(id, stack.state?.outputs ?? {}, inputs);
    expect(changes).toBe(diff);
    world.sent();
    expect(await stack.up(args())).toBe("update");
    const path = world.path(id);
    expect(world.sent()).toEqual([body === undefined ? ["POST", `${path}/pause`] : ["POST", path, body]]);
    expect(await stack.preview(args())).toBe("same");
  });
});
