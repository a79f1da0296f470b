import { useStatusWorld } from "./status-world";

const world = useStatusWorld();

async function told(id: string) {
  const { status, stdout, stderr } = await world.status(id);
  const [deployment] = stderr === "" ? await world.json(id) : [];
  const problems = [...stdout.matchAll(/^ {5}(?!dep_)(.*)$/gm)].map(([, problem]) => problem);
  return { status, stderr, problems, deployment };
}

const agentOf = { path: () => `/agents/${world.agent}` };
const environmentOf = { path: () => `/environments/${world.environmentId}` };

test("a deployment whose environment is archived is unhealthy", async () => {
  const id = world.create("report");
  world.api.environments.archive(world.environmentId);
  expect(await told(id)).toMatchObject({
    status: 1,
    stderr: "",
    problems: ["Its environment is archived, so no run can start"],
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
    problems: ["Its agent is archived, so no run can start", "Its environment is archived, so no run can start"],
    deployment: { healthy: false, agent: { archived: true }, environment: { archived: true } },
  });
});

test("a pause because of an archived agent shows the reason only once", async () => {
  const id = world.create("report");
  world.api.agents.archive(world.agent);
  world.api.deployments.pauseByError(id, "agent_archived_error");
  expect(await told(id)).toMatchObject({
    ...{ status: 1, problems: ["The service paused the deployment: agent_archived_error"] },
  });
});

test("a deployment with a live agent is healthy next to a deployment with an archived agent", async () => {
  const agent = world.api.agents.create().id;
  world.create("stopped", { agent });
  world.create("well");
  world.api.agents.archive(agent);
  const { stdout, status } = await world.status("--all");
  expect(stdout.match(/^! .*/gm)).toEqual([expect.stringContaining("stopped")]);
  expect(stdout).toContain("   well ");
  expect(status).toBe(1);
});

describe.each([
  ["agent", agentOf],
  ["environment", environmentOf],
] as const)("if the service does not show the %s", (member, { path }) => {
  test.each([403, 404])("and answers %i, the health of the deployment does not depend on it", async (status) => {
    const id = world.create("report");
    world.fault(path(), { status });
    expect(await told(id)).toMatchObject({
      status: 0,
      stderr: "",
      problems: [],
      deployment: { healthy: true, [member]: { archived: null } },
    });
  });

  test("and answers 500, the deployment is listed as not known, with the reason", async () => {
    const id = world.create("report");
    world.fault(path(), { status: 500 });
    const { status, stderr, deployment } = await told(id);
    expect({ status, deployment }).toEqual({ status: 2, deployment: undefined });
    expect(stderr).toMatch(new RegExp(`^Not known: ${id}\n  GET ${path()} was answered with 500 `));
  });

  test.each<[object, string]>([
    [{ id: "other_1" }, 'the response describes "other_1"'],
    [{ id: 7 }, "id is not as the API documents it"],
    [{ archived_at: { seconds: 1 } }, "archived_at is not as the API documents it"],
  ])("and answers with %j, the deployment is listed as not known, with the member", async (members, reason) => {
    const id = world.create("report");
    world.fault(path(), { members });
    const { status, stderr, deployment } = await told(id);
    expect({ status, deployment }).toEqual({ status: 2, deployment: undefined });
    expect(stderr).toMatch(new RegExp(`^Not known: ${id}\n  GET ${path()} was answered with 200, but ${reason}`));
  });
});

test("a deployment that shows its agent and environment in a new form still has a status", async () => {
  const id = world.create("report");
  world.fault(`/deployments/${id}`, { members: { agent: "agent_1", environment_id: { id: "env_1" } } });
  const deployment = { agent: null, environment: null };
  expect(await told(id)).toMatchObject({ status: 0, problems: [], deployment });
});
