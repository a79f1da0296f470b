import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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
import { bearer } from "../../support/auths";
import { skillMd } from "../../support/skill-folder";
import { deployment, ofPlugin, useToldPulumi } from "../stack/told-stack";
import { useImportWorld } from "./import-world";
import { inLine } from "./in-line";

const world = useImportWorld();
const told = useToldPulumi();
const here = (name: string) => world.here(name);
const textOf = (name: string) => world.textOf(name);
const second = () => world.line("qoder-2.ts");

const leftOut = (count: number) => `Left out ${count} objects that the stack or an import file has already\n`;

test("a second import adds what no import file of the folder contains, in new files that import the constants of the rest", async () => {
  world.createOne();
  await world.into("--all");
  const before = ["qoder.ts", "import.json"].map(textOf);
  const stderr = `${leftOut(3)}Nothing is new. No file was written\n`;
  expect(await world.into("--all")).toEqual({ status: 0, stdout: "", stderr });
  const environment_variables = "KEY=sk-live-8d1f2c7b9a3e4d5f6a7b8c9d0e1f2a3b";
  const environment_id = world.create("cloud", {}, "environment");
  const added = [world.create("nightly", { environment_variables }), world.create("daily", { environment_id })];
  const second = await world.into("--all");
  expect(second).toMatchObject({ status: 0, stderr: leftOut(3) });
  expect(world.importedIds("import-2.json")).toEqual([expect.stringMatching(/^env_/), ...added]);
  // The names of the first import are taken.
  const expected = `import * as pulumi from "@pulumi/pulumi";
import { QoderDeployment, QoderEnvironment, requireSettings } from "pulumi-qoder";
import { cloud, reporter } from "./qoder";

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
`;
  expect(world.declarations("qoder-2.ts")).toBe(inLine(expected));
  expect(textOf("qoder-2.ts")).toContain("the file import-2.json");
  expect(second.stdout).toContain(`pulumi import --file ${here("import-2.json")}`);
  expect(["qoder.ts", "import.json"].map(textOf)).toEqual(before);
  expect(await world.into("--all")).toMatchObject({ status: 0, stderr: expect.stringContaining("Left out 6 objects") });
});

test("a second import names constants with their versions, and by its id what a person has moved to another file, and says who does not follow that", async () => {
  const { environment, agent } = world.createOne();
  const moved = world.create("moved", {}, "agent");
  world.api.agents.bumpVersion(agent);
  await world.into("--all");
  const first = textOf("qoder.ts");
  writeFileSync(here("qoder.ts"), first.replace("export const moved", "const moved"));
  world.create("nightly", { agent: moved });
  world.create("older", { agent: { id: agent, type: "agent", version: 1 } });
  world.create("newest");
  const { status, stdout } = await world.into("--all");
  expect(status).toBe(0);
  expect(second()).toContain('import { cloud, reporter } from "./qoder";');
  expect(second()).toContain(`// QoderAgent "moved" of import.json agent: "${moved}", environmentId: cloud.id,`);
  expect(second()).toMatch(/"older", \{ .*agent: \{ id: reporter\.id, version: 1 \}.*"newest", \{ agent: reporter, /);
  expect(stdout).toContain(
    `QoderAgent "moved" of import.json is named by its id in nightly. Import its constant from your program and write that in place of "${moved}": then they follow its changes, and a removal takes them first.\n`,
  );
  expect(stdout).not.toContain(environment);
  expect(stdout).toContain("pulumi up, which sends nothing yet, but records which object needs which");
});

test.each([
  ["each resource is protected, in the program and by the import", ["--protect"], true],
  ["none is", [], false],
])("%s with the options %j", async (_, args, isProtected) => {
  world.createOne();
  const { stdout } = await world.into("--all", ...args);
  expect(world.line().match(/\{ protect: true \}/g) ?? []).toHaveLength(isProtected ? 3 : 0);
  expect(stdout).toContain(`--generate-code=false --protect=${isProtected} --yes`);
});

/** The account of the world is that of a stack with these resources. */
function inStackOf(...resources: readonly object[]): void {
  told.pulumi.holds(world.api.url, resources);
}

test("the text of a program changes nothing: the command reads no program", async () => {
  const { agent } = world.createOne();
  await world.into("--all");
  const alone = [world.program(), ...world.importedIds()];
  ["qoder.ts", "import.json"].map((written) => rmSync(here(written)));
  writeFileSync(
    here("index.ts"),
    `export const reporter = new QoderAgent("reporter", { model: "ultimate", adopt: "${agent}" });\n`,
  );
  expect(await world.into("--all")).toMatchObject({ status: 0, stderr: "" });
  expect([world.program(), ...world.importedIds()]).toEqual(alone);
});

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
  const added = name === "import.json" ? "import-2.json" : "import.json";
  const written = readdirSync(world.out).filter((one) => /^import(-2)?\.json$/.test(one));
  expect(written).toEqual([...new Set([added, "import.json"])].sort());
  expect(world.importedIds(added)).toContain(agent);
});

const warning =
  "Warning: `import` does not read your program, so it may import objects of a stack a second time. Add --stack [NAME] to leave out what the stack manages\n";

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
  inStackOf();
  const environment = { ...world.environment, ...told.pulumi.environment };
  const ended = await world.printedWith(environment, "--all", "--out", world.out, ...args);
  expect(ended).toMatchObject({ status: 0, stderr });
  expect(world.program().match(/new Qoder/g)).toHaveLength(3);
});

test("a setting of a second import has another name than one of the first, of whichever kind its object is", async () => {
  const secret = (letter: string) => ({ token: `ghp_${letter.repeat(36)}` });
  world.create("daily", { metadata: secret("a") }, "agent");
  const { stdout } = await world.into("--all");
  expect(stdout).toContain("pulumi config set --secret dailyToken\n");
  expect(stdout).not.toContain("will send");
  world.create("daily", { metadata: secret("b") }, "environment");
  await world.into("--all");
  expect(world.program()).toContain('token: config.requireSecret("dailyToken")');
  expect(second()).toContain('token: config.requireSecret("dailyEnvironmentToken")');
});

const resource = (label: { readonly type: string }, name: string, id: string, more: object = {}) => {
  const one = JSON.stringify(deployment(name, id, "default", more));
  return JSON.parse(one.replaceAll(deployments.type, label.type));
};
const inStack = (...args: string[]) => world.printedWith({ ...told.pulumi.environment }, ...args);

test("--stack alone with --dry-run lists what the stack does not manage, in its account, and writes nothing", async () => {
  const { environment, agent, deployment: daily } = world.createOne();
  const vault = world.vault("tracker");
  const credential = world.credential(vault, bearer);
  const { replaced, read, leaving } = world.createAll("replaced", "read", "leaving");
  inStackOf(
    resource(agents, "reporter", agent),
    resource(vaults, "tracker", vault),
    resource(vaultCredentials, "token", credential),
    resource(deployments, "replaced", replaced, { pendingReplacement: true }),
    resource(deployments, "read", read, { external: true }),
    resource(deployments, "leaving", leaving, { delete: true }),
    ofPlugin(deployment("daily", daily)),
  );
  const { status, stdout, stderr } = await inStack("--stack", "prod", "--dry-run", "--out", world.out);
  const listed = [`deployment   ${replaced} "replaced"`, `deployment   ${read} "read"`];
  expect([status, stdout]).toEqual([0, [`environment  ${environment} "cloud"`, ...listed, ""].join("\n")]);
  const would = "Without --dry-run the command imports 1 environment and 2 deployments. No file was written\n";
  expect(stderr).toBe(`${leftOut(5)}${would}`);
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
  const { agent, environmentId: environment } = world;
  const old = world.create("old", {}, "agent");
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
  const triage = world.create("triage", { agent: members[1], vault_ids: [vault, "vault_elsewhere"], resources });
  inStackOf(
    resource(environments, "cloud */ \u2028\n process.exit()", environment),
    resource(skillKind, "review", skill.id),
    resource(files, "glossary", file),
    resource(agents, "reporter", agent),
    resource(agents, "old", old, { outputs: { version: 2 } }),
    resource(vaults, "tracker", vault),
    resource(memoryStores, "lessons", store),
  );
  world.api.clearRequests();
  const { status, stderr } = await inStack("--stack", "--kind", "agent,deployment", "--out", world.out);
  expect([status, stderr]).toEqual([0, leftOut(2)]);
  expect(world.requests).toEqual(["GET /agents", "GET /deployments"]);
  const expected = `import { QoderAgent, QoderDeployment } from "pulumi-qoder";

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

export const triage = new QoderDeployment("triage", {
  agent: {
    // QoderAgent "old" of the stack
    id: "${old}",
    version: 1,
  },
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
`;
  expect(world.declarations()).toBe(inLine(expected));
  expect(world.importedIds()).toEqual([lead, triage]);
  // The engine would otherwise see a removed version as a change.
  expect(JSON.parse(textOf("import.json")).resources[0].inputs.multiagent.agents).toEqual([
    { type: "agent", id: agent },
    { type: "agent", id: old, version: 1 },
  ]);
});

test.each([
  ["imports", []],
  ["copies", ["--copy"]],
])("--dry-run without a stack lists what a command that %s would write", async (does, args) => {
  const { deployment: id } = world.createOne();
  const { status, stdout, stderr } = await world.into("--all", "--dry-run", ...args);
  expect([status, stdout.split("\n").length]).toEqual([0, 4]);
  expect(stdout).toContain(`deployment   ${id} "daily"`);
  const all = "1 environment, 1 agent and 1 deployment";
  expect(stderr).toBe(`Without --dry-run the command ${does} ${all}. No file was written\n`);
  expect(readdirSync(world.folder)).toEqual([]);
});

test("--stack does not go with --copy", async () => {
  expect(await world.printed("--all", "--copy", "--stack", "prod")).toMatchObject({
    status: 64,
    stderr: expect.stringContaining("--stack does not go with --copy, which copies what stacks manage too"),
  });
});
