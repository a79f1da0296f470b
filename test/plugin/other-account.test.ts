import { deployments } from "../../provider/kinds/table";
import { doors, originOf, SimulatedStack, useDoor, World } from "../support/world";

const world = World.ofTests();

describe.each(doors)("another QoderProvider for an existing resource, %s provider", (door) => {
  let account: string | undefined;
  let stack: SimulatedStack;
  beforeEach(async () => {
    world.reset();
    useDoor(door);
    account = "lab";
    const begin = () => world.command({ config: account === undefined ? {} : { "qoder:account": account } });
    stack = new SimulatedStack(begin, originOf(deployments.type), true, true);
    await stack.up(world.args());
  });

  async function previewed(args = world.args()): Promise<string[]> {
    world.output.length = 0;
    await stack.preview(args);
    return world.output.filter((text) => text.includes("[account]"));
  }

  test.each([
    ["prod", 'the QoderProvider "prod"'],
    [undefined, "the account of the stack"],
  ])("a preview with %s warns that the object does not move, and sends nothing", async (other, given) => {
    expect(await previewed()).toEqual([]);
    account = other;
    world.sent();
    const told = `${world.live.id} stays in the account of the QoderProvider "lab", although the program gives ${given}`;
    expect(await previewed()).toEqual([expect.stringContaining(told)]);
    expect(world.sent()).toEqual([]);
    // An `up` without a change leaves the state as it was.
    await stack.up(world.args());
    expect(await previewed()).toHaveLength(1);
  });

  test("a renamed QoderProvider of the same account causes no warning after a refresh, or after an update", async () => {
    account = "laboratory";
    expect(await stack.refresh()).toBe("same");
    expect(await previewed()).toEqual([]);
    account = "lab";
    expect(await previewed()).toEqual([expect.stringContaining('the account of the QoderProvider "laboratory"')]);
    await stack.up(world.args({ description: "another" }));
    expect(await previewed(world.args({ description: "another" }))).toEqual([]);
  });

  test("a resource whose state names no account causes no warning, and a refresh adds no output", async () => {
    account = undefined;
    await stack.up(world.args({ description: "another" }));
    const outputs = stack.state?.outputs;
    account = "lab";
    expect(await previewed(world.args({ description: "another" }))).toEqual([]);
    await stack.refresh();
    expect(Object.keys(stack.state?.outputs ?? {})).toEqual(Object.keys(outputs ?? {}));
  });
});
