import { useStatusWorld } from "./status-world";

const world = useStatusWorld();

async function told(id: string) {
  const { status, stdout, stderr } = await world.status(id, "--wide");
  const [deployment] = stderr === "" ? await world.json(id) : [];
  const [, line = ""] = stdout.split("\n");
  return { status, stderr, state: line.split(/ {2,}/)[3], deployment };
}

const agentOf = { archived: "its agent is archived", path: () => `/agents/${world.agent}` };
const environmentOf = { archived: "its environment is archived", path: () => `/environments/${world.environmentId}` };

test("a deployment whose environment is archived is unhealthy", async () => {
  const id = world.create("report");
  world.api.environments.archive(world.environmentId);
  expect(await told(id)).toMatchObject({
    status: 1,
    stderr: "",
    state: "active, its environment is archived",
    deployment: { healthy: false, agent: { archived: false }, environment: { archived: true } },
  });
});

test("a paused deployment whose agent and environment are archived shows both reasons", async () => {
  const id = world.create("report");
  world.api.agents.archive(world.agent);
  world.api.environments.archive(world.environmentId);
  world.api.deployments.pause(id);
  expect(await told(id)).toMatchObject({
    status: 1,
    state: "paused by hand, its agent is archived, its environment is archived",
    deployment: { healthy: false, agent: { archived: true }, environment: { archived: true } },
  });
});

test("a pause because of an archived agent shows the reason only once", async () => {
  const id = world.create("report");
  world.api.agents.archive(world.agent);
  world.api.deployments.pauseByError(id, "agent_archived_error");
  expect(await told(id)).toMatchObject({ status: 1, state: "paused by the service: agent_archived_error" });
});

test("a deployment with a live agent is healthy next to a deployment with an archived agent", async () => {
  const agent = world.api.agents.create().id;
  const [stopped, well] = [world.create("stopped", { agent }), world.create("well")];
  world.api.agents.archive(agent);
  const { stdout, status } = await world.status("--all", "--wide");
  expect(stdout.match(/^! .*/gm)).toEqual([expect.stringContaining(stopped)]);
  expect(stdout).toContain(`   ${well}`);
  expect(status).toBe(1);
});

describe.each([
  ["agent", agentOf],
  ["environment", environmentOf],
] as const)("if the service does not show the %s", (member, { path, archived }) => {
  test.each([403, 404])("and answers %i, the health of the deployment does not depend on it", async (status) => {
    const id = world.create("report");
    world.fault(path(), { status });
    expect(await told(id)).toMatchObject({
      status: 0,
      stderr: "",
      state: "active",
      deployment: { healthy: true, [member]: { archived: null } },
    });
  });

  test.each([{ id: "other_1" }, { id: 7 }])(
    "and answers with %j, the health of the deployment does not depend on it",
    async (members) => {
      const id = world.create("report");
      world.fault(path(), { members: { archived_at: "2026-11-20T00:00:00Z", ...members } });
      expect(await told(id)).toMatchObject({
        status: 0,
        state: "active",
        deployment: { [member]: { archived: null } },
      });
    },
  );

  test("and answers 500, the deployment is listed as not known, with the reason", async () => {
    const id = world.create("report");
    world.fault(path(), { status: 500 });
    const { status, stderr, state } = await told(id);
    expect({ status, state }).toEqual({ status: 2, state: undefined });
    expect(stderr).toMatch(new RegExp(`^Not known: ${id}\n  GET ${path()} was answered with 500 `));
  });

  test("in a known form, but archived_at has a new form, the deployment is unhealthy", async () => {
    const id = world.create("report");
    world.fault(path(), { members: { archived_at: { seconds: 1 } } });
    expect(await told(id)).toMatchObject({ status: 1, state: `active, ${archived}` });
  });
});

test("a deployment that shows its agent and environment in a new form still has a status", async () => {
  const id = world.create("report");
  world.fault(`/deployments/${id}`, { members: { agent: "agent_1", environment_id: { id: "env_1" } } });
  const deployment = { agent: null, environment: null };
  expect(await told(id)).toMatchObject({ status: 0, state: "active", deployment });
});
