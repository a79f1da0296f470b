import { readdirSync } from "node:fs";
import { addThirtyObjects } from "../../support/thirty-objects";
import { useImportWorld } from "./import-world";

const world = useImportWorld();

const copy = (...args: string[]) => world.into("--copy", ...args);

const anyId = /\b(?:env|skill|file|agent|vault|vcred|memstore|dep)_[0-9a-f]{8,}/;

test("a copy of 30 objects of all kinds contains no id, and has references, contents as files and secrets as settings", async () => {
  expect(addThirtyObjects(world.api)).toHaveLength(30);
  const { status, stdout, stderr } = await copy("--all");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(world.requests.filter((request) => !request.startsWith("GET "))).toEqual([]);
  const program = world.line();
  expect(program).not.toMatch(anyId);
  expect(program).not.toMatch(/adopt|import\.json|ignoreChanges|only Qoder|known to Qoder|ghp-|tok-/);
  expect(readdirSync(world.out).sort()).toEqual(["files", "qoder.ts", "skills"]);
  expect(world.textOf("files/glossary.md")).toBe("# glossary.md\n");
  const required = [
    "mcpExampleComToken",
    "githubTokenSecretValue",
    "mcpExampleCom2Token",
    ...["AccessToken", "RefreshToken", "ClientSecret"].map((member) => `mcpExampleComCalendar${member}`),
  ];
  const optional = "reviewDeploymentAuthorizationToken";
  for (const part of [
    "Written by `npx pulumi-qoder import --copy`.",
    `requireSettings({ secret: [${required.map((name) => `"${name}"`).join(", ")}] });`,
    `authorizationToken: config.getSecret("${optional}")`,
    'skills: [review, { type: "custom", skillId: report.id }]',
    'skills: [{ type: "qoder", skillId: "skill_pdf" }, triage]',
    '{ type: "agent", id: tracker.id, version: tracker.version }',
    "memoryStoreId: lessons.id",
    "vaultIds: [shared, ownVault]",
    'rubric: { type: "file", fileId: rulesMd.id }',
    'new QoderDeployment("older", { agent: tracker,',
  ]) {
    expect(program).toContain(part);
  }
  const paused = "// Without this line the copy runs beside its original. paused: true";
  expect(program.split(paused)).toHaveLength(1 + 8);
  expect(program.match(/paused: /g)).toHaveLength(8);
  for (const part of [
    "Wrote the copies of 3 environments, 3 skills, 3 files, 4 agents, 3 vaults, 4 vault credentials, 2 memory stores and 8 deployments",
    ...required.map((name) => `pulumi config set --secret ${name}\n`),
    `needs its token or password: ${optional}\n`,
    /^older: it uses version 1 of agent agent_\w+; its copy uses the copy of version 2$/m,
    /^lead: it uses version 1 of agent agent_\w+; its copy uses the copy of version 2$/m,
    "8 deployments will be paused: remove `paused: true` to start one, which then runs beside its original.\n",
  ]) {
    expect(stdout).toEqual(part instanceof RegExp ? expect.stringMatching(part) : expect.stringContaining(part));
  }
});

test("the copy names what it lacks: archived objects, objects that name others outside of the selection, entries, contents", async () => {
  const { api } = world;
  const names = world.createOne();
  const old = world.create("old", {}, "agent");
  const team = (...agents: string[]) => ({ multiagent: { type: "coordinator", agents } });
  const tools = [{ type: "agent_toolset_20260401" }];
  const lead = world.create("lead", { tools, ...team(old) }, "agent");
  const under = world.create("under", { agent: lead });
  api.agents.archive(old);
  const [one, other] = [world.create("left", { tools }, "agent"), world.create("right", { tools }, "agent")];
  api.agents.overwrite(one, team(other));
  api.agents.overwrite(other, team(one));
  for (const [name, entries] of Object.entries({ none: [], note: ["a"], lessons: ["a", "b", "c"] })) {
    const store = api.memoryStores.create({ name }).id;
    entries.map((entry) => api.memoryStores.remember(store, entry));
  }
  api.switches.fileContentOfUploads = 403;
  const hidden = api.files.create({ filename: "hidden.md" }).id;
  const reading = world.create("reading", { resources: [{ type: "file", file_id: hidden }] });
  const far = world.create("far", { vault_ids: ["vault_elsewhere"] });
  const { status, stdout, stderr } = await copy("--all");
  expect(status).toBe(1);
  const lines = stderr.split("Skipped: ").slice(1);
  const told = (id: string) => lines.find((line) => line.startsWith(id)) ?? "nothing";
  expect(told(old)).toMatch(/^agent_\w+ "old"\n {2}was archived at .* cannot be restored\n$/);
  expect(told(hidden)).toContain("the service does not give its content back");
  expect(told(lead)).toContain(`it uses the agent ${old}, which is not among the copies. Select it as well`);
  expect(told(under)).toContain(`it uses the agent ${lead} "lead", which cannot be created before it`);
  expect(told(one)).toContain(`it uses the agent ${other} "right", which cannot be created before it`);
  expect(told(other)).toContain(`it uses the agent ${one} "left", which cannot be created before it`);
  expect(told(reading)).toContain(`it uses the file ${hidden}`);
  expect(told(far)).toContain("it uses the vault vault_elsewhere, which is not among the copies");
  expect(stdout.match(/^.* its copy is empty: .*$/gm)).toEqual([
    "note: its copy is empty: the entry of the original stays there.",
    "lessons: its copy is empty: the 3 entries of the original stay there.",
  ]);
  const program = world.line();
  expect(program).toContain('new QoderDeployment("daily", { agent: reporter, environmentId: cloud.id,');
  expect(program.match(/new Qoder/g)).toHaveLength(6);
  expect(program).not.toMatch(anyId);

  const alone = await world.printed("--copy", names.deployment);
  expect(alone).toMatchObject({ status: 1, stdout: "" });
  expect(alone.stderr).toContain(`it uses the agent ${names.agent}`);
  expect(alone.stderr).toContain(`it uses the environment ${names.environment}`);
});

test("an archived object that is only in a list fails no copy, and the list of files is read as it is", async () => {
  world.createOne();
  const old = world.create("old", {}, "environment");
  world.api.environments.archive(old);
  const stderr = expect.stringMatching(/^Skipped: env_\w+ "old"\n {2}was archived/);
  expect(await copy("--all")).toMatchObject({ status: 0, stderr });
  expect(await world.printed("--copy", old)).toMatchObject({ status: 1 });
});

test("a second copy into the folder declares all objects again, in a new file, and warns of both", async () => {
  world.createOne();
  await copy("--all");
  const before = world.program();
  const { status, stdout, stderr } = await copy("--all");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain('import "./qoder-2";');
  expect(stdout).toContain(
    "`import` does not read your program: if another file declares one of these copies too, `pulumi preview` fails with a duplicate URN.\n",
  );
  expect(readdirSync(world.out).sort()).toEqual(["qoder-2.ts", "qoder.ts"]);
  expect(world.textOf("qoder-2.ts")).toBe(before);
  expect(world.program()).toBe(before);
});
