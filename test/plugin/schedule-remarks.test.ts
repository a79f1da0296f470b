import { SimulatedStack } from "../support/simulated-stack";
import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

const run = String.raw`\w{3} \d{4}-\d\d-\d\d \d\d:\d\d \((?:\w{3} )?\d\d:\d\d UTC\)`;
const runs = `${run}, ${run}, ${run} \\(Asia/Shanghai\\)`;
const scheduled = (expression: string) => world.args({ schedule: { expression, timezone: "Asia/Shanghai" } });

test("a preview of another schedule tells the runs of both and sends nothing; one of the same tells nothing", async () => {
  const stack = world.stack();
  await stack.up(scheduled("0 9 * * *"));
  world.sent();
  world.output.length = 0;
  await stack.preview(scheduled("30 0 * * *"));
  expect(world.output).toEqual([
    expect.stringMatching(`^QoderDeployment "daily": runs next at ${runs}, instead of ${run}, ${run}, ${run}$`),
  ]);
  expect(world.sent()).toEqual([]);
  world.output.length = 0;
  await stack.preview(scheduled("0 9 * * *"));
  expect(world.output).toEqual([]);
});

test("of two deployments of one agent that have the same schedule, the one that is checked later is warned", async () => {
  const command = world.command();
  const named = (name: string) =>
    new SimulatedStack(
      () => command,
      `urn:pulumi:dev::project::pulumi-nodejs:dynamic/qoder:Deployment::${name}`,
    ).preview({ ...scheduled("0 9 * * *"), name });
  await named("one");
  expect(world.output.join("\n")).not.toContain("same minute");
  world.output.length = 0;
  // The engine asks again for a resource that it replaces.
  await named("one");
  expect(world.output.join("\n")).not.toContain("same minute");
  world.output.length = 0;
  await named("two");
  expect(world.output).toEqual([
    expect.stringContaining('QoderDeployment "two": runs next at '),
    expect.stringMatching(
      `^warning: QoderDeployment "two": fires in the same minute as "one" of the same agent, next at ${run} \\(Asia/Shanghai\\); spread\\(name, `,
    ),
  ]);
  expect(world.sent()).toEqual([]);
});

test("another command knows nothing of the deployments of an earlier one", async () => {
  await world.stack().preview(scheduled("0 9 * * *"));
  await world.stack().preview(scheduled("0 9 * * *"));
  expect(world.output.join("\n")).not.toContain("same minute");
});
