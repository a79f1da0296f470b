import { readdirSync } from "node:fs";
import { join } from "node:path";
import { folderOfNotes } from "../../provider/deployment-run/start-note";
import { EngineWorld } from "../support/engine-world";
import { LanguagesProject } from "../support/languages-project";
import { filesBelow, holdersOf, secrets } from "../support/secret-scan";

let world: EngineWorld;
let project: LanguagesProject;
beforeEach(async () => {
  world = await EngineWorld.start({ tokens: { [secrets.pat]: "default" } });
  project = await LanguagesProject.in(world);
  await project.newStack();
  await project.run("config", "set", "--secret", "qoder:pat", secrets.pat);
});
afterEach(() => world.stop());

const stored = () => holdersOf(filesBelow(join(world.folder, "state")));

/** The requests with all bytes, sorted because the engine sends independent requests in any order. */
function sent(): string[] {
  const lines = world.api.requests.map(({ method, path, query, headers, size, body }) => {
    const { "idempotency-key": key, authorization } = headers;
    return `${method} ${path} ${JSON.stringify([query, authorization, key !== undefined, size, body])}`;
  });
  world.api.clearRequests();
  return lines.map(withoutIds).sort();
}

/** Replaces ids and times, which differ in each life. */
function withoutIds(line: string): string {
  return line.replaceAll(/\w+_[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{4}-\d\d-\d\dT[\d:.]+Z/g, "ID");
}

const ref = (path: string) => `\${${path}}`;
const secretly = (text: string) => ({ "fn::secret": text });
const write = {
  yaml: (resources: Resources) => project.writeYaml(yamlOf(resources)),
  javascript: (resources: Resources) => project.writeJavaScript(javascriptOf(resources)),
};

/** The resources of the program, with every kind of secret. */
function team(system = "Write short reports.", daily: object = {}): Resources {
  return {
    reporter: [
      "Agent",
      { model: "ultimate", system, tools: [{ type: "agent_toolset_20260401", enabledTools: ["Read"] }] },
    ],
    cloud: ["Environment", { config: { type: "cloud", networking: { type: "unrestricted" } } }],
    tracker: ["Vault", {}],
    access: [
      "VaultCredential",
      {
        vaultId: ref("tracker.id"),
        auth: { type: "static_bearer", mcpServerUrl: "https://mcp.example.com", token: secretly(secrets.mcp) },
      },
    ],
    daily: [
      "Deployment",
      {
        agent: { id: ref("reporter.id"), version: ref("reporter.version") },
        environmentId: ref("cloud.id"),
        vaultIds: [ref("tracker.id")],
        schedule: { expression: "0 9 1 * 1", timezone: "Europe/Berlin" },
        environmentVariables: { KEY: secretly(secrets.variable), LEVEL: "info" },
        resources: [{ type: "git_repository", url: "https://git.example/b", password: secretly(secrets.git) }],
        metadata: { team: "platform", label: secretly(secrets.label) },
        budget: { maxCreditCost: "20" },
        description: "for the team",
        initialEvents: "Report on yesterday",
        ...daily,
      },
    ],
  };
}
const shorter = "Write shorter reports.";
const edited = {
  metadata: { team: "data" },
  budget: { maxCreditCost: "30" },
  environmentVariables: { LEVEL: "debug" },
};
const removed = { schedule: undefined, budget: undefined, description: undefined, resources: undefined, metadata: {} };

/** The warnings, errors and next runs in the output. */
function told(output: string): string[] {
  const runs = output.match(/\w{3} \d{4}-\d\d-\d\d \d\d:\d\d \(\d\d:\d\d UTC\).*$/gm) ?? [];
  const lines = output.match(/^ +(warning|error): (?!using pulumi-language).*$/gm) ?? [];
  const typed = lines.map((line) => withoutIds(line).trim().replace("pulumi-nodejs:dynamic/qoder:", "qoder:index:"));
  return [...new Set([...typed.sort(), ...runs])];
}

type Declare = (resources: Resources) => void;

/** Updates the stack with a program in each of the languages, then refreshes it; rejects if a command sees a change or sends a write. */
async function moved(...languages: readonly Declare[]): Promise<void> {
  for (const declare of languages) {
    declare(team());
    await project.upNothing();
    expect(stored()).toEqual([]);
  }
  expect(sent()).toEqual([]);
  await project.run("refresh", "--yes", "--skip-preview", "--expect-no-changes");
  expect(sent().filter((line) => !line.startsWith("GET"))).toEqual([]);
}

/**
 * Runs all commands from preview to destroy, and returns the requests and messages of each. On the way the five resources move to the
 * other language and back, and at the end the other language destroys them.
 */
async function lived(declare: Declare, other: Declare): Promise<Readonly<Record<string, readonly string[]>>> {
  const run = async (resources: Resources, command = "up") => {
    declare(resources);
    const output = await project.run(command, ...(command === "up" ? ["--yes", "--skip-preview"] : [])).catch(String);
    return [...sent(), ...told(output)];
  };
  const seen = {
    planned: await run(team(), "preview"),
    created: await run(team()),
    moved: await moved(other, declare).then(sent),
    edited: await run(team(shorter, edited)),
    refused: await run(team(shorter, { schedule: { expression: "75 9 * * *", timezone: "Mars" } }), "preview"),
  };
  const [deployment] = world.api.deployments.live();
  world.api.deployments.edit(deployment?.id ?? "", { description: "of somebody else" });
  await project.run("refresh", "--yes", "--skip-preview");
  const refreshed = sent();
  const repaired = await run(team(shorter, edited));
  const stripped = await run(team(shorter, removed));
  other(team(shorter, removed));
  await project.upNothing();
  expect([sent(), stored()]).toEqual([[], []]);
  await project.run("destroy", "--yes", "--skip-preview");
  return { ...seen, refreshed, repaired, stripped, destroyed: sent() };
}

// A component of a YAML program is a separate plugin: `test/ci/generated-sdks.test.ts` moves components.
test("from preview to destroy, a program in YAML and one in JavaScript send the same bytes and print the same messages, and resources of either move to the other and back without a request", async () => {
  world.api.switches.scheduleNull = "accept";
  const yaml = await lived(write.yaml, write.javascript);
  const javascript = await lived(write.javascript, write.yaml);
  expect(javascript).toEqual(yaml);
  const writes = Object.entries(yaml).map(([command, lines]) => [
    command,
    lines.filter((line) => /^(POST|DELETE)/.test(line)).length,
  ]);
  expect(Object.fromEntries(writes)).toEqual({
    ...{
      planned: 0,
      created: 5,
      moved: 0,
      edited: 2,
      refused: 0,
      refreshed: 0,
      repaired: 1,
      stripped: 1,
      destroyed: 5,
    },
  });
  expect(yaml["planned"]).toContainEqual(expect.stringMatching(/^warning: .*\[either-day\]$/));
  expect(yaml["planned"]).toContainEqual(expect.stringMatching(/09:00 \(08:00 UTC\) {2}0 9 1 \* 1 {2}daily$/));
  expect(yaml["refused"]).toContainEqual(expect.stringContaining("schedule.expression: "));
});

test.each(["yaml", "javascript"] as const)(
  "a program in %s gets the labels of the stack in its preview, and keeps each object under qoder:protect until one command allows its removal",
  async (language) => {
    await project.run("config", "set", "--path", "qoder:defaultMetadata.cost", "42");
    await project.run("config", "set", "qoder:protect", "true");
    write[language]({ lessons: ["MemoryStore", { metadata: { team: "data" } }], other: ["MemoryStore", {}] });
    expect(await project.run("preview", "--diff")).toMatch(/cost *: "42"/);
    await project.up();
    const [first, second] = world.api.memoryStores.live();
    expect([first?.metadata, second?.metadata]).toEqual(
      expect.arrayContaining([{ cost: "42", team: "data" }, { cost: "42" }]),
    );
    await project.previewNothing();
    write[language]({ other: ["MemoryStore", {}] });
    await expect(project.up()).rejects.toThrow("qoder:protect is true, so memstore_");
    await expect(project.run("destroy", "--yes", "--skip-preview")).rejects.toThrow("QODER_ALLOW_REMOVAL=memstore_");
    expect(world.api.memoryStores.live()).toHaveLength(2);
    const removed = [first, second].find((one) => one?.metadata["team"] === "data")?.id ?? "";
    await project.up({ QODER_ALLOW_REMOVAL: removed });
    expect(world.api.memoryStores.live().map(({ metadata }) => metadata)).toEqual([{ cost: "42" }]);
  },
);

test.each(["transforms", "transformations"])(
  "%s change the arguments of each resource, in a create and in an update, and leave no secret in plain text in the state",
  async (option) => {
    const program = (team: string) => `
      const pulumi = require("@pulumi/pulumi");
      const { QoderDeployment, QoderProvider } = require("pulumi-qoder");
      const labelled = ({ props, opts }) => ({
        props: "initialEvents" in props ? { ...props, metadata: { ...props.metadata, team: "${team}" } } : { ...props },
        opts,
      });
      const options = { ${option}: [labelled] };
      const provider = new QoderProvider("account", { pat: pulumi.secret("${secrets.pat}") }, options);
      new QoderDeployment("daily", {
        agent: "${world.agent}", environmentId: "${world.environmentId}", initialEvents: "Go",
        metadata: { label: pulumi.secret("${secrets.label}") },
        resources: [{ type: "git_repository", url: "https://git.example/b", password: "${secrets.git}" }],
      }, { provider, ...options });`;
    for (const team of ["a", "b"]) {
      project.writeJavaScript(program(team));
      await project.up();
      expect(world.live.metadata).toEqual({ label: secrets.label, team });
      expect(stored()).toEqual([]);
    }
    await project.previewNothing();
  },
);

test("`pulumi import` and the resource option import send no write, and the next preview is empty", async () => {
  const { id } = world.api.deployments.create({
    name: "nightly",
    agent: world.agent,
    environment_id: world.environmentId,
    initial_events: [{ type: "user.message", content: "Report" }],
    schedule: { type: "cron", expression: "0 3 * * *", timezone: "UTC" },
    environment_variables: "REGION=eu",
  });
  world.sent();
  project.writeYaml("");
  const printed = await project.run("import", "qoder:index:Deployment", "nightly", id, "--yes", "--protect=false");
  const [program = ""] = /^resources:\n(?: .*\n)+/m.exec(printed) ?? [];
  // Any variable may be a password.
  expect(program).toMatch(/REGION:\n +fn::secret: eu\n/);
  project.writeYaml(program);
  await project.previewNothing();
  await project.run("state", "delete", "--yes", "urn:pulumi:dev::languages::qoder:index:Deployment::nightly");
  project.writeYaml(`${program}    options: { import: ${id} }\n`);
  await project.up();
  await project.previewNothing();
  expect(sent().filter((line) => !line.startsWith("GET"))).toEqual([]);
});

const verbose = ["--yes", "--skip-preview", "--logtostderr", "--logflow", "-v", "9", "--debug"];

/** Drops the lines in which the language host of YAML logs the values of its program (pulumi/pulumi sdk/go/common/resource/plugin/rpc.go). */
function withoutHostLines(log: string): string {
  return log.replaceAll(/^.* rpc\.go:\d+\] (Unm|M)arshaling property for RPC\[\].*$/gm, "");
}

test("a create that failed in part leaves no secret in the state and in the most verbose log, and the next `pulumi up` sends the rest", async () => {
  const program = `
resources:
  daily:
    type: qoder:Deployment
    properties:
      agent: ${world.agent}
      environmentId: ${world.environmentId}
      initialEvents: [Report, { type: user.message, content: { "fn::secret": "${secrets.label}" } }]
      environmentVariables: { KEY: { "fn::secret": "${secrets.variable}" } }
      resources: [{ type: git_repository, url: "https://git.example/b", password: "${secrets.git}" }]
      metadata: { label: { "fn::secret": "${secrets.label}" } }
      paused: true
`;
  const error = { type: "invalid_request_error", message: `no pause with ${secrets.git}` };
  world.api.fault({ kind: "status", method: "POST", path: /\/pause$/, status: 400, body: { type: "error", error } });
  project.writeYaml(program);
  const failed = await project.run("up", ...verbose).then(() => "no failure", String);
  const called = 'QoderDeployment "daily" \\(dep_\\w+\\): create was done in part, the next `pulumi up` does the rest';
  expect(failed).toMatch(new RegExp(`error: ${called}: POST .* no pause with \\[secret\\]`));
  expect(failed).toMatch(new RegExp(`\\* ${called}; the reason is printed above`));
  expect(stored()).toEqual([]);
  const refreshed = await project.run("refresh", ...verbose);
  expect(stored()).toEqual([]);
  world.sent();
  const finished = await project.run("up", ...verbose);
  const logs = [failed, refreshed, finished];
  expect(logs.map((log) => log.includes("Provider["))).toEqual([true, true, true]);
  expect(holdersOf(logs.map((log) => ({ name: "log", text: withoutHostLines(log) })))).toEqual([]);
  expect(world.sent()).toEqual([["POST", `/deployments/${world.live.id}/pause`]]);
  expect(stored()).toEqual([]);
});

test("a preview of a YAML program prints each warning once and one table of next runs, and `up` prints only the warnings", async () => {
  const deployment = (name: string) => `
  ${name}:
    type: qoder:Deployment
    properties:
      agent: ${world.agent}
      environmentId: ${world.environmentId}
      initialEvents: Report
      schedule: { expression: "0 9 1 * 1", timezone: UTC }
`;
  project.writeYaml(`resources:${deployment("daily")}${deployment("weekly")}`);
  // The CLI also shows the warning in its table, which this pattern does not match.
  const warned = /^ {4}warning: QoderDeployment "daily", "weekly": "0 9 1 \* 1" has days .*\[either-day\]$/gm;
  const table = /Next runs, in the time of UTC:\n *\w{3} \d{4}-\d\d-\d\d 09:00 {2}0 9 1 \* 1 {2}daily, weekly\n/g;
  const preview = await project.run("preview");
  expect([preview.match(warned), preview.match(table)].map((found) => found?.length)).toEqual([1, 1]);
  const update = await project.up();
  expect(update.match(warned)).toHaveLength(1);
  expect(update).not.toContain("Next runs");
});

test("without a program and a state, `pulumi do` lists, creates, reads, changes and deletes what the account has", async () => {
  const { agents, environments, deployments, vaults } = world.api;
  const [agent, environment] = [agents.live()[0]?.id ?? "", environments.live()[0]?.id ?? ""];
  const events = [{ type: "user.message", content: "go" }];
  const made = Array.from({ length: 250 }, (_, index) =>
    deployments.create({ name: `daily-${index}`, agent, environment_id: environment, initial_events: events }),
  );
  const outside = (type: string, ...args: string[]) =>
    project.runOutside(
      secrets.pat,
      "do",
      "--package",
      "node_modules/pulumi-qoder/plugin/pulumi-resource-qoder",
      `qoder:index:${type}`,
      ...args,
    );
  const listed = async (...args: string[]): Promise<{ id: string; name: string }[]> =>
    JSON.parse(await outside("Deployment", "list", ...args));
  expect(await listed()).toEqual(made.map(({ id, name }) => ({ id, name })).reverse());
  deployments.pause(made[7]?.id ?? "");
  expect(await listed("--agent", agent, "--status", "paused")).toEqual([{ id: made[7]?.id, name: "daily-7" }]);
  expect(await listed("--count", "2")).toHaveLength(2);
  await expect(outside("Verdict", "list")).rejects.toThrow("Verdict");

  const create = () => outside("Vault", "create", "--stateless", "--yes", "--display-name", "tracker");
  await create();
  await create();
  const [id = "", other = ""] = vaults.live().map((vault) => vault.id);
  expect(other).toMatch(/^vault_/);
  expect(await outside("Vault", "read", id)).toContain("tracker");
  await expect(outside("Vault", "patch", id, "--stateless", "--yes", "--display-name", "other")).rejects.toThrow(
    "displayName: the API changes no vault. Create another vault and delete this one",
  );
  await outside("Vault", "delete", other, "--stateless", "--yes");
  expect(vaults.live().map((vault) => vault.id)).toEqual([id]);
  await outside("Deployment", "patch", made[0]?.id ?? "", "--stateless", "--yes", "--description", "for the team");
  expect(deployments.get(made[0]?.id ?? "")).toMatchObject({ name: "daily-0", description: "for the team" });
});

test("Pulumi's autonaming names the objects of each stack of a YAML program, and a later setting renames none", async () => {
  const resources =
    "resources:\n  reporter:\n    type: qoder:Agent\n    properties: { model: ultimate }\n  tracker:\n    type: qoder:Vault\n";
  const setting = (pattern: string) => `config:\n  pulumi:autonaming:\n    value: { pattern: "${pattern}" }\n`;
  project.writeYaml(`${setting(`${ref("name")}-${ref("stack")}`)}${resources}`);
  await project.up();
  const names = () => [
    ...world.api.agents.live().map(({ name }) => name),
    ...world.api.vaults.live().map((vault) => vault.display_name),
  ];
  expect(names()).toEqual([expect.anything(), "reporter-dev", "tracker-dev"]);
  project.writeYaml(`${setting(`${ref("name")}-${ref("hex(4)")}`)}${resources}`);
  await project.previewNothing();
  expect(names().slice(1)).toEqual(["reporter-dev", "tracker-dev"]);
});

/** Resources by their names, with their kinds and arguments: as in YAML, `${name.id}` is an output and `fn::secret` a secret. */
type Resources = Readonly<Record<string, readonly [kind: string, args: object]>>;

/** The program as JSON, which is also YAML. All resources use an explicit provider. */
function yamlOf(resources: Resources): string {
  const options = { provider: `\${account}` };
  const declared = Object.entries(resources).map(([name, [kind, properties]]) => [
    name,
    { type: `qoder:${kind}`, properties, options },
  ]);
  const account = { type: "pulumi:providers:qoder", properties: { pat: secrets.pat } };
  return `resources: ${JSON.stringify({ account, ...Object.fromEntries(declared) })}\n`;
}

/** The same program in JavaScript. */
function javascriptOf(resources: Resources): string {
  const declared = Object.entries(resources).map(([name, [kind, args]]) => {
    const written = JSON.stringify(args)
      .replaceAll(/"\$\{([\w.]+)\}"/g, "$1")
      .replaceAll(/\{"fn::secret":("[^"]*")\}/g, "pulumi.secret($1)");
    return `const ${name} = new qoder.Qoder${kind}("${name}", ${written}, { provider: account });`;
  });
  return [
    'const pulumi = require("@pulumi/pulumi");',
    'const qoder = require("pulumi-qoder");',
    `const account = new qoder.QoderProvider("account", { pat: "${secrets.pat}" });`,
    ...declared,
  ].join("\n");
}

test("in a YAML program `pulumi up --replace` of a gate starts another run, right after a gate that passed or failed", async () => {
  const { api } = world;
  const error = { type: "billing_error", message: "No credits are left." };
  let ending: { readonly error?: typeof error } = { error };
  api.fault({
    kind: "replace-body",
    method: "POST",
    path: /\/run$/,
    times: Number.POSITIVE_INFINITY,
    transform(run) {
      api.sessions.end(String(run["session_id"]), ending);
      return run;
    },
  });
  write.yaml({
    daily: ["Deployment", world.args()],
    gate: ["DeploymentRun", { deploymentId: ref("daily.id"), waitForResult: true }],
  });
  await expect(project.up()).rejects.toThrow("No credits are left");
  const urn = "urn:pulumi:dev::languages::qoder:index:DeploymentRun::gate";
  const replace = () => project.run("up", "--yes", "--skip-preview", "--replace", urn);
  ending = {};
  for (const count of [2, 3]) {
    await replace();
    expect(api.runs.all()).toHaveLength(count);
  }
  // The regular end of a command removes the note of each start.
  expect(readdirSync(folderOfNotes(world.environment))).toEqual([]);
  await project.upNothing();
  expect(api.runs.all()).toHaveLength(3);
});
