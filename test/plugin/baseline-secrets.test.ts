import { agent } from "../kinds/agent";
import { deployment } from "../kinds/deployment";
import { environment } from "../kinds/environment";
import { withoutBaseline } from "../support/provider";
import type { SimulatedStack } from "../support/simulated-stack";
import { type KindWorld, World } from "../support/world";

let world: KindWorld;
beforeAll(async () => {
  world = await World.start(agent);
});
afterAll(() => world.stop());

const toolset = { type: "agent_toolset_20260401" };
const hidden = ({ state }: SimulatedStack) => ({
  shown: String(state?.outputs["__shown"]),
  isUnguarded: state?.outputs["__unguarded"] === true,
});

test("a refresh of an agent without a baseline records no baseline of an argument that holds a secret", async () => {
  const tools = [{ type: "custom", name: "ask", description: "password hunter2", inputSchema: {} }];
  const more = { tools, skills: [{ type: "custom", skillId: "skill_1" }], __secrets: ["tools"] };
  const { stack, args } = await world.declared(agent, more, { addedMembers: "elements" });
  expect(hidden(stack).shown).toContain("hunter2");
  stack.state = withoutBaseline(stack.state);
  expect(await stack.refresh()).toBe("same");
  expect(hidden(stack)).toEqual({ shown: expect.stringContaining("skill_1"), isUnguarded: true });
  expect(hidden(stack).shown).not.toContain("hunter2");
  expect(await stack.refresh()).toBe("same");
  expect(await stack.preview(args)).toBe("same");
  expect(hidden(stack).shown).not.toContain("hunter2");
});

test("a secret argument that somebody changed is recorded as an input, and not in an unencrypted baseline", async () => {
  const more = { system: "password hunter2", __secrets: ["system"] };
  const { stack, id, args } = await world.declared(agent, more);
  stack.state = withoutBaseline(stack.state);
  expect(await stack.refresh()).toBe("same");
  world.console.edit(id, { system: "password hunter3" });
  expect(await stack.refresh()).toBe("update");
  expect(stack.state?.inputs["system"]).toBe("password hunter3");
  expect(hidden(stack).shown).not.toMatch(/hunter/);
  world.sent();
  const request = ["POST", world.path(id), world.bodyOf({ system: "password hunter2" })];
  await stack.up(args);
  expect(world.sent()).toEqual([request]);
  expect(hidden(stack).isUnguarded).toBe(false);
  expect(await stack.refresh()).toBe("same");
});

test("if the state does not name the secrets of a deployment, a refresh records a baseline of its resources only", async () => {
  const declared = {
    resources: [{ type: "github_repository", url: "https://github.com/acme/shop", authorizationToken: "hunter2" }],
    environmentVariables: { KEY: "hunter3" },
    metadata: { label: "hunter4" },
    description: "hunter5",
  };
  const { stack, args } = await world.declared(deployment, declared, { fillDefaults: true, addedMembers: "objects" });
  stack.state = withoutBaseline(stack.state);
  expect(await stack.refresh()).toBe("same");
  expect(hidden(stack)).toEqual({ shown: expect.stringContaining("acme/shop"), isUnguarded: true });
  expect(hidden(stack).shown).not.toMatch(/hunter/);
  expect(await stack.preview(args)).toBe("same");
  expect(await stack.refresh()).toBe("same");
});

test("no baseline holds a token, even if the baseline is encrypted and the service repeats the token", async () => {
  const resources = [{ type: "github_repository", url: "https://github.com/acme/shop", authorizationToken: "hunter2" }];
  const { stack, id, args } = await world.declared(deployment, { resources }, { fillDefaults: true });
  expect(hidden(stack)).toEqual({ shown: expect.stringContaining("acme/shop"), isUnguarded: false });
  world.console.changeMember(id, ["resources", 0, "authorization_token"], "hunter2");
  expect(await stack.refresh()).toBe("same");
  world.console.changeMember(id, ["resources", 0, "mount_path"], "/elsewhere");
  expect(await stack.refresh()).toBe("update");
  expect(hidden(stack).shown).not.toContain("hunter2");
  await stack.up(args);
  expect(world.console.get(id)).toMatchObject({ resources: [{ url: "https://github.com/acme/shop" }] });
  expect(await stack.refresh()).toBe("same");
});

test("an update of a state with an unencrypted baseline records an encrypted one", async () => {
  const config = { type: "cloud", networking: { type: "unrestricted" } };
  const more = { config, __secrets: ["config"] };
  const { stack, id, args } = await world.declared(environment, more, {
    unrestrictedNetworking: "with-limits",
  });
  stack.state = withoutBaseline(stack.state);
  for (const step of [await stack.refresh(), await stack.refresh(), await stack.preview(args)]) {
    expect(step).toBe("same");
  }
  expect(hidden(stack)).toEqual({ shown: '{"config":{"isWithheld":true}}', isUnguarded: true });
  world.sent();
  await stack.up({ ...args, description: "new" });
  expect(world.sent()).toEqual([["POST", world.path(id), { description: "new" }]]);
  expect(hidden(stack).isUnguarded).toBe(false);
  expect(await stack.refresh()).toBe("same");
});

test("the first refresh of an older state records a baseline of tools that are no secret", async () => {
  const more = { tools: [toolset], system: "password hunter2", __secrets: ["system"] };
  const { stack } = await world.declared(agent, more, { toolSettings: "resolved" });
  stack.state = withoutBaseline(stack.state);
  await stack.refresh();
  expect(hidden(stack)).toEqual({ shown: expect.stringContaining("always_allow"), isUnguarded: true });
});

test("a read by id records no setup script in the unencrypted baseline of an environment", async () => {
  const config = { type: "cloud", networking: { type: "unrestricted" }, setupScript: "login hunter2" };
  const { id } = await world.declared(environment, { config }, { unrestrictedNetworking: "with-limits" });
  const found = await world.command().read(id, {});
  expect(found?.outputs).toMatchObject({ config: { setupScript: "login hunter2" }, __unguarded: true });
  expect(found?.outputs["__shown"]).not.toContain("hunter2");
  const again = await world.command().read(id, found?.outputs ?? {});
  expect(again?.outputs["config"]).toEqual(found?.outputs["config"]);
  expect(again?.outputs["__shown"]).not.toContain("hunter2");
});
