import { ImportWorld, type Noun } from "./import-world";

let world: ImportWorld;
beforeEach(async () => {
  world = await ImportWorld.start();
});
afterEach(() => world.stop());

const nouns: readonly Noun[] = ["environment", "agent", "deployment"];
const labels = { environment: "QoderEnvironment", agent: "QoderAgent", deployment: "QoderDeployment" };
const into = (...args: string[]) => world.command("import", ...args, "--out", world.out);
const requests = () => world.api.requests.map(({ method, path }) => `${method} ${path}`);

/** Creates an environment `cloud`, an agent `reporter` and a deployment `daily`. */
function one(): Record<Noun, string> {
  const deployment = world.create("daily");
  const { agent, environment_id: environment } = world.references;
  return { environment, agent, deployment };
}

test("--all sends one GET for each kind, imports environments, agents and deployments, and the program has references", async () => {
  const { environment, agent, deployment } = one();
  const { status, stdout, stderr } = await into("--all");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(requests()).toEqual([
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
  const ids = one();
  expect(await into("--all", ...args)).toMatchObject({ status: 0, stderr: "" });
  expect(requests()).toEqual(taken.map((noun) => `GET /${noun}s`));
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

test("ids of several kinds are imported in any order, with one GET for each id", async () => {
  const { environment, agent, deployment } = one();
  expect(await into(deployment, agent, environment, agent)).toMatchObject({ status: 0, stderr: "" });
  expect(requests()).toEqual([
    `GET /environments/${environment}`,
    `GET /agents/${agent}`,
    `GET /deployments/${deployment}`,
  ]);
  expect(world.program()).toContain("  agent: reporter,\n  environmentId: cloud.id,\n");
});

test("--agent imports the deployments of an agent pinned to their version, and with --kind also the agent", async () => {
  const { agent } = one();
  const other = world.create("other", {}, "agent");
  const deployment = world.create("weekly", { agent: other });
  expect(await into("--agent", other)).toMatchObject({ status: 0, stderr: "" });
  expect(world.importedIds()).toEqual([deployment]);
  expect(world.program()).toContain(`  agent: { id: "${other}", version: 1 },\n`);
  world.api.clearRequests();
  expect(await into("--agent", other, "--kind", "agent,deployment", "--force")).toMatchObject({
    status: 0,
    stderr: "",
  });
  expect(requests()).toEqual([`GET /agents/${other}`, "GET /deployments"]);
  expect(world.importedIds()).toEqual([other, deployment]);
  expect(world.program()).toContain("  agent: other,\n");
  expect(world.program()).not.toContain(agent);
});

test("--agent with an unknown agent imports nothing", async () => {
  one();
  const { status, stderr } = await into("--agent", "agent_none", "--kind", "agent,deployment");
  expect(stderr).toContain("Left out: agent_none\n  this token sees no such agent");
  expect(stderr).toContain("There is nothing to take over");
  expect(status).toBe(1);
});

test("an imported deployment keeps its version of the agent, even if the agent has a newer version or is archived", async () => {
  const { agent } = one();
  world.api.agents.bumpVersion(agent);
  const gone = world.create("gone", {}, "agent");
  world.create("orphan", { agent: gone });
  world.api.agents.archive(gone);
  expect(await into("--all")).toMatchObject({ status: 0, stderr: "" });
  expect(world.importedIds()).not.toContain(gone);
  expect(world.program()).toContain("  agent: { id: reporter.id, version: 1 },\n");
  expect(world.program()).toContain(`  agent: { id: "${gone}", version: 1 },\n`);
});

test.each(["agent", "environment"] as const)(
  "an archived %s that is imported by its id is left out with the reason",
  async (noun) => {
    const id = one()[noun];
    world.api[`${noun}s`].archive(id);
    const { status, stderr } = await into(id);
    expect(stderr).toMatch(
      new RegExp(`^Left out: ${id} ".*"\n {2}archived at 20.*, which is for ever\nThere is nothing`),
    );
    expect(status).toBe(1);
  },
);

test.each(nouns)(
  "a list of %ss without an end is reported, and the objects that were read are imported",
  async (noun) => {
    const ids = one();
    const transform = (page: object) => ({ ...page, has_more: true, next_page: null });
    world.api.fault({ kind: "replace-body", method: "GET", path: `/${noun}s`, times: 40, transform });
    const { status, stderr } = await into("--all");
    const prefix = ids[noun].split("_")[0];
    expect(stderr).toMatch(
      new RegExp(`^Not all ${noun}s were read: GET /${noun}s says that .* by their ids \\(${prefix}_\\.\\.\\.\\)\n$`),
    );
    expect(world.importedIds()).toEqual(nouns.map((one) => ids[one]));
    expect(status).toBe(1);
  },
);

test("the command prints its progress for each kind", async () => {
  for (let count = 0; count < 30; count += 1) {
    world.create(`e${count}`, {}, "environment");
    world.create(`a${count}`, {}, "agent");
  }
  const { stderr } = await into("--all");
  expect(stderr).toBe("Read 25 environments ...\nRead 25 agents ...\n");
});
