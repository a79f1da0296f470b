import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import {
  QoderAgent,
  QoderDeployment,
  QoderEnvironment,
  QoderFile,
  QoderMemoryStore,
  QoderSkill,
  QoderVault,
  QoderVaultCredential,
} from "../../provider";
import { deployments } from "../../provider/kinds/table";
import { changedPaths, type EngineStack, type Outcome, warnings } from "../support/engine-stack";
import { EngineWorld, stateFile, token } from "../support/engine-world";
import { reviewFiles, SkillFolders, skillMd } from "../support/skill-folder";

/** The tests follow one stack with a resource of each kind from its first preview to its destroy. */
let world: EngineWorld;
let stack: EngineStack;
const folders = new SkillFolders();
beforeAll(async () => {
  world = await EngineWorld.start();
  stack = await world.stack();
  folders.write("here/review", reviewFiles);
  folders.write("docs", { "glossary.md": "# Words\n" });
});
afterAll(async () => {
  folders.remove();
  await world.stop();
});
beforeEach(() => void world.sent());

const firstToken = "mcp-token-of-the-first-day";
const secondToken = "mcp-token-of-the-second-day";
const secrets = [token, firstToken, secondToken];
const moved = { displayName: "tracker-2", server: "https://elsewhere.example.com" };

// Null has a meaning in a schema, so it must not get lost on its way through the engine.
const inputSchema = { type: "object", properties: { userId: { type: "string", default: null } } };
const tools = [
  { type: "agent_toolset_20260401" as const },
  { type: "custom" as const, name: "ask", description: "asks", inputSchema },
];

interface Declared {
  readonly system?: string;
  readonly expression?: string;
  readonly token?: string;
  readonly server?: string;
  readonly displayName?: string;
  readonly review?: string;
}

function program({ displayName, server = "https://mcp.example.com", ...more }: Declared = {}): PulumiFn {
  const { system = "Be brief.", expression = "0 9 * * *", review = "here/review" } = more;
  return async () => {
    const skill = new QoderSkill("review", { source: join(folders.root, review) });
    const reporter = new QoderAgent("reporter", { model: "ultimate", system, tools, skills: [skill] });
    const cloud = new QoderEnvironment("cloud");
    const vault = new QoderVault("tracker", displayName === undefined ? {} : { displayName });
    const secret = pulumi.secret(more.token ?? firstToken);
    new QoderVaultCredential("access", {
      vaultId: vault.id,
      auth: { type: "static_bearer", mcpServerUrl: server, token: secret },
    });
    const lessons = new QoderMemoryStore("lessons");
    const glossary = new QoderFile("glossary", { source: join(folders.root, "docs/glossary.md") });
    const shared = { environmentId: cloud.id, initialEvents: world.args().initialEvents };
    const follows = new QoderDeployment("follows", {
      ...shared,
      agent: reporter,
      schedule: { expression, timezone: "Asia/Shanghai" },
      vaultIds: [vault],
      resources: [
        { type: "memory_store", memoryStoreId: lessons.id },
        { type: "file", fileId: glossary.id },
      ],
      metadata: { team: "platform" },
    });
    new QoderDeployment("stays", { ...shared, agent: reporter.id });
    return { id: follows.id, upcomingRunsAt: follows.upcomingRunsAt };
  };
}

/** The id of each live object by the name of its resource. */
function live() {
  const { agents, environments, vaults, credentials, memoryStores, files, skills } = world.api;
  const named = (name: string) => world.api.deployments.live().find((one) => one.name === name);
  const only = (all: readonly { readonly id?: unknown }[]) => {
    expect(all).toHaveLength(1);
    return String(all[0]?.id);
  };
  return {
    reporter: only(agents.live().filter(({ name }) => name === "reporter")),
    cloud: only(environments.live().filter(({ name }) => name === "cloud")),
    tracker: only(vaults.live()),
    access: only(credentials.live()),
    lessons: only(memoryStores.live()),
    glossary: only(files.all()),
    review: only(skills.all()),
    follows: named("follows")?.id ?? "",
    stays: named("stays")?.id ?? "",
  };
}

/** The changed paths in a preview, by the names of the resources. */
function changed({ events }: Outcome): Record<string, string[]> {
  const shown = events.flatMap(({ resourcePreEvent }) => {
    const { urn = "", op, detailedDiff } = resourcePreEvent?.metadata ?? {};
    return op === "update" && urn.includes("qoder:")
      ? [[urn.split("::").at(-1), Object.keys(detailedDiff ?? {}).sort()]]
      : [];
  });
  return Object.fromEntries(shown);
}

/** What a person or a back end keeps of a command. The debug lines of the SDK are events too, and have secrets: see SECURITY.md. */
function kept({ output, events }: Outcome): readonly string[] {
  const told = events.filter(({ diagnosticEvent }) => String(diagnosticEvent?.severity) !== "debug");
  return [output, JSON.stringify(told), stateFile(world)];
}

const writes = () => world.sent().filter((request) => Array.isArray(request) && request[0] !== "GET");
const pathsOf = (requests: readonly unknown[]) =>
  requests.map((request) => (Array.isArray(request) ? request.slice(0, 2).join(" ") : request));

test("a first preview warns with the names of the resources and sends no request", async () => {
  const preview = await stack.preview(program());
  const texts = warnings(preview);
  expect(texts).toContainEqual([
    expect.stringMatching(/::cloud$/),
    expect.stringContaining("without config.networking the network is limited"),
  ]);
  // A warning about several resources has no URN.
  const ask = '"follows", "stays": its agent "reporter" leaves the custom tool "ask" (tools[1])';
  expect(texts).toContainEqual([undefined, expect.stringContaining(ask)]);
  expect(world.sent()).toEqual([]);
});

test("`up` creates each object with one request, and a second one sends none", async () => {
  const up = await stack.up(program());
  const ids = live();
  const sent = writes();
  const creates = "agents environments files memory_stores skills vaults deployments deployments".split(" ");
  const expected = [...creates.map((path) => `POST /${path}`), `POST /vaults/${ids.tracker}/credentials`];
  expect(pathsOf(sent).sort()).toEqual(expected.sort());
  const ask = { type: "custom", name: "ask", description: "asks", input_schema: inputSchema };
  const version1 = { id: ids.reporter, type: "agent", version: 1 };
  for (const [path, body] of [
    ["/agents", { tools: [tools[0], ask] }],
    ["/deployments", { name: "follows", agent: version1 }],
    ["/deployments", { name: "stays", agent: ids.reporter }],
  ] as const) {
    expect(sent).toContainEqual(["POST", path, expect.objectContaining(body)]);
  }
  for (const text of [...secrets, "echo reviewed", "# Words"]) {
    expect(kept(up).filter((one) => one.includes(text))).toEqual([]);
  }
  expect(stateFile(world)).not.toContain(folders.root);
  expect(stack.outputs()["id"]?.value).toBe(ids.follows);
  expect(stack.outputs()["upcomingRunsAt"]?.value).toHaveLength(5);
  expect(stack.deployment().outputs?.["__provider"]).toBe(deployments.source);
  await stack.previewNothing(program());
  expect(world.sent()).toEqual([]);
});

const changedFiles = { "__init__.py": "import os\n", "scripts/run.sh*": "#!/bin/sh\necho reviewed twice\n" };
const edited: Declared = { system: "Be exact.", expression: "30 9 * * 1-5", token: secondToken };

test("a preview shows each changed value and the requests that `up` then sends, and no secret", async () => {
  const before = live();
  // A member of a difference that starts with two underscores is internal, but a file is not.
  folders.write("here/review", changedFiles);
  await stack.automation.setConfig("qoder:showRequests", { value: "true" });
  const preview = await stack.preview(program(edited));
  expect(world.sent()).toEqual([]);
  const shown = [...preview.output.matchAll(/^Qoder\w+ "\w+": (POST \/(?:agents|deployments)\/.*)$/gm)];
  const schedule = '"schedule":{"type":"cron","expression":"30 9 * * 1-5","timezone":"Asia/Shanghai"}';
  expect(shown.map(([, line = ""]) => line).sort()).toEqual([
    expect.stringMatching(`POST /agents/${before.reporter} {"system":"Be exact.",.*\\[unknown\\]`),
    `POST /deployments/${before.follows} {"agent":{"id":"${before.reporter}","type":"agent","version":"[unknown]"},${schedule}}`,
  ]);
  expect(changed(preview)).toEqual({
    access: ["auth.token"],
    review: ['files["./__init__.py"]', 'files["scripts/run.sh"]'],
    reporter: ["skills[0].version", "system"],
    follows: ["agent.version", "schedule.expression"],
  });
  expect(preview.output).toMatch(/version: 1 => \[unknown\]/);
  const up = await stack.up(program(edited));
  expect(live()).toEqual(before);
  const { latest_version: version } = world.api.skills.get(before.review);
  const sent = writes();
  expect(sent).toHaveLength(4);
  const credential = `/vaults/${before.tracker}/credentials/${before.access}`;
  expect(sent).toContainEqual(["POST", credential, { auth: { type: "static_bearer", token: secondToken } }]);
  const skill = { type: "custom", skill_id: before.review, version };
  const agent = { id: before.reporter, type: "agent", version: 2 };
  const moment = { type: "cron", expression: "30 9 * * 1-5", timezone: "Asia/Shanghai" };
  const order = sent.filter((request) => Array.isArray(request) && request[1] !== credential);
  expect(order).toEqual([
    ["POST", `/skills/${before.review}/versions`, { files: [expect.anything()] }],
    ["POST", `/agents/${before.reporter}`, { system: "Be exact.", skills: [skill], version: 1 }],
    ["POST", `/deployments/${before.follows}`, { agent, schedule: moment }],
  ]);
  for (const text of secrets) {
    expect([...kept(preview), ...kept(up)].filter((one) => one.includes(text))).toEqual([]);
  }
});

test("a refresh reads every object and leaves no difference, nor do the same files in another folder", async () => {
  await stack.refresh();
  expect(new Set(world.api.requests.map(({ method }) => method))).toEqual(new Set(["GET"]));
  const changes = { ...reviewFiles, ...changedFiles };
  const old = new Date("2020-02-29T23:59:59Z");
  folders.write("there/of/another/person/review", Object.fromEntries(Object.entries(changes).reverse()), old);
  await stack.previewNothing(program({ ...edited, review: "there/of/another/person/review" }));
});

test("after a refresh a preview shows somebody's edits with both values, and `up` repairs them", async () => {
  const { follows, review } = live();
  world.api.deployments.edit(follows, { metadata: { team: "data" } });
  const { version } = world.api.skills.addVersion(review, { "SKILL.md": skillMd("review", "Theirs") });
  await stack.refresh();
  const preview = await stack.preview(program(edited));
  expect(changedPaths(preview, "follows")).toMatchObject({ "metadata.team": "update" });
  expect(preview.output).toMatch(/team *: "data" => "platform"/);
  expect(preview.output).toContain(`(version ${version})`);
  expect(preview.output).toMatch(/uploaded elsewhere at \d{4}-\d\d-\d\dT/);
  await stack.up(program(edited));
  expect(world.api.deployments.get(follows).metadata).toEqual({ team: "platform" });
  expect(Object.keys(world.api.skills.files(review)).sort()).toEqual(["SKILL.md", "__init__.py", "scripts/run.sh"]);
});

test("what cannot be updated is replaced: a new vault and file come first and the old ones end last, but a credential ends first", async () => {
  const before = live();
  folders.write("docs", { "glossary.md": "# More words\n" });
  const preview = await stack.preview(program({ ...edited, ...moved }));
  expect(warnings(preview)).toContainEqual([
    expect.stringMatching(/::access$/),
    expect.stringContaining("the API cannot change it"),
  ]);
  await stack.up(program({ ...edited, ...moved }));
  const after = live();
  const sent = pathsOf(writes());
  const at = (request: string) => {
    expect(sent).toContain(request);
    return sent.indexOf(request);
  };
  const move = at(`POST /deployments/${before.follows}`);
  expect(at("POST /vaults")).toBeLessThan(move);
  expect(at("POST /files")).toBeLessThan(move);
  expect(at(`DELETE /files/${before.glossary}`)).toBeGreaterThan(move);
  const removal = at(`DELETE /vaults/${before.tracker}/credentials/${before.access}`);
  expect(at(`POST /vaults/${before.tracker}/archive`)).toBeGreaterThan(Math.max(move, removal));
  expect(sent).toHaveLength(7);
  expect(after).toMatchObject({ follows: before.follows, stays: before.stays, reporter: before.reporter });
  expect(world.api.deployments.get(after.follows)).toMatchObject({
    vault_ids: [after.tracker],
    resources: [{ memory_store_id: after.lessons }, { file_id: after.glossary }],
  });
});

test("a destroy ends each object after those that need it", async () => {
  const ids = live();
  await stack.destroy();
  const sent = pathsOf(writes());
  const ends = {
    follows: `POST /deployments/${ids.follows}/archive`,
    stays: `POST /deployments/${ids.stays}/archive`,
    access: `DELETE /vaults/${ids.tracker}/credentials/${ids.access}`,
    tracker: `POST /vaults/${ids.tracker}/archive`,
    lessons: `POST /memory_stores/${ids.lessons}/archive`,
    reporter: `POST /agents/${ids.reporter}/archive`,
    cloud: `POST /environments/${ids.cloud}/archive`,
    glossary: `DELETE /files/${ids.glossary}`,
    review: `DELETE /skills/${ids.review}`,
  };
  expect([...sent].sort()).toEqual(Object.values(ends).sort());
  const at = (name: keyof typeof ends) => sent.indexOf(ends[name]);
  for (const needed of ["tracker", "lessons", "reporter", "cloud", "glossary"] as const) {
    expect(at(needed)).toBeGreaterThan(at("follows"));
  }
  for (const needed of ["reporter", "cloud"] as const) expect(at(needed)).toBeGreaterThan(at("stays"));
  expect(at("tracker")).toBeGreaterThan(at("access"));
  expect(at("review")).toBeGreaterThan(at("reporter"));
  expect(world.api.deployments.live()).toEqual([]);
});
