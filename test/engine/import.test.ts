import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JsonObject } from "../qoder-api/wire";
import { EngineWorld, repository } from "../support/engine-world";
import { run } from "../support/pulumi-cli/run";

let world: EngineWorld;
let project: string;
beforeEach(async () => {
  world = await EngineWorld.start();
  project = projectOfAUser();
});
afterEach(() => world.stop());

/** A project as `pulumi new typescript` makes it, with this package installed. */
function projectOfAUser(): string {
  const folder = join(world.folder, "project");
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@pulumi"), { recursive: true });
  symlinkSync(repository, join(modules, "pulumi-qoder"));
  symlinkSync(join(repository, "node_modules", "@pulumi", "pulumi"), join(modules, "@pulumi", "pulumi"));
  const compilerOptions = { strict: true, noUnusedLocals: true, target: "es2020", module: "node16", types: [] };
  const files = {
    "Pulumi.yaml": "name: taken-over\nruntime: nodejs\nmain: index.ts\n",
    "package.json": JSON.stringify({ name: "taken-over", dependencies: { "pulumi-qoder": "*" } }),
    "tsconfig.json": JSON.stringify({ compilerOptions, files: ["index.ts"] }),
    "index.ts": 'import "./deployments";\n',
  };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function inProject(program: string, ...args: string[]): Promise<string> {
  return run(program, args, { cwd: project, env: { ...world.environment, PULUMI_STACK: "dev" } });
}
const pulumi = (...args: string[]) => inProject(world.cli.executable, ...args, "--non-interactive", "--color=never");
const node = (...args: string[]) => inProject(process.execPath, ...args);

const says = (content: unknown) => ({ type: "user.message", content });
const github = { type: "github_repository", url: "https://github.com/acme/shop" };

/** Deployments as different as both generations of the API know them. */
const shapes: readonly JsonObject[] = [
  { name: "daily-report" },
  { name: "Daily Report" },
  { name: "daily_report", description: 'says "hello"' },
  { name: "日报" },
  { name: "日报 每周" },
  { name: "🚀" },
  { name: 'a "quoted" name\nin two lines \\ and `$' + "{more}`" },
  { name: "default" },
  { name: "2026" },
  { name: `${"a very long name ".repeat(14)}` },
  { name: "scheduled", schedule: { type: "cron", expression: "0 9 * * 1-5", timezone: "Asia/Shanghai" } },
  {
    name: "named-days",
    schedule: { type: "cron", expression: "*/15 8-18 * JAN-JUN MON,WED", timezone: "Europe/Berlin" },
  },
  { name: "lines", initial_events: [says("first line\nsecond line\t\u2028 end")] },
  { name: "one-block", initial_events: [says([{ type: "text", text: "hello" }])] },
  {
    name: "all-events",
    initial_events: [
      { type: "user.define_outcome", description: "d", rubric: { type: "text", content: "r" }, max_iterations: 5 },
      { type: "user.define_outcome", description: "d", rubric: { type: "file", file_id: "file_1" } },
      says([
        { type: "text", text: "look at" },
        { type: "image", source: { type: "url", url: "https://example.com/a.png" } },
        { type: "image", source: { type: "base64", media_type: "image/png", data: "AAAA" } },
        { type: "document", source: { type: "file", file_id: "file_2" }, title: "t", context: null },
      ]),
      { type: "system.message", content: [{ type: "text", text: "be short" }] },
    ],
  },
  {
    name: "all-resources",
    resources: [
      { ...github, authorization_token: "ghp_5e1d", checkout: { type: "branch", name: "main" } },
      { ...github, authorization_token: "ghp_5e1d", mount_path: "/second" },
      { type: "git_repository", url: "https://example.com/a.git", password: "pw_77", checkout: null },
      { type: "file", file_id: "file_1" },
      { type: "file", file_id: "file_2", mount_path: "/data" },
      { type: "memory_store", memory_store_id: "memstore_1" },
      { type: "memory_store", memory_store_id: "memstore_2", access: "read_only", instructions: "x\ny" },
    ],
  },
  { name: "vaults", vault_ids: ["vault_b", "vault_a"] },
  { name: "labels", metadata: { team: "platform", "a b": "c d", empty: "", type: "github_repository" } },
  { name: "paused-by-hand" },
  { name: "paused-by-error" },
];

const newerShapes: readonly JsonObject[] = [
  { name: "variables", environment_variables: "GREETING=hello big world;EMPTY=;URL=https://example.com/?a=b" },
  { name: "budget", budget: { type: "limit", max_credit_cost: "12.50" } },
];

const olderShapes: readonly JsonObject[] = [
  { name: "settings", metadata: { team: "x", cas_config: { config: { max_retries: 2 } } } },
  { name: "all-settings", metadata: { cas_config: { session_strategy: "reuse", config: { timeout_ms: 60_000 } } } },
];

function create(body: JsonObject) {
  return world.api.deployments.create({
    agent: world.agent,
    environment_id: world.environmentId,
    initial_events: [says("hello")],
    ...body,
  });
}

/** 25 of them, the oldest first. The names need not be unique: the account may hold equal ones. */
function fillAccount(generation: 1 | 2): string[] {
  Object.assign(world.api.switches, { generation, duplicateNames: "allow", fillDefaults: generation === 1 });
  const bodies = [...shapes, ...(generation === 1 ? olderShapes : newerShapes)];
  const same = Array.from({ length: 25 - bodies.length }, () => ({ name: "daily-report" }));
  return [...bodies, ...same].map((body) => {
    const { id, name } = create(body);
    if (name === "paused-by-hand") {
      world.api.deployments.pause(id);
    }
    if (name === "paused-by-error") {
      world.api.deployments.pauseByError(id, "agent_archived_error");
    }
    return id;
  });
}

test.each([1, 2] as const)(
  "25 deployments of generation %i are taken over without one write, and nothing is left to change",
  async (generation) => {
    const ids = fillAccount(generation);
    // The version that runs need not be the newest one.
    world.api.agents.bumpVersion(world.agent);
    await node(join(repository, "dist", "command", "import", "main.js"), "import", "--all", "--out", ".");
    await node(join(repository, "node_modules", "typescript", "bin", "tsc"), "--noEmit", "--project", ".");

    await pulumi("stack", "init", "dev");
    await pulumi("import", "--file", "import.json", "--generate-code=false", "--protect=false", "--yes");
    await pulumi("preview", "--expect-no-changes");
    await pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
    await pulumi("preview", "--expect-no-changes");
    expect(await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes")).toMatch(/26 unchanged/);
    await pulumi("refresh", "--yes", "--skip-preview", "--run-program");
    await pulumi("preview", "--expect-no-changes");

    const methods = new Set(world.api.requests.map(({ method }) => method));
    expect([...methods]).toEqual(["GET"]);
    const resources: { id?: string; type: string }[] = JSON.parse(await pulumi("stack", "export")).deployment.resources;
    const held = resources.filter(({ type }) => type === "pulumi-nodejs:dynamic/qoder:Deployment").map(({ id }) => id);
    expect([...held].sort()).toEqual([...ids].sort());
  },
);

test("the token that the API did not give back is the first change, and travels with the resources alone", async () => {
  const { id } = create({ name: "review", resources: [{ ...github, authorization_token: "ghp_5e1d" }] });
  await node(join(repository, "dist", "command", "import", "main.js"), "import", id, "--out", ".");
  await pulumi("stack", "init", "dev");
  await pulumi("import", "--file", "import.json", "--generate-code=false", "--protect=false", "--yes");
  const file = join(project, "deployments.ts");
  const withToken = readFileSync(file, "utf8").replace(/\/\/ (authorizationToken: )config\..*$/m, '$1"ghp_new",');
  writeFileSync(file, withToken);
  world.api.clearRequests();
  await pulumi("up", "--yes", "--skip-preview");
  expect(world.sent()).toEqual([
    ["POST", `/deployments/${id}`, { resources: [{ ...github, authorization_token: "ghp_new" }] }],
  ]);
  await pulumi("preview", "--expect-no-changes");
});
