import { notAsked, useStatusWorld } from "./status-world";

const world = useStatusWorld();

const [agentArchived, environmentArchived] = ["agent", "environment"].map(
  (noun) => `Its ${noun} is archived, so no run can start`,
);
const archives = {
  agent: () => world.api.agents.archive(world.agent),
  environment: () => world.api.environments.archive(world.environmentId),
};

test.each<[string, (id: string) => unknown, unknown[], readonly [boolean, boolean]]>([
  ["the environment is archived", () => archives.environment(), [environmentArchived], [false, true]],
  [
    "agent and environment are archived, also of a paused deployment",
    (id) => [archives.agent(), archives.environment(), world.api.deployments.pause(id)],
    [agentArchived, environmentArchived],
    [true, true],
  ],
  [
    "the service paused the deployment because of the archived agent, which is said once",
    (id) => [archives.agent(), world.api.deployments.pauseByError(id, "agent_archived_error")],
    ["The service paused the deployment: agent_archived_error"],
    [true, false],
  ],
])("a deployment is unhealthy if %s", async (_, happens, problems, [agent, environment]) => {
  const id = world.create("report");
  happens(id);
  const one = { healthy: false, agent: { archived: agent }, environment: { archived: environment } };
  const { stdout, ...told } = await world.told(id);
  expect(told).toMatchObject({ status: 1, stderr: "", problems, one });
  expect([...stdout.matchAll(/^ {5}(?!dep_)(.*)$/gm)].map(([, problem]) => problem)).toEqual(problems);
});

describe.each([
  ["agent", () => `/agents/${world.agent}`],
  ["environment", () => `/environments/${world.environmentId}`],
] as const)("if the service does not show the %s", (member, path) => {
  test.each([403, 404])("and answers %i, the health of the deployment does not depend on it", async (status) => {
    const id = world.create("report");
    world.fault(path(), { status });
    const one = { healthy: true, [member]: { archived: null } };
    expect(await world.told(id)).toMatchObject({ status: 0, stderr: "", problems: [], one });
  });

  test.each<[string, Parameters<typeof world.fault>[1], string]>([
    ["an error", { status: 500 }, "500 "],
    ["another object", { members: { id: "other_1" } }, '200, but the response describes "other_1"'],
    ["an id of a new form", { members: { id: 7 } }, "200, but id is not as the API documents it"],
    [
      "a time of a new form",
      { members: { archived_at: { s: 1 } } },
      "200, but archived_at is not as the API documents",
    ],
  ])("but %s, the deployment is listed as not known, with the reason", async (_, answer, reason) => {
    const id = world.create("report");
    world.fault(path(), answer);
    const stderr = expect.stringMatching(new RegExp(`^Not known: ${id}\n  GET ${path()} was answered with ${reason}`));
    expect(await world.status(id)).toEqual({ ...notAsked, stderr });
  });
});

test("a deployment that shows its agent and environment in a new form still has a status", async () => {
  const id = world.create("report");
  world.fault(`/deployments/${id}`, { members: { agent: "agent_1", environment_id: { id: "env_1" } } });
  const one = { agent: null, environment: null };
  expect(await world.told(id)).toMatchObject({ status: 0, problems: [], one });
});
