import { SimulatedStack, World } from "../support/world";

const world = World.ofTests();

const run = String.raw`\w{3} \d{4}-\d\d-\d\d \d\d:\d\d \((?:\w{3} )?\d\d:\d\d UTC\)`;
const scheduled = (expression: string) => world.args({ schedule: { expression, timezone: "Asia/Shanghai" } });

test("a preview shows the next runs of a changed schedule and of the old one, and none of an unchanged schedule", async () => {
  const stack = world.stack();
  await stack.up(scheduled("0 9 * * *"));
  world.sent();
  world.output.length = 0;
  await stack.preview(scheduled("30 0 * * *"));
  const day = String.raw`\w{3} \d{4}-\d\d-\d\d 09:00`;
  expect(world.output.join("\n").split("\n")).toEqual([
    "Next runs, in the time of Asia/Shanghai:",
    expect.stringMatching(`^  ${run}  30 0 \\* \\* \\* \\(was 0 9 \\* \\* \\*\\)  daily$`),
    expect.stringMatching(`^  ${run}$`),
    expect.stringMatching(`^  ${run}$`),
    expect.stringMatching(`^  instead of ${day}, ${day}, ${day}$`),
  ]);
  expect(world.sent()).toEqual([]);
  world.output.length = 0;
  await stack.preview(scheduled("0 9 * * *"));
  expect(world.output).toEqual([]);
});

test("two deployments of one agent with the same schedule cause one warning at the end of the command", async () => {
  const command = world.command();
  const named = (name: string) =>
    new SimulatedStack(
      () => command,
      `urn:pulumi:dev::project::pulumi-nodejs:dynamic/qoder:Deployment::${name}`,
    ).preview({ ...scheduled("0 9 * * *"), name });
  await named("one");
  // The engine calls `check` twice for a resource that it replaces.
  await named("one");
  await named("two");
  expect(world.output).toEqual([]);
  await command.end();
  expect(world.output).toEqual([
    expect.stringMatching(
      `^warning: QoderDeployment "one", "two": start in the same minute with the same agent, next at ${run} \\(Asia/Shanghai\\); give each its own minute, which spread\\(\\) does in TypeScript \\[same-minute\\]$`,
    ),
    expect.stringMatching(`^Next runs, in the time of Asia/Shanghai:\n  ${run}  0 9 \\* \\* \\*  one, two\n`),
  ]);
  expect(world.sent()).toEqual([]);
});

test("a warning names only the resources that do not acknowledge it", async () => {
  const command = world.command();
  for (const [name, acknowledge] of [
    ["quiet", ["either-day"]],
    ["loud", []],
    ["louder", []],
  ] as const) {
    const origin = `urn:pulumi:dev::project::pulumi-nodejs:dynamic/qoder:Deployment::${name}`;
    await new SimulatedStack(() => command, origin).preview({ ...scheduled("0 9 1 * 1"), name, acknowledge });
  }
  await command.end();
  const [warning = ""] = world.output.filter((text) => text.endsWith("[either-day]"));
  expect(warning).toMatch(/^warning: QoderDeployment "loud", "louder": "0 9 1 \* 1" has days/);
  expect(world.output.join("\n")).not.toContain('"quiet": "0 9');
  expect(world.sent()).toEqual([]);
});
