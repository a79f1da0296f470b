import { type Noun, useImportWorld } from "./import-world";

const world = useImportWorld();

const nouns: readonly Noun[] = ["environment", "agent", "deployment"];
const labels = { environment: "QoderEnvironment", agent: "QoderAgent", deployment: "QoderDeployment" };

test("--all sends one GET for each kind, imports environments, agents and deployments, and the program has references", async () => {
  const { environment, agent, deployment } = world.createOne();
  const { status, stdout, stderr } = await world.into("--all");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(world.requests).toEqual([
    "GET /environments",
    "GET /skills",
    "GET /files",
    "GET /agents",
    "GET /vaults",
    "GET /memory_stores",
    "GET /deployments",
  ]);
  expect(world.importedIds()).toEqual([environment, agent, deployment]);
  expect(world.program()).toContain("  agent: reporter,\n  environmentId: cloud.id,\n");
  expect(stdout).toContain("Wrote 1 environment, 1 agent and 1 deployment to ");
  expect(stdout).toMatch(/^ {2}4\. pulumi up, which sends nothing yet, but records which object needs which/m);
});

test.each<[readonly string[], readonly Noun[]]>([
  [["--kind", "deployment"], ["deployment"]],
  [["--kind", "agent"], ["agent"]],
  [["--kind", "environment"], ["environment"]],
  [
    ["--kind", "deployment", "--kind", "agent"],
    ["agent", "deployment"],
  ],
  [
    ["--kind", "deployment,environment"],
    ["environment", "deployment"],
  ],
  [["--kind", "deployment, agent", "--kind=environment,agent"], nouns],
])("--all %j reads and imports only these kinds: %j", async (args, taken) => {
  const ids = world.createOne();
  expect(await world.into("--all", ...args)).toMatchObject({ status: 0, stderr: "" });
  expect(world.requests).toEqual(taken.map((noun) => `GET /${noun}s`));
  expect(world.importedIds()).toEqual(taken.map((noun) => ids[noun]));
  const program = world.program();
  const imported = taken.map((noun) => labels[noun]).sort();
  expect(program).toContain(`import { ${imported.join(", ")} } from "pulumi-qoder";\n`);
  if (taken.includes("deployment")) {
    const agent = taken.includes("agent") ? "reporter" : `{ id: "${ids.agent}", version: 1 }`;
    const environment = taken.includes("environment") ? "cloud.id" : `"${ids.environment}"`;
    expect(program).toContain(`  agent: ${agent},\n  environmentId: ${environment},\n`);
  }
});

test("--all --kind deployment imports each live deployment, oldest first, and prints its progress", async () => {
  const ids = Array.from({ length: 120 }, (_, index) => world.create(`report-${index}`));
  world.api.deployments.archive(ids[3] ?? "");
  const { status, stderr } = await world.into("--all", "--kind", "deployment");
  expect(status).toBe(0);
  expect(world.importedIds()).toEqual(ids.filter((_, index) => index !== 3));
  expect(stderr.split("\n")).toEqual([25, 50, 75, 100].map((count) => `Read ${count} deployments ...`).concat(""));
  expect(world.requests).toEqual(["GET /deployments", "GET /deployments"]);
});

test("several ids are imported in their order, and each only once", async () => {
  const [first, second] = [world.create("first"), world.create("second")];
  await world.into(second, first, second);
  expect(world.importedIds()).toEqual([second, first]);
});

test("ids of several kinds are imported in any order, with one GET for each id", async () => {
  const { environment, agent, deployment } = world.createOne();
  expect(await world.into(deployment, agent, environment, agent)).toMatchObject({ status: 0, stderr: "" });
  expect(world.requests).toEqual([
    `GET /environments/${environment}`,
    `GET /agents/${agent}`,
    `GET /deployments/${deployment}`,
  ]);
  expect(world.program()).toContain("  agent: reporter,\n  environmentId: cloud.id,\n");
});

test.each(["honour", "ignore"] as const)(
  "--agent imports the deployments of an agent pinned to their version, and with --kind also the agent (the service and its filter: %s)",
  async (form) => {
    world.api.switches.ownerFilters = form;
    const { agent } = world.createOne();
    const other = world.create("other", {}, "agent");
    const deployment = world.create("weekly", { agent: other });
    expect(await world.into("--agent", other)).toMatchObject({ status: 0, stderr: "" });
    expect(world.importedIds()).toEqual([deployment]);
    expect(world.program()).toContain(`  agent: { id: "${other}", version: 1 },\n`);
    world.api.clearRequests();
    expect(await world.into("--agent", other, "--kind", "agent,deployment", "--force")).toMatchObject({
      status: 0,
      stderr: "",
    });
    expect(world.requests).toEqual([`GET /agents/${other}`, "GET /deployments"]);
    expect(world.importedIds()).toEqual([other, deployment]);
    expect(world.program()).toContain("  agent: other,\n");
    expect(world.program()).not.toContain(agent);
  },
);

test("an imported deployment keeps its version of the agent, even if the agent has a newer version or is archived", async () => {
  const { agent } = world.createOne();
  world.api.agents.bumpVersion(agent);
  const gone = world.create("gone", {}, "agent");
  world.create("orphan", { agent: gone });
  world.api.agents.archive(gone);
  expect(await world.into("--all")).toMatchObject({ status: 0, stderr: "" });
  expect(world.importedIds()).not.toContain(gone);
  expect(world.program()).toContain("  agent: { id: reporter.id, version: 1 },\n");
  expect(world.program()).toContain(`  agent: { id: "${gone}", version: 1 },\n`);
});

test("the command prints its progress for each kind", async () => {
  for (let count = 0; count < 30; count += 1) {
    world.create(`e${count}`, {}, "environment");
    world.create(`a${count}`, {}, "agent");
  }
  const { stderr } = await world.into("--all");
  expect(stderr).toBe("Read 25 environments ...\nRead 25 agents ...\n");
});

test("--workspace imports from that workspace, and the command prints how to configure the stack for it", async () => {
  const inWorkspace = world.api.deployments.create(
    {
      name: "daily",
      agent: world.api.agents.create({}, "mine", "ws_1").id,
      environment_id: world.api.environments.create({}, "mine", "ws_1").id,
      initial_events: [{ type: "user.message", content: "hello" }],
    },
    "mine",
    "ws_1",
  );
  const { stdout } = await world.into("--all", "--workspace", "ws_1");
  expect(world.importedIds()).toEqual([inWorkspace.environment_id, inWorkspace.agent.id, inWorkspace.id]);
  expect(stdout).toContain("pulumi config set qoder:workspaceId ws_1");
});
