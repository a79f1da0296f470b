import { EngineWorld } from "../support/engine-world";
import { Example } from "../support/example";

let world: EngineWorld;
beforeEach(async () => {
  world = await EngineWorld.start();
});
afterEach(() => world.stop());

test("examples/python makes all of it, and a changed skill moves the agent and the five deployments", async () => {
  const { api } = world;
  const example = new Example(world, "python");
  await example.followReadme({ "mcp-...": "mcp-secret1" });
  expect(api.deployments.live().map(({ agent }) => agent.version)).toEqual([1, 1, 1, 1, 1]);
  const [credential] = api.credentials.live();
  expect(api.credentials.auth(credential?.id ?? "")).toMatchObject({ token: "mcp-secret1" });
  expect(example.state()).not.toContain("mcp-secret1");
  await example.run("pulumi preview --expect-no-changes");
  example.sent();
  example.edit("skills/review/SKILL.md", "Read the description first", "Read the title and the description first");
  await example.run("pulumi up");
  const moved = Array.from({ length: 5 }, () => "POST /deployments/ID");
  expect(example.sent()).toEqual(["POST /agents/ID", ...moved, expect.stringMatching("POST /skills/ID/versions")]);
  await example.run("pulumi refresh --yes --skip-preview");
  await example.run("pulumi preview --expect-no-changes");
  await example.run("pulumi destroy");
  expect(api.deployments.live()).toEqual([]);
});
