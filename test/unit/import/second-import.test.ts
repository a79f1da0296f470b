import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agents, deployments, vaultCredentials, vaults } from "../../../provider/kinds/table";
import { deployment, ofPlugin, provider, useToldPulumi } from "../stack/told-stack";
import { token, useImportWorld } from "./import-world";

const world = useImportWorld();
const told = useToldPulumi();
beforeEach(() => {
  jest.spyOn(process, "cwd").mockReturnValue(world.out);
});

const here = (name: string) => join(world.out, name);
const textOf = (name: string) => readFileSync(here(name), "utf8");
const oneLine = (name: string) => textOf(name).replace(/\s+/g, " ");
const idsIn = (name: string) => JSON.parse(textOf(name)).resources.map(({ id }: { id: string }) => id);

test.each<[string, () => void]>([
  ["beside its import.json", () => {}],
  ["whose import.json was deleted", () => rmSync(here("import.json"))],
  [
    "in another folder of the program",
    () => {
      mkdirSync(here("qoder"));
      writeFileSync(here("qoder/deployments.ts"), textOf("deployments.ts"));
      rmSync(here("deployments.ts"));
      rmSync(here("import.json"));
    },
  ],
])(
  "a second import adds what the program %s does not manage, in new files that refer to the first",
  async (_, change) => {
    const first = world.createOne();
    await world.into("--all");
    change();
    const before = new Map(
      readdirSync(world.out, { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".ts"))
        .map((name) => [name, textOf(name)]),
    );
    expect(await world.into("--all")).toEqual({
      status: 0,
      stdout: "",
      stderr: "The program or the stack manages 3 objects already\nNothing is new. No file was written\n",
    });
    const added = [
      world.create("nightly"),
      world.create("daily", { environment_id: world.create("cloud", {}, "environment") }),
    ];
    const { status, stdout, stderr } = await world.into("--all");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "The program or the stack manages 3 objects already\n" });
    const names = readdirSync(world.out).filter((name) => /^(deployments|import)(-2)?\./.test(name));
    const program = names.find((name) => name.endsWith(".ts") && !before.has(name)) ?? "";
    const importFile = program.replace("deployments", "import").replace(".ts", ".json");
    expect(idsIn(importFile)).toEqual([expect.stringMatching(/^env_/), ...added]);
    const module = before.has("deployments.ts") ? "./deployments" : "./qoder/deployments";
    expect(oneLine(program)).toContain(`import { cloud, reporter } from "${module}";`);
    // The names of the first import are taken.
    expect(oneLine(program)).toContain('export const cloud2 = new QoderEnvironment("cloud-2", { name: "cloud",');
    expect(oneLine(program)).toContain(
      'export const nightly = new QoderDeployment("nightly", { agent: reporter, environmentId: cloud.id,',
    );
    expect(oneLine(program)).toContain(
      'export const daily2 = new QoderDeployment("daily-2", { name: "daily", agent: reporter, environmentId: cloud2.id,',
    );
    expect(textOf(program)).toContain(`the file ${importFile}`);
    expect(stdout).toContain(`pulumi import --file ${here(importFile)}`);
    for (const [name, text] of before) {
      expect(textOf(name)).toBe(text);
    }
    expect(await world.into("--all")).toMatchObject({
      status: 0,
      stderr: expect.stringContaining("manages 6 objects already"),
    });
    expect(Object.values(first).some((id) => idsIn(importFile).includes(id))).toBe(false);
  },
);

test("a setting of a second import does not take the name of one that the program reads", async () => {
  const bearer = { type: "static_bearer", mcp_server_url: "https://mcp.example.com", token: "tok-9f2c" };
  const vault = (name: string) => {
    const { id } = world.api.vaults.create({ display_name: name });
    world.api.credentials.create(id, { auth: { ...bearer } });
  };
  vault("one");
  await world.into("--all");
  vault("two");
  writeFileSync(here("other.ts"), 'export const other = config.requireSecret("mcpExampleCom2Token");\n');
  await world.into("--all");
  expect(oneLine("deployments.ts")).toContain('token: config.requireSecret("mcpExampleComToken")');
  expect(oneLine("deployments-2.ts")).toContain('token: config.requireSecret("mcpExampleCom2Token2")');
});

test("an object that the program adopts is left out, and a resource whose id only a stack knows is a warning", async () => {
  const { agent, environment } = world.createOne();
  mkdirSync(world.out);
  writeFileSync(
    here("index.ts"),
    `new QoderAgent("reporter", { model: "ultimate", adopt: "${agent}" });\nnew QoderEnvironment('cloud');\n`,
  );
  const { status, stderr } = await world.into("--all");
  expect(status).toBe(0);
  expect(stderr).toBe(
    "The program or the stack manages 1 object already\nWarning: only a stack knows the objects of 1 resource of the program. Add --stack [NAME], so that none is taken over a second time\n",
  );
  expect(idsIn("import.json")).toEqual([environment, expect.stringMatching(/^dep_/)]);
});

test("an example in a declaration file declares no resource", async () => {
  world.createOne();
  mkdirSync(world.out);
  writeFileSync(here("sdk.d.ts"), '/** new QoderAgent("reporter", { model: "ultimate" }); */\nexport {};\n');
  expect(await world.into("--all")).toMatchObject({ status: 0, stderr: "" });
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
    "The program or the stack manages 5 objects already\nWithout --dry-run the command takes over 1 environment and 2 deployments. No file was written\n",
  );
  expect(told.pulumi.asked().map((args) => args.slice(0, 2))).toEqual([
    ["stack", "export"],
    ["config", "--json"],
  ]);
  expect(told.pulumi.asked().every((args) => args.includes("--stack=prod"))).toBe(true);
  expect(readdirSync(world.folder)).toEqual([]);
  expect(world.requests.every((request) => request.startsWith("GET "))).toBe(true);
});

test("with --stack a second import gives no resource a name of the stack, and refers to the constants of what it manages", async () => {
  const { agent } = world.createOne();
  mkdirSync(world.out);
  writeFileSync(here("index.ts"), 'export const reviewer = new QoderAgent("reviewer", { model: "ultimate" });\n');
  told.pulumi.config({ "qoder:pat": token, "qoder:baseUrl": world.api.url });
  told.pulumi.export(
    provider("default"),
    resource(agents, "reviewer", agent),
    resource(deployments, "daily", "dep_elsewhere"),
  );
  const { status, stderr } = await inStack("--stack", "--out", world.out);
  expect({ status, stderr }).toEqual({ status: 0, stderr: "The program or the stack manages 1 object already\n" });
  expect(oneLine("deployments.ts")).toContain('import { reviewer } from "./index";');
  expect(oneLine("deployments.ts")).toContain('new QoderDeployment("daily-2", { name: "daily", agent: reviewer,');
});

test("--dry-run without a stack lists what an import or a copy would write", async () => {
  const { deployment: id } = world.createOne();
  for (const [args, does] of [
    [[], "takes over"],
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
    status: 2,
    stderr: expect.stringContaining("--stack does not go with --copy, which copies what stacks manage too"),
  });
});
