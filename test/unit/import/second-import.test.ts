import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  agents,
  deployments,
  environments,
  files,
  memoryStores,
  skills as skillKind,
  vaultCredentials,
  vaults,
} from "../../../provider/kinds/table";
import { skillMd } from "../../support/skill-folder";
import { deployment, ofPlugin, provider, useToldPulumi } from "../stack/told-stack";
import { token, useImportWorld } from "./import-world";

const world = useImportWorld();
const told = useToldPulumi();
const here = (name: string) => join(world.out, name);
const textOf = (name: string) => readFileSync(here(name), "utf8");
const oneLine = (name: string) => textOf(name).replace(/\s+/g, " ");
const declarationsOf = (name: string) => textOf(name).slice(textOf(name).indexOf("\nimport") + 1);
const idsIn = (name: string) => JSON.parse(textOf(name)).resources.map(({ id }: { id: string }) => id);

test("a second import adds what no import file of the folder contains, in new files that import the constants of the rest", async () => {
  world.createOne();
  await world.into("--all");
  const before = ["deployments.ts", "import.json"].map(textOf);
  expect(await world.into("--all")).toEqual({
    status: 0,
    stdout: "",
    stderr: "Left out 3 objects that the stack or an import file has already\nNothing is new. No file was written\n",
  });
  const added = [
    world.create("nightly", { environment_variables: "KEY=sk-live-8d1f2c7b9a3e4d5f6a7b8c9d0e1f2a3b" }),
    world.create("daily", { environment_id: world.create("cloud", {}, "environment") }),
  ];
  const { status, stdout, stderr } = await world.into("--all");
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: "Left out 3 objects that the stack or an import file has already\n",
  });
  expect(idsIn("import-2.json")).toEqual([expect.stringMatching(/^env_/), ...added]);
  // The names of the first import are taken.
  expect(declarationsOf("deployments-2.ts")).toBe(`import * as pulumi from "@pulumi/pulumi";
import { QoderDeployment, QoderEnvironment, requireSettings } from "pulumi-qoder";
import { cloud, reporter } from "./deployments";

requireSettings({ secret: ["nightlyKey"] });
export const config = new pulumi.Config();

export const cloud2 = new QoderEnvironment("cloud-2", {
  name: "cloud",
  config: {
    type: "cloud",
    // The API shows no networking here. If it is not limited, say so as the first change after the import:
    // networking: { type: "unrestricted" },
  },
});

export const nightly = new QoderDeployment("nightly", {
  agent: reporter,
  environmentId: cloud.id,
  initialEvents: "hello",
  environmentVariables: { KEY: config.requireSecret("nightlyKey") },
});

export const daily2 = new QoderDeployment("daily-2", {
  name: "daily",
  agent: reporter,
  environmentId: cloud2.id,
  initialEvents: "hello",
});
`);
  expect(textOf("deployments-2.ts")).toContain("the file import-2.json");
  expect(stdout).toContain(`pulumi import --file ${here("import-2.json")}`);
  expect(["deployments.ts", "import.json"].map(textOf)).toEqual(before);
  expect(await world.into("--all")).toMatchObject({ status: 0, stderr: expect.stringContaining("Left out 6 objects") });
});

test("what a person has moved to another file is named by its id, and the command says who does not follow it", async () => {
  const { environment, agent } = world.createOne();
  await world.into("--all");
  const first = textOf("deployments.ts");
  writeFileSync(here("deployments.ts"), first.replace("export const reporter", "const reporter"));
  world.create("nightly");
  const { status, stdout } = await world.into("--all");
  expect(status).toBe(0);
  expect(oneLine("deployments-2.ts")).toContain('import { cloud } from "./deployments";');
  expect(oneLine("deployments-2.ts")).toContain(
    `// QoderAgent "reporter" of import.json agent: "${agent}", environmentId: cloud.id,`,
  );
  expect(stdout).toContain(
    `QoderAgent "reporter" of import.json is named by its id in nightly. Import its constant from your program and write that in place of "${agent}": then they follow its changes, and a removal takes them first.\n`,
  );
  expect(stdout).not.toContain(environment);
  expect(stdout).toContain("pulumi up, which sends nothing yet, but records which object needs which");
});

test("an import of an older version of a managed agent names its constant and the version", async () => {
  const { agent } = world.createOne();
  world.api.agents.bumpVersion(agent);
  await world.into("--all");
  world.create("older", { agent: { id: agent, type: "agent", version: 1 } });
  world.create("newest", { agent: { id: agent, type: "agent", version: 2 } });
  await world.into("--all");
  expect(oneLine("deployments-2.ts")).toMatch(/"older", \{ .*agent: \{ id: reporter\.id, version: 1 \}/);
  expect(oneLine("deployments-2.ts")).toMatch(/"newest", \{ agent: reporter, /);
});

test.each([
  ["with --protect each resource is protected, in the program and by the import", ["--protect"], true],
  ["without --protect none is", [], false],
])("%s", async (_, args, isProtected) => {
  world.createOne();
  const { stdout } = await world.into("--all", ...args);
  const declared = textOf("deployments.ts").match(/^export const \w+ = new /gm) ?? [];
  expect(textOf("deployments.ts").match(/\{ protect: true \}/g) ?? []).toHaveLength(isProtected ? declared.length : 0);
  expect(stdout).toContain(`--generate-code=false --protect=${isProtected} --yes`);
});

const firstText = (ids: Readonly<Record<"agent" | "environment" | "deployment", string>>) => `
import { QoderAgent, QoderDeployment as Job, QoderEnvironment } from "pulumi-qoder";
const team = "reporter";
export const reporter = new QoderAgent("reporter", { model: "ultimate", adopt: "${ids.agent}" });
export const cloud = new QoderEnvironment(\`\${team}-cloud\`, { name: "cloud" });
export const daily = new Job(team, { name: "daily", adopt: "${ids.deployment}" });
//   reporter: ${ids.agent}
//   cloud: ${ids.environment}
export const other = config.requireSecret("dailyToken");
`;

test.each(["index.ts", "skills/evil/run.ts"])(
  "the text of the program %s changes nothing: the command reads no program",
  async (name) => {
    const ids = world.createOne();
    world.create("daily", { metadata: { token: "ghp_abcdefghijklmnopqrstuvwxyz0123456789" } });
    await world.into("--all");
    const alone = [world.program(), ...world.importedIds()];
    ["deployments.ts", "import.json"].map((written) => rmSync(here(written)));
    mkdirSync(dirname(here(name)), { recursive: true });
    writeFileSync(here(name), firstText(ids));
    expect(await world.into("--all")).toMatchObject({ status: 0, stderr: "" });
    expect([world.program(), ...world.importedIds()]).toEqual(alone);
  },
);

const importFile = (id: string, origin: string) =>
  JSON.stringify({ resources: [{ type: agents.type, name: "reporter", id, inputs: { __origin: origin } }] });

test.each<[string, string, (id: string) => string]>([
  ["in a downloaded skill", "skills/evil/import.json", (id) => importFile(id, `imported::${id}::reporter`)],
  ["in a downloaded file", "files/import.json", (id) => importFile(id, `imported::${id}::reporter`)],
  ["of another name", "import.old.json", (id) => importFile(id, `imported::${id}::reporter`)],
  ["that another command wrote", "import.json", (id) => importFile(id, "org::project::dev")],
  ["about another object", "import.json", (id) => importFile(id, "imported::agent_other::reporter")],
  ["that is no JSON", "import.json", () => "{"],
  ["of another shape", "import.json", () => '{"resources":[null,{"id":7}]}'],
])("an import file %s hides no object", async (_, name, text) => {
  const { agent } = world.createOne();
  mkdirSync(dirname(here(name)), { recursive: true });
  writeFileSync(here(name), text(agent));
  expect(await world.into("--all")).toMatchObject({ status: 0, stderr: "" });
  expect(readdirSync(world.out).filter((one) => one === "import-2.json" || one === "import.json")).toHaveLength(
    name === "import.json" ? 2 : 1,
  );
  expect(idsIn(name === "import.json" ? "import-2.json" : "import.json")).toContain(agent);
});

const warning =
  "Warning: the command reads no program, so it may import objects of a stack a second time. Add --stack [NAME] to leave out what the stack manages\n";

test.each<[string, string, readonly string[], string]>([
  ["a project", "infra/Pulumi.yaml", [], warning],
  ["a folder of a project", "Pulumi.yaml", [], warning],
  ["a project in JSON", "infra/Pulumi.json", [], warning],
  ["a project, with --force", "infra/Pulumi.yaml", ["--force"], warning],
  ["a project, of copies", "infra/Pulumi.yaml", ["--copy"], ""],
  ["a project whose stack is known", "infra/Pulumi.yaml", ["--stack", "dev"], ""],
  ["a folder of no project", "infra/package.json", [], ""],
])("an import into %s prints one warning if it does not know the stack", async (_, file, args, stderr) => {
  world.createOne();
  mkdirSync(world.out);
  writeFileSync(join(world.folder, file), "{}");
  told.pulumi.config({ "qoder:pat": token, "qoder:baseUrl": world.api.url });
  told.pulumi.export(provider("default"));
  const environment = { ...world.environment, ...told.pulumi.environment };
  const ended = await world.printedWith(environment, "--all", "--out", world.out, ...args);
  expect(ended).toMatchObject({ status: 0, stderr });
  expect(world.program().match(/new Qoder/g)).toHaveLength(3);
});

test("a setting of a second import has another name than one of the first, of whichever kind its object is", async () => {
  const secret = (letter: string) => ({ token: `ghp_${letter.repeat(36)}` });
  world.create("daily", { metadata: secret("a") }, "agent");
  await world.into("--all");
  world.create("daily", { metadata: secret("b") }, "environment");
  await world.into("--all");
  expect(oneLine("deployments.ts")).toContain('token: config.requireSecret("dailyToken")');
  expect(oneLine("deployments-2.ts")).toContain('token: config.requireSecret("dailyEnvironmentToken")');
});

const resource = (label: { readonly type: string }, name: string, id: string, more: object = {}) => {
  const one = JSON.stringify(deployment(name, id, "default", more));
  return JSON.parse(one.replaceAll(deployments.type, label.type));
};
const inStack = (...args: string[]) => world.printedWith({ ...told.pulumi.environment }, ...args);

test("--stack alone with --dry-run lists what the stack does not manage, in its account, and writes nothing", async () => {
  const { environment, agent, deployment: daily } = world.createOne();
  const vault = world.api.vaults.create({ display_name: "tracker" }).id;
  const bearer = { type: "static_bearer", mcp_server_url: "https://mcp.example.com", token: "tok-9f2c" };
  const credential = `${vault}/${world.api.credentials.create(vault, { auth: bearer }).id}`;
  const [replaced, read, leaving] = ["replaced", "read", "leaving"].map((name) => world.create(name)).map(String);
  told.pulumi.config({ "qoder:pat": token, "qoder:baseUrl": world.api.url });
  told.pulumi.export(
    provider("default"),
    resource(agents, "reporter", agent),
    resource(vaults, "tracker", vault),
    resource(vaultCredentials, "token", credential),
    resource(deployments, "replaced", replaced ?? "", { pendingReplacement: true }),
    resource(deployments, "read", read ?? "", { external: true }),
    resource(deployments, "leaving", leaving ?? "", { delete: true }),
    ofPlugin(deployment("daily", daily)),
  );
  const { status, stdout, stderr } = await inStack("--stack", "prod", "--dry-run", "--out", world.out);
  expect({ status, stdout }).toEqual({
    status: 0,
    stdout: [
      `environment  ${environment} "cloud"`,
      `deployment   ${replaced} "replaced"`,
      `deployment   ${read} "read"`,
      "",
    ].join("\n"),
  });
  expect(stderr).toBe(
    "Left out 5 objects that the stack or an import file has already\nWithout --dry-run the command imports 1 environment and 2 deployments. No file was written\n",
  );
  expect(told.pulumi.asked().map((args) => args.slice(0, 2))).toEqual([
    ["stack", "export"],
    ["config", "--json"],
  ]);
  expect(told.pulumi.asked().every((args) => args.includes("--stack=prod"))).toBe(true);
  expect(readdirSync(world.folder)).toEqual([]);
  expect(world.requests.every((request) => request.startsWith("GET "))).toBe(true);
});

test("with --stack the program names each object of the stack by its id, with its resource in a comment, and follows its versions", async () => {
  const { api } = world;
  const { agent, environment } = world.createOne();
  const old = world.create("old", {}, "agent");
  const pinned = world.create("pinned", { agent: old });
  api.agents.bumpVersion(old);
  const skill = api.skills.create({ name: "review", files: { "SKILL.md": skillMd("review") } });
  const store = api.memoryStores.create({ name: "lessons" }).id;
  const vault = api.vaults.create({ display_name: "tracker" }).id;
  const file = api.files.create({ filename: "glossary.md", downloadable: true }).id;
  const members = [agent, old].map((id) => ({ type: "agent", id, version: 1 }));
  const tools = [{ type: "agent_toolset_20260401" }];
  const skills = [{ type: "custom", skill_id: skill.id, version: skill.latest_version }];
  const lead = world.create("lead", { tools, skills, multiagent: { type: "coordinator", agents: members } }, "agent");
  const resources = [
    { type: "memory_store", memory_store_id: store },
    { type: "file", file_id: file },
  ];
  const triage = world.create("triage", { vault_ids: [vault, "vault_elsewhere"], resources });
  told.pulumi.config({ "qoder:pat": token, "qoder:baseUrl": api.url });
  told.pulumi.export(
    provider("default"),
    resource(environments, "cloud */ \u2028\n process.exit()", environment),
    resource(skillKind, "review", skill.id),
    resource(files, "glossary", file),
    resource(agents, "reporter", agent),
    resource(agents, "old", old, { outputs: { version: 2 } }),
    resource(vaults, "tracker", vault),
    resource(memoryStores, "lessons", store),
    resource(deployments, "daily", "dep_elsewhere"),
  );
  world.api.clearRequests();
  const { status, stderr } = await inStack("--stack", "--kind", "agent,deployment", "--out", world.out);
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: "Left out 2 objects that the stack or an import file has already\n",
  });
  expect(world.requests).toEqual(["GET /agents", "GET /deployments"]);
  expect(declarationsOf("deployments.ts")).toBe(
    `import { QoderAgent, QoderDeployment } from "pulumi-qoder";

export const lead = new QoderAgent("lead", {
  model: "ultimate",
  tools: [{ type: "agent_toolset_20260401" }],
  skills: [
    {
      type: "custom",
      // QoderSkill "review" of the stack
      skillId: "${skill.id}",
    },
  ],
  multiagent: {
    type: "coordinator",
    agents: [
      {
        type: "agent",
        // QoderAgent "reporter" of the stack
        id: "${agent}",
      },
      {
        type: "agent",
        // QoderAgent "old" of the stack
        id: "${old}",
        version: 1,
      },
    ],
  },
});
`.concat(`
export const daily2 = new QoderDeployment("daily-2", {
  name: "daily",
  // QoderAgent "reporter" of the stack
  agent: "${agent}",
  // QoderEnvironment "cloud */ \\u2028\\n process.exit()" of the stack
  environmentId: "${environment}",
  initialEvents: "hello",
});

export const pinned = new QoderDeployment("pinned", {
  agent: {
    // QoderAgent "old" of the stack
    id: "${old}",
    version: 1,
  },
  // QoderEnvironment "cloud */ \\u2028\\n process.exit()" of the stack
  environmentId: "${environment}",
  initialEvents: "hello",
});

export const triage = new QoderDeployment("triage", {
  // QoderAgent "reporter" of the stack
  agent: "${agent}",
  // QoderEnvironment "cloud */ \\u2028\\n process.exit()" of the stack
  environmentId: "${environment}",
  initialEvents: "hello",
  resources: [
    {
      type: "memory_store",
      // QoderMemoryStore "lessons" of the stack
      memoryStoreId: "${store}",
    },
    {
      type: "file",
      // QoderFile "glossary" of the stack
      fileId: "${file}",
    },
  ],
  vaultIds: [
    // QoderVault "tracker" of the stack
    "${vault}",
    "vault_elsewhere",
  ],
});
`),
  );
  expect(idsIn("import.json")).toEqual([lead, expect.stringMatching(/^dep_/), pinned, triage]);
  // The engine would otherwise see a removed version as a change.
  expect(JSON.parse(textOf("import.json")).resources[0].inputs.multiagent.agents).toEqual([
    { type: "agent", id: agent },
    { type: "agent", id: old, version: 1 },
  ]);
});

test("--dry-run without a stack lists what an import or a copy would write", async () => {
  const { deployment: id } = world.createOne();
  for (const [args, does] of [
    [[], "imports"],
    [["--copy"], "copies"],
  ] as const) {
    const { status, stdout, stderr } = await world.into("--all", "--dry-run", ...args);
    expect(status).toBe(0);
    expect(stdout.split("\n")).toHaveLength(4);
    expect(stdout).toContain(`deployment   ${id} "daily"`);
    expect(stderr).toBe(
      `Without --dry-run the command ${does} 1 environment, 1 agent and 1 deployment. No file was written\n`,
    );
  }
  expect(readdirSync(world.folder)).toEqual([]);
});

test("--stack does not go with --copy", async () => {
  expect(await world.printed("--all", "--copy", "--stack", "prod")).toMatchObject({
    status: 64,
    stderr: expect.stringContaining("--stack does not go with --copy, which copies what stacks manage too"),
  });
});
