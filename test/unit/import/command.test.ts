import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { QoderApi } from "../../qoder-api";
import type { Ended } from "../ended";
import { ImportWorld, token } from "./import-world";

let world: ImportWorld;
let api: QoderApi;
beforeEach(async () => {
  world = await ImportWorld.start();
  api = world.api;
});
afterEach(() => world.stop());

const create = (name: string, more: Readonly<Record<string, unknown>> = {}) => world.create(name, more);
const command = (...args: string[]): Promise<Ended> => world.command(...args);
const out = () => world.out;
const program = () => world.program();
const importedIds = () => world.importedIds();

test("--help prints the help, and a command without a selection prints the usage and fails", async () => {
  for (const args of [
    ["import", "--help"],
    ["import", "-h"],
    ["import", "--all", "--help"],
  ]) {
    expect(await command(...args)).toMatchObject({ status: 0, stderr: "", stdout: expect.stringContaining("--out") });
  }
  for (const args of [["import"], ["import", "--out", "x"]]) {
    expect(await command(...args)).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining("Usage:") });
  }
  expect(api.requests).toEqual([]);
});

test("a wrong command line is answered with one line that names the mistake", async () => {
  const rows = [
    [["import", "--al"], "Unknown option '--al'"],
    [["import", "--agent"], "Option '--agent <value>' argument missing"],
    [
      ["import", "dep_1", "vcred_1"],
      '"vcred_1" is not an id of any kind: environment (env_...), skill (skill_...), file (file_...), agent (agent_...), vault (vault_...), vault credential (vault_.../vcred_...), memory store (memstore_...), deployment (dep_...)',
    ],
    [["import", "--agent", "dep_1"], '"dep_1" is not the id of an agent (agent_...)'],
    [["import", "dep_1", "--all"], "give either ids, --all or --agent, not several of them"],
    [["import", "--all", "--kind", "deployments"], '"deployments" is not a kind; did you mean deployment?'],
    [
      ["import", "--all", "--kind", "x"],
      '"x" is not a kind; known are environment, skill, file, agent, vault, vault credential, memory store, deployment',
    ],
    [["import", "--kind", "agent"], "--kind limits --all and --agent; give one of them as well"],
    [["import", "dep_1", "--kind", "agent"], "--kind limits --all and --agent; an id says its kind itself"],
    [
      ["import", "--agent", "agent_1", "--kind", "agent,environment"],
      "--agent selects no environment; take it out of --kind",
    ],
    [
      ["import", "--agent", "agent_1", "--kind", "deployment,credential"],
      "--agent selects no vault credential; take it out of --kind",
    ],
  ] as const;
  for (const [args, reason] of rows) {
    const { status, stderr } = await command(...args);
    expect(stderr).toBe(`pulumi-qoder: ${reason}. See \`npx pulumi-qoder import --help\`\n`);
    expect(status).toBe(2);
  }
  expect(api.requests).toEqual([]);
});

test("without --out the command prints both texts, and names the option that writes files", async () => {
  const id = create("daily");
  const { status, stdout, stderr } = await command("import", id);
  expect(status).toBe(0);
  expect(stdout).toContain('new QoderDeployment("daily"');
  expect(stdout).toContain(`"id": "${id}"`);
  expect(stderr).toBe("Printed 1 deployment. Add --out FOLDER to have the two files written\n");
});

test("with --out the command writes both files and prints the next commands", async () => {
  const id = create("daily", { resources: [{ type: "github_repository", url: "https://github.com/acme/shop" }] });
  const { status, stdout, stderr } = await command("import", id, "--out", out());
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  expect(stdout).toContain(`pulumi import --file ${out()}/import.json --generate-code=false --protect=false --yes`);
  expect(stdout).toContain("pulumi preview --expect-no-changes");
  expect(stdout).toContain("set the secret that the API does not give back (authorizationToken)");
  expect(program()).toContain('new QoderDeployment("daily"');
  expect(importedIds()).toEqual([id]);
});

test("the command replaces existing files with --force only, and otherwise sends no request", async () => {
  const id = create("daily");
  await command("import", id, "--out", out());
  writeFileSync(join(out(), "deployments.ts"), "// edited by hand");
  api.clearRequests();
  const { status, stderr } = await command("import", id, "--out", out());
  expect(status).toBe(1);
  expect(stderr).toContain("import.json would be replaced; choose another folder, or add --force");
  expect(api.requests).toEqual([]);
  expect(program()).toBe("// edited by hand");
  expect(await command("import", id, "--out", out(), "--force")).toMatchObject({ status: 0 });
  expect(program()).toContain('new QoderDeployment("daily"');
});

test("--all --kind deployment imports each live deployment, oldest first, and prints its progress", async () => {
  const ids = Array.from({ length: 120 }, (_, index) => create(`report-${index}`));
  api.deployments.archive(ids[3] ?? "");
  const { status, stderr } = await command("import", "--all", "--kind", "deployment", "--out", out());
  expect(status).toBe(0);
  expect(importedIds()).toEqual(ids.filter((_, index) => index !== 3));
  expect(stderr.split("\n")).toEqual([25, 50, 75, 100].map((count) => `Read ${count} deployments ...`).concat(""));
  expect(api.requests.map(({ method, path }) => `${method} ${path}`)).toEqual(["GET /deployments", "GET /deployments"]);
});

test("--agent imports the deployments of one agent", async () => {
  const other = api.agents.create().id;
  create("mine");
  const id = create("theirs", { agent: other });
  await command("import", "--agent", other, "--out", out());
  expect(importedIds()).toEqual([id]);
});

test("several ids are imported in their order, and each only once", async () => {
  const [first, second] = [create("first"), create("second")];
  await command("import", second, first, second, "--out", out());
  expect(importedIds()).toEqual([second, first]);
});

test("the command names each object it leaves out with the reason, imports the others and exits with 1", async () => {
  const kept = create("kept");
  const archived = create("old");
  api.deployments.archive(archived);
  const strange = create("strange");
  api.deployments.overwrite(strange, { resources: [{ type: "volume", volume_id: "vol_1" }] });
  const { status, stderr } = await command("import", kept, archived, strange, "dep_none", "--out", out());
  expect(status).toBe(1);
  expect(importedIds()).toEqual([kept]);
  expect(stderr).toContain("Left out: dep_none\n  this token sees no such deployment");
  expect(stderr).toMatch(
    new RegExp(`Left out: ${archived} "old_archived_\\d+"\\n {2}archived at 20.*, which is for ever`),
  );
  expect(stderr).toContain(`Left out: ${strange} "strange"\n  resources[0].type: is not one of github_repository`);
});

test.each(["--all", "the ids"])(
  "a deployment with an unknown shape is left out, and the others are imported, with %s",
  async (selection) => {
    const [first, odd, last] = [create("first"), create("odd"), create("last")];
    const changed = (_: string, value: unknown) =>
      value instanceof Object && "id" in value && value.id === odd ? { ...value, vault_ids: "vault_a" } : value;
    const transform = (reply: object) => JSON.parse(JSON.stringify(reply, changed));
    api.fault({ kind: "replace-body", method: "GET", times: Number.POSITIVE_INFINITY, transform });
    const selected = selection === "--all" ? ["--all", "--kind", "deployment"] : [first, odd, last];
    const { status, stderr } = await command("import", ...selected, "--out", out());
    expect(status).toBe(1);
    expect(importedIds()).toEqual([first, last]);
    expect(stderr).toContain(`Left out: ${odd}`);
    expect(stderr).toContain("vault_ids is not what the API promises");
  },
);

test.each(["--all", "dep_1"])("the error hides the token if the answer repeats it, with %s", async (selection) => {
  const page = { status: 200, contentType: "text/plain", body: `authorization: Bearer ${token}` };
  api.fault({ kind: "status", ...page, method: "GET", times: Number.POSITIVE_INFINITY });
  const { status, stderr } = await command("import", selection);
  expect(status).toBe(1);
  expect(stderr).toContain("its body is not JSON: authorization: Bearer [secret]");
  expect(stderr).not.toContain(token);
});

test("if nothing can be imported, the command writes no file and exits with 1", async () => {
  const { status, stderr } = await command("import", "--all", "--kind", "deployment", "--out", out());
  expect(status).toBe(1);
  expect(stderr).toContain("There is nothing to take over");
  expect(existsSync(out())).toBe(false);
});

test("--workspace imports from that workspace, and the command prints how to configure the stack for it", async () => {
  const inWorkspace = api.deployments.create(
    {
      name: "daily",
      agent: api.agents.create({}, "mine", "ws_1").id,
      environment_id: api.environments.create({}, "mine", "ws_1").id,
      initial_events: [{ type: "user.message", content: "hello" }],
    },
    "mine",
    "ws_1",
  );
  const { stdout } = await command("import", "--all", "--workspace", "ws_1", "--out", out());
  expect(importedIds()).toEqual([inWorkspace.environment_id, inWorkspace.agent.id, inWorkspace.id]);
  expect(stdout).toContain("pulumi config set qoder:workspaceId ws_1");
});

test("without a token or with a wrong token, the error names the variables to set and hides the token", async () => {
  for (const environment of [{}, { QODER_PAT: " ", QODER_ACCESS_TOKEN: "" }]) {
    const none = await world.commandWith(environment, "import", "--all");
    expect(none).toMatchObject({ status: 1, stdout: "" });
    expect(none.stderr).toContain("set QODER_ACCESS_TOKEN or QODER_PAT");
    expect(none.stderr).toContain("This command reads the environment");
  }
  const wrong = await world.commandWith({ QODER_PAT: "pt-expired", QODER_BASE_URL: api.url }, "import", "--all");
  expect(wrong.status).toBe(1);
  expect(wrong.stderr).toContain("GET /environments was answered with 401");
  expect(wrong.stderr).toContain("Set a valid token in QODER_ACCESS_TOKEN or QODER_PAT");
  expect(wrong.stderr).not.toContain("pt-expired");
});

test("with the key of a service account the command makes one exchange", async () => {
  const id = world.create("daily");
  const { key } = api.serviceAccounts.create();
  api.clearRequests();
  const environment = { QODER_SA_KEY: key, QODER_BASE_URL: api.url };
  const { status, stdout } = await world.commandWith(environment, "import", "--all");
  expect(status).toBe(0);
  expect(stdout).toContain(id);
  expect(api.requests.filter(({ method }) => method !== "GET").map(({ path }) => path)).toEqual([
    "/api/v1/serviceToken/exchange",
  ]);
});

test("if no server answers, the error says that the same command can be run again", async () => {
  const { status, stderr } = await world.commandWith(
    { QODER_PAT: token, QODER_BASE_URL: "http://127.0.0.1:1" },
    "import",
    "--all",
  );
  expect(status).toBe(1);
  expect(stderr).toContain("got no answer");
  expect(stderr).toContain("Check the network and QODER_BASE_URL, then run the same command again");
});
