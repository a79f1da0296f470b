import { agent, environment } from "../support/kinds";
import { PluginWorld } from "../support/plugin-world";

let world: PluginWorld;
beforeAll(async () => {
  world = await PluginWorld.start();
});
afterAll(() => world.stop());
beforeEach(() => world.resetAll());

const config = { type: "cloud", networking: { type: "unrestricted" } };
const minuteMs = 60_000;
const up = () => world.stackOf(environment).up({ config });

test("the first create of a command lists what was created in the last hour", async () => {
  await up();
  const [look] = world.api.requests;
  const since = Date.parse(String(look?.query["created_at[gte]"]));
  const ago = world.clock.now() - since;
  expect([look?.method, look?.path]).toEqual(["GET", "/environments"]);
  expect(ago).toBeGreaterThanOrEqual(60 * minuteMs);
  expect(ago).toBeLessThan(61 * minuteMs);
});

test("a live environment of the same name and content is named with its age and adopt, and the create goes on", async () => {
  const { id } = world.api.environments.create({ name: "daily", config });
  world.passTime(4 * minuteMs);
  await up();
  expect(world.output).toContainEqual(
    expect.stringMatching(
      `warning: QoderEnvironment "daily": ${id} has the same name and content, was created 4 minutes ago`,
    ),
  );
  expect(world.output.join()).toContain(`to keep ${id}, set adopt: "${id}"`);
  expect(world.api.environments.live().filter(({ name }) => name === "daily")).toHaveLength(2);
});

test.each<[string, () => unknown]>([
  ["another name", () => world.api.environments.create({ name: "nightly", config })],
  ["other content", () => world.api.environments.create({ name: "daily", config: { type: "self_hosted" } })],
  ["an end", () => world.api.environments.archive(world.api.environments.create({ name: "daily", config }).id)],
  [
    "an age of more than an hour",
    () => {
      world.api.environments.create({ name: "daily", config });
      world.passTime(61 * minuteMs);
    },
  ],
])("an environment with %s is no twin", async (_, make) => {
  make();
  await up();
  expect(world.output).toEqual([]);
});

test("a list that fails is a warning, and the create goes on", async () => {
  const body = { type: "error", error: { type: "permission_error", message: "no" } };
  world.api.fault({ kind: "status", method: "GET", path: "/environments", status: 403, body });
  await up();
  expect(world.output).toEqual([
    expect.stringContaining("whether a lost answer left another one like it is not known"),
  ]);
  expect(world.api.environments.live().map(({ name }) => name)).toContain("daily");
});

test("an agent, whose page names the key of its create, needs no such list", async () => {
  await world.stackOf(agent).up({ model: "ultimate" });
  expect(world.sent()).toEqual([["POST", "/agents", { name: "daily", model: "ultimate" }]]);
});
