import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

const pinned = () => ({ id: world.agent, version: 1 });

test("a refresh that finds all as it was does not bring back what left the program", async () => {
  const stack = world.stack();
  await stack.up(world.args({ agent: pinned(), paused: true, __timeouts: { create: 180 } }));
  await stack.up(world.args());
  const inputs = stack.state?.inputs;
  expect(await stack.refresh()).toBe("same");
  expect(stack.state?.inputs).toEqual(inputs);
  expect(inputs).toMatchObject({ agent: world.agent });
});

describe("what held already when the program came to say it is drift when it changes", () => {
  test("a pause by hand", async () => {
    const stack = world.stack();
    await stack.up(world.args());
    expect(await stack.up(world.args({ paused: false }))).toBe("same");
    world.api.deployments.pause(world.live.id);
    await stack.refresh();
    world.sent();
    expect(await stack.up(world.args({ paused: false }))).toBe("update");
    expect(world.sent()).toEqual([["POST", `/deployments/${world.live.id}/unpause`]]);
  });

  test("another version of the agent", async () => {
    const stack = world.stack();
    await stack.up(world.args());
    expect(await stack.up(world.args({ agent: pinned() }))).toBe("same");
    world.api.agents.bumpVersion(world.agent);
    world.api.deployments.edit(world.live.id, { agent: world.agent });
    await stack.refresh();
    world.sent();
    expect(await stack.up(world.args({ agent: pinned() }))).toBe("update");
    expect(world.sent()).toEqual([
      ["POST", `/deployments/${world.live.id}`, { agent: { ...pinned(), type: "agent" } }],
    ]);
  });
});

test("after a create that was done in part, a refresh does not count it as done", async () => {
  const stack = world.stack();
  world.api.fault({ kind: "status", status: 403, path: /\/pause$/ });
  await expect(stack.up(world.args({ paused: true }))).rejects.toThrow("was done in part");
  await stack.refresh();
  world.sent();
  expect(await stack.up(world.args({ paused: true }))).toBe("update");
  expect(world.sent()).toEqual([["POST", `/deployments/${world.live.id}/pause`]]);
  expect(await stack.preview(world.args({ paused: true }))).toBe("same");
});

test("a refresh changes nothing of a deployment that is only looked up", async () => {
  await world.stack().up(world.args());
  const { id } = world.live;
  const looked = await world.command().read(id, {});
  const refreshed = await world.command().read(id, looked?.outputs ?? {});
  expect(refreshed?.outputs).toEqual(looked?.outputs);
});

test("a change of casConfig leaves alone what the running version and the status already are", async () => {
  world.api.switches.generation = 1;
  const stack = world.stack();
  await stack.up(world.args({ casConfig: { maxRetries: 1 } }));
  const { id } = world.live;
  world.api.deployments.pauseByError(id, "vault_not_found_error");
  await stack.refresh();
  world.sent();
  const agent = { id: world.agent, version: world.live.agent.version };
  await stack.up(world.args({ agent, paused: true, casConfig: { maxRetries: 2 } }));
  expect(world.sent()).toEqual([
    ["GET", `/deployments/${id}`],
    ["POST", `/deployments/${id}`, { metadata: { cas_config: expect.anything() } }],
  ]);
});
