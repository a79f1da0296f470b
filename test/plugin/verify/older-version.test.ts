import { agent } from "../../kinds/agent";
import { doors, type Properties, useDoor, World } from "../../support/world";

const world = World.ofTests(agent);

const first = { model: "ultimate", system: "You write reports.", description: "Reports." };
const second = { ...first, system: "You write long reports." };

/** The requests and the warnings of a preview of an agent that has two versions. */
async function previewed(args: Properties, config: Readonly<Record<string, string>> = { "qoder:verify": "true" }) {
  const { stack, id } = await world.existing(agent, first);
  await stack.up(second);
  world.api.clearRequests();
  world.output.length = 0;
  const provider = world.command({ config });
  const command = world.again(stack, provider);
  command.state = stack.state;
  await command.preview(args);
  await provider.end();
  const asked = world.api.requests.filter(({ path }) => path === `/agents/${id}/versions`);
  return { asked: asked.length, told: world.output.filter((text) => text.includes("version 1")) };
}

test.each(doors)("the %s door warns that an update makes a version which equals an older one", async (door) => {
  useDoor(door);
  const { asked, told } = await previewed(first);
  expect(asked).toBe(1);
  expect(told).toEqual([
    expect.stringContaining(
      "equals version 1, and this update makes version 3 of it. To go back without a new version, keep the newer arguments and pin `version: 1` in the deployments of this agent [version]",
    ),
  ]);
});

test("a refresh that finds another version makes none, and says of no older one that it does", async () => {
  const { stack, id } = await world.existing(agent, first);
  await stack.up(second);
  world.api.agents.edit(id, first);
  const provider = world.command({ config: { "qoder:verify": "true" } });
  const command = world.again(stack, provider);
  command.state = stack.state;
  world.output.length = 0;
  expect(await command.refresh()).toBe("update");
  await provider.end();
  expect(world.output.join("\n")).not.toContain("equals version");
});

test.each([
  ["unchanged", second, [0, 0]],
  ["equal to no version", { ...first, system: "You write poems." }, [1, 0]],
  ["equal to version 1 but for one argument", { ...first, description: "Other reports." }, [1, 0]],
  ["equal to version 1, with the warning acknowledged", { ...first, acknowledge: ["version"] }, [1, 0]],
] as const)("about an agent that is %s the preview asks and warns so often: %j", async (_, args, counts) => {
  const { asked, told } = await previewed(args);
  expect([asked, told.length]).toEqual(counts);
});

test("without qoder:verify no preview asks for the versions", async () => {
  expect(await previewed(first, {})).toMatchObject({ asked: 0, told: [] });
});

test("if the service does not list the versions, the preview says that they are not compared", async () => {
  world.api.fault({ kind: "status", status: 403, method: "GET", path: /\/versions$/, times: Number.POSITIVE_INFINITY });
  await previewed(first);
  expect(world.output).toEqual([expect.stringMatching(/the older versions are not compared: .*403.* \[verify\]$/s)]);
});
