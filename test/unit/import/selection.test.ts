import { kindNames, kinds } from "../../../provider/kinds/table";
import { type Noun, useImportWorld } from "./import-world";

const world = useImportWorld();

test("--help names each kind of the table but runs, which cannot be imported, and says that no program is read", async () => {
  const help = (await world.printed("--help")).stdout.replace(/\s+/g, " ");
  const words = /only these kinds, with commas or given again: ([a-z, -]+)/.exec(help)?.[1] ?? "";
  for (const name of kindNames.filter((one) => one !== "DeploymentRun")) {
    expect(words).toContain(kinds[name].noun.replace(" ", "-").replace("vault-credential", "credential"));
  }
  expect(help).toContain(
    "The command does not read your program: without --stack it skips only objects in import files of the folder;",
  );
});

test.each<[string, string]>([
  ["--out x", "nothing is selected; give ID ..., --all, --agent ID or --stack [NAME]"],
  [
    "dep_1 vcred_1",
    '"vcred_1" is not an id of any kind: environment (env_...), skill (skill_...), file (file_...), agent (agent_...), vault (vault_...), vault credential (vault_.../vcred_...), memory store (memstore_...), deployment (dep_...)',
  ],
  ["--all --kind deployments", '"deployments" is not a kind; did you mean deployment?'],
  [
    "--all --kind x",
    '"x" is not a kind; known are environment, skill, file, agent, vault, vault credential, memory store, deployment',
  ],
  ["--kind agent", "--kind limits --all and --agent; give one of them as well"],
  ["dep_1 --kind agent", "--kind limits --all and --agent; an id says its kind itself"],
  ["--agent agent_1 --kind agent,environment", "--agent selects no environment; take it out of --kind"],
  ["--agent agent_1 --kind deployment,credential", "--agent selects no vault credential; take it out of --kind"],
])("the wrong command line %j is answered with one line that names the mistake", async (line, reason) => {
  const stderr = `pulumi-qoder: ${reason}${reason.endsWith("?") ? "" : "."} See \`npx pulumi-qoder import --help\`\n`;
  expect(await world.printed(...line.split(" "))).toEqual({ status: 64, stdout: "", stderr });
  expect(world.requests).toEqual([]);
});

test("--all sends one GET for each kind, imports environments, agents and deployments, and the program has references", async () => {
  const { environment, agent, deployment } = world.createOne();
  const { status, stdout, stderr } = await world.into("--all");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const collections = ["environments", "skills", "files", "agents", "vaults", "memory_stores", "deployments"];
  expect(world.requests).toEqual(collections.map((one) => `GET /${one}`));
  expect(world.importedIds()).toEqual([environment, agent, deployment]);
  expect(world.line()).toContain("agent: reporter, environmentId: cloud.id,");
  expect(stdout).toContain("Wrote 1 environment, 1 agent and 1 deployment to ");
  expect(stdout).toMatch(/^ {2}4\. pulumi up, which sends nothing yet, but records which object needs which/m);
});

test.each<[string, readonly Noun[]]>([
  ["--kind deployment", ["deployment"]],
  ["--kind deployment --kind agent", ["agent", "deployment"]],
  ["--kind deployment,environment", ["environment", "deployment"]],
  ["--kind deployment,agent --kind=environment,agent", ["environment", "agent", "deployment"]],
])("--all %s reads and imports only these kinds: %j", async (line, taken) => {
  const ids = world.createOne();
  const agent = taken.includes("agent") ? "reporter" : '{ id: "reporter", version: 1 }';
  const cloud = taken.includes("environment") ? "cloud.id" : '"cloud"';
  expect(await world.into("--all", ...line.split(" "))).toMatchObject({ status: 0, stderr: "" });
  expect(world.requests).toEqual(taken.map((noun) => `GET /${noun}s`));
  expect(world.importedIds()).toEqual(taken.map((noun) => ids[noun]));
  expect(world.inWords(world.line())).toContain(`agent: ${agent}, environmentId: ${cloud},`);
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

test("ids of several kinds are imported in any order, those of a kind in their order, each once and with one GET", async () => {
  const { environment, agent, deployment } = world.createOne();
  const second = world.create("second");
  expect(await world.into(second, deployment, agent, environment, second)).toMatchObject({ status: 0, stderr: "" });
  expect(world.importedIds()).toEqual([environment, agent, second, deployment]);
  expect(world.requests).toEqual([
    ...[`GET /environments/${environment}`, `GET /agents/${agent}`],
    ...[`GET /deployments/${second}`, `GET /deployments/${deployment}`],
  ]);
  expect(world.line()).toContain("agent: reporter, environmentId: cloud.id,");
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
    expect(world.line()).toContain(` agent: { id: "${other}", version: 1 },`);
    world.api.clearRequests();
    const both = ["--agent", other, "--kind", "agent,deployment", "--force"];
    expect(await world.into(...both)).toMatchObject({ status: 0, stderr: "" });
    expect(world.requests).toEqual([`GET /agents/${other}`, "GET /deployments"]);
    expect(world.importedIds()).toEqual([other, deployment]);
    expect(world.program()).toContain("  agent: other,\n");
    expect(world.program()).not.toContain(agent);
  },
);

test("--workspace imports from that workspace, and the command prints how to configure the stack for it", async () => {
  const agent = world.api.agents.create({}, "mine", "ws_1").id;
  const environment_id = world.api.environments.create({}, "mine", "ws_1").id;
  const initial_events = [{ type: "user.message", content: "hello" }];
  const body = { name: "daily", agent, environment_id, initial_events };
  const { id } = world.api.deployments.create(body, "mine", "ws_1");
  const { stdout } = await world.into("--all", "--workspace", "ws_1");
  expect(world.importedIds()).toEqual([environment_id, agent, id]);
  expect(stdout).toContain("pulumi config set qoder:workspaceId ws_1");
});

test("--dry-run names the label of the owner of an object", async () => {
  world.create("daily", { metadata: { owner: "reports/prod" } });
  const { stdout } = await world.into("--all", "--kind", "deployment", "--dry-run");
  expect(stdout).toMatch(/^deployment +dep_\w+ "daily" +of reports\/prod$/m);
});

test("a variable whose name says that it holds a secret becomes a secret of the configuration, and other variables stay in the program", async () => {
  const secret = { API_TOKEN: "correct-horse", smtp_password: "battery-staple" };
  const plain = {
    MAX_TOKENS: "40960000",
    DEBUG_TOKEN: "1",
    SORT_KEY: "created_at",
    TOKEN_URL: "https://id.example.com",
  };
  const text = Object.entries({ ...secret, ...plain })
    .map(([name, value]) => `${name}=${value}`)
    .join(";");
  world.create("triage", { environment_variables: text });
  const { stdout } = await world.into("--all", "--kind", "deployment");
  const program = world.program();
  expect(program).toContain('API_TOKEN: config.requireSecret("triageApiToken")');
  expect(program).toContain('config.requireSecret("triageSmtpPassword")');
  expect(program + stdout).not.toMatch(/correct-horse|battery-staple/);
  expect(stdout).toContain("pulumi config set --secret triageApiToken");
  for (const [name, value] of Object.entries(plain)) {
    expect(program).toContain(`${name}: "${value}"`);
  }
});
