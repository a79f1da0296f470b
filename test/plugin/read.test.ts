import { World } from "../support/world";

const world = World.ofTests();

const pinned = () => ({ id: world.agent, version: 1 });

test("a refresh without a change does not restore an argument that left the program", async () => {
  const stack = world.stack();
  await stack.up(world.args({ agent: pinned(), paused: true, __timeouts: { create: 180 } }));
  await stack.up(world.args());
  const inputs = stack.state?.inputs;
  expect(await stack.refresh()).toBe("same");
  expect(stack.state?.inputs).toEqual(inputs);
  expect(inputs).toMatchObject({ agent: world.agent });
});

describe("a refresh shows a change of a value that the service had before the program declared it:", () => {
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

test("a change of undeclared settings by others or the service shows no difference", async () => {
  world.reset({ generation: 1 });
  const schedule = { expression: "0 9 * * *", timezone: "Asia/Shanghai" };
  const args = world.args({ metadata: { team: "a" }, schedule, casConfig: { maxRetries: 1 } });
  const stack = world.stack();
  await stack.up(args);
  const { id } = world.live;
  world.api.deployments.run(id);
  world.api.deployments.edit(id, { metadata: { foreign: "x", cas_config: { config: { max_concurrent: 4 } } } });
  world.api.agents.bumpVersion(world.agent);
  await stack.findsNoDifference(args);
  expect(world.live.metadata).toMatchObject({ foreign: "x", cas_config: { config: { max_concurrent: 4 } } });
});

test("a refresh of a deployment that is only read changes no output", async () => {
  await world.stack().up(world.args());
  const { id } = world.live;
  const looked = await world.command().read(id, {});
  const refreshed = await world.command().read(id, looked?.outputs ?? {});
  expect(refreshed?.outputs).toEqual(looked?.outputs);
});

test("a change of casConfig does not send an agent version and a pause that the service already has", async () => {
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

test("updates and the removal of metadata keep labels of others", async () => {
  const stack = world.stack();
  await stack.up(world.args({ metadata: { team: "a" } }));
  world.api.deployments.edit(world.live.id, { metadata: { foreign: "stays" } });
  await stack.refresh();
  expect(stack.state?.outputs["metadata"]).toEqual({ team: "a" });
  expect(stack.state?.outputs["effectiveMetadata"]).toEqual({ team: "a", foreign: "stays" });
  await stack.up(world.args({ metadata: { team: "b" } }));
  await stack.up(world.args());
  expect(world.live.metadata).toEqual({ foreign: "stays" });
});

test("with the older generation of the API an update of metadata does not send cas_config", async () => {
  world.api.switches.generation = 1;
  const stack = world.stack();
  await stack.up(world.args({ metadata: { team: "a", tier: "1" } }));
  world.api.deployments.run(world.live.id);
  expect(await stack.refresh()).toBe("same");
  world.sent();
  await stack.up(world.args({ metadata: { tier: "1" } }));
  expect(world.sent()).toEqual([["POST", `/deployments/${world.live.id}`, { metadata: { team: null } }]]);
  expect(world.live.metadata).toHaveProperty("cas_config.stats.total_runs", 1);
});

test("removing one setting of casConfig resets that setting, and removing all settings removes the key", async () => {
  world.api.switches.generation = 1;
  const stack = world.stack();
  await stack.up(world.args({ casConfig: { maxRetries: 2, maxConcurrent: 3 } }));
  world.sent();
  await stack.up(world.args({ casConfig: { maxRetries: 2 } }));
  expect(world.live.metadata).toMatchObject({ cas_config: { config: { max_retries: 2, max_concurrent: 1 } } });
  world.sent();
  await stack.up(world.args());
  expect(world.sent()).toEqual([
    ["GET", `/deployments/${world.live.id}`],
    ["POST", `/deployments/${world.live.id}`, { metadata: { cas_config: null } }],
  ]);
});

test.each(["deep", "shallow"] as const)(
  "an update and a removal of casConfig keep a setting that somebody chose since the last refresh (%s merge)",
  async (casConfigMerge) => {
    Object.assign(world.api.switches, { generation: 1, casConfigMerge });
    const stack = world.stack();
    await stack.up(world.args({ casConfig: { maxRetries: 2 } }));
    const theirs = { session_strategy: "new_session", config: { max_retries: 2, timeout_ms: 9_000 } };
    world.api.deployments.edit(world.live.id, { metadata: { cas_config: theirs } });
    await stack.up(world.args({ casConfig: { maxRetries: 3 } }));
    expect(world.live.metadata).toMatchObject({ cas_config: { config: { max_retries: 3, timeout_ms: 9_000 } } });
    await stack.up(world.args());
    expect(world.live.metadata).toMatchObject({ cas_config: { config: { max_retries: 0, timeout_ms: 9_000 } } });
  },
);

test("a setting of casConfig that left the program is left alone, even if it had its default", async () => {
  world.api.switches.generation = 1;
  const stack = world.stack();
  await stack.up(world.args({ casConfig: { maxRetries: 0, maxConcurrent: 3 } }));
  const declared = world.args({ casConfig: { maxConcurrent: 3 } });
  await stack.up(declared);
  const theirs = { session_strategy: "new_session", config: { max_retries: 4, max_concurrent: 3 } };
  world.api.deployments.edit(world.live.id, { metadata: { cas_config: theirs } });
  await stack.findsNoDifference(declared);
  expect(world.live.metadata).toMatchObject({ cas_config: { config: { max_retries: 4, max_concurrent: 3 } } });
});

// For an absent output, the SDK takes the value of the program, which `ignoreChanges` keeps from the provider.
test("a refresh records null for an argument that somebody removed, and an update that does not restore it keeps the null", async () => {
  const stack = world.stack();
  await stack.up(world.args({ budget: { maxCreditCost: "12.50" } }));
  // The plugin records null for an argument that the program leaves out, the dynamic provider nothing.
  expect(stack.state?.outputs["description"] ?? null).toBeNull();
  world.api.deployments.edit(world.live.id, { budget: null });
  await stack.refresh();
  expect(stack.state?.outputs["budget"]).toBeNull();
  await stack.up(world.args({ description: "of the program" }));
  await stack.refresh();
  expect(stack.state?.outputs).toMatchObject({ description: "of the program", budget: null });
});
