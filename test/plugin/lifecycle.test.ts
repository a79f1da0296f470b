import { World } from "../support/world";

const world = World.ofTests();

const schedule = { expression: "0 9 * * *", timezone: "Asia/Shanghai" };

test("an update sends the agent only if it changed, so that an update of another argument keeps the version", async () => {
  const stack = world.stack();
  await stack.up(world.args());
  world.api.agents.bumpVersion(world.agent);
  const other = world.api.agents.create().id;
  world.sent();
  await stack.up(world.args({ description: "new" }));
  expect(world.live.agent.version).toBe(1);
  await stack.up(world.args({ description: "new", agent: other }));
  expect(world.sent()).toEqual([
    ["POST", `/deployments/${world.live.id}`, { description: "new" }],
    ["POST", `/deployments/${world.live.id}`, { agent: other }],
  ]);
});

test("an update with an agent that does not exist fails with the name of the argument", async () => {
  const stack = world.stack();
  await stack.up(world.args());
  await expect(stack.up(world.args({ agent: "agent_absent" }))).rejects.toThrow(
    /404 not_found_error \(param agent\).*Check the id in the program/s,
  );
});

test("pinning the running version of the agent sends no request, and pinning another version sends that version", async () => {
  const agent = world.api.agents.create().id;
  world.api.agents.bumpVersion(agent);
  const stack = world.stack();
  await stack.up(world.args({ agent }));
  world.sent();
  await stack.up(world.args({ agent: { id: agent, version: 2 } }));
  expect(world.sent()).toEqual([]);
  await stack.up(world.args({ agent: { id: agent, version: 1 } }));
  expect(world.sent()).toEqual([
    ["POST", `/deployments/${world.live.id}`, { agent: { id: agent, type: "agent", version: 1 } }],
  ]);
});

test("a refresh records the outputs of the service with one request", async () => {
  const stack = world.stack();
  await stack.up(world.args({ schedule }));
  world.api.deployments.run(world.live.id);
  world.sent();
  expect(await stack.refresh()).toBe("same");
  expect(world.sent()).toEqual([["GET", `/deployments/${world.live.id}`]]);
  const live = world.live;
  expect(stack.state?.outputs).toMatchObject({
    status: "active",
    agentVersion: live.agent.version,
    createdAt: live.created_at,
    updatedAt: live.updated_at,
    upcomingRunsAt: live.schedule?.upcoming_runs_at,
    lastRunAt: live.schedule?.last_run_at,
    effectiveMetadata: {},
  });
});

test("a read by id returns a deployment that no stack manages, and fails for one that does not exist", async () => {
  const { id } = world.api.deployments.create({
    name: "elsewhere",
    agent: world.agent,
    environment_id: world.environment,
    initial_events: [{ type: "user.message", content: [{ type: "text", text: "hello" }] }],
    metadata: { team: "x" },
  });
  const state = await world.command().read(id, {});
  expect(state?.outputs).toMatchObject({ name: "elsewhere", metadata: { team: "x" }, status: "active" });
  await expect(world.command().read("dep_absent", {})).rejects.toThrow(
    "no deployment dep_absent is visible to this token",
  );
});
