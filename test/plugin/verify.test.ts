import * as pulumi from "@pulumi/pulumi";
import { AskingPreview } from "../support/asking-preview";
import { PluginWorld } from "../support/plugin-world";
import type { Properties } from "../support/provider";

let world: PluginWorld;
beforeAll(async () => {
  world = await PluginWorld.start();
  const { vaults, memoryStores, files } = world.api;
  vaults.create({ id: "vault_1" });
  memoryStores.create({ id: "memstore_1" });
  files.create({ id: "file_1" });
  for (const id of ["vault_gone", "memstore_gone"]) {
    const objects = id.startsWith("vault") ? vaults : memoryStores;
    objects.create({ id });
    objects.archive(id);
  }
  world.api.agents.create({ id: "agent_gone" });
  world.api.agents.archive("agent_gone");
  world.api.agents.create({ id: "agent_theirs" }, "other");
  world.api.environments.create({ id: "env_gone" });
  world.api.environments.archive("env_gone");
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

const unknown = pulumi.runtime.unknownValue;
const probe = "GET /deployments?limit=1";
const names = "GET /deployments?limit=100";
const told = "visible to this token (from QODER_PAT, its default workspace)";
const archived = /^.* is archived since \S+Z, which is for ever; name another [a-z ]+$/;

/** A deployment that the service has already, with another name than all others. */
async function existing(more: Properties = {}): Promise<string> {
  await world.stack().up(world.args(more));
  world.sent();
  return world.api.deployments.all().at(-1)?.id ?? "none";
}

test("what is there and live is looked up, each object once, and nothing is said", async () => {
  const preview = new AskingPreview(world);
  const everything = world.args({
    agent: { id: world.agent, version: 1 },
    vaultIds: ["vault_1", "vault_1"],
    resources: [
      { type: "memory_store", memoryStoreId: "memstore_1" },
      { type: "file", fileId: "file_1" },
      { type: "github_repository", url: "https://github.com/acme/shop" },
    ],
    initialEvents: [
      { type: "user.message", content: [{ type: "document", source: { type: "file", fileId: "file_1" } }] },
      { type: "user.define_outcome", description: "Done", rubric: { type: "file", fileId: "file_1" } },
      { type: "user.message", content: "Go" },
    ],
  });
  expect(await preview.check(everything)).toEqual([]);
  const [first, ...others] = preview.asked();
  expect(first).toBe(probe);
  const objects = ["/vaults/vault_1", "/memory_stores/memstore_1", "/files/file_1"];
  const asked = [`/agents/${world.agent}`, `/environments/${world.environment}`, ...objects].map(
    (path) => `GET ${path}`,
  );
  expect(others.sort()).toEqual([...asked, names].sort());
  expect(preview.warnings).toEqual([]);
});

describe("what cannot be used is a failure of its argument", () => {
  type Row = readonly [title: string, more: () => Properties, failures: readonly (string | RegExp)[]];
  const rows: readonly Row[] = [
    ["an agent by its id", () => ({ agent: "agent_none" }), [`agent: no agent agent_none is ${told}`]],
    ["an agent of another account", () => ({ agent: "agent_theirs" }), [`agent: no agent agent_theirs is ${told}`]],
    [
      "an agent with a version",
      () => ({ agent: { id: "agent_gone", version: 1 } }),
      [/^agent\.id: agent_gone is archived since .*; name another agent$/],
    ],
    [
      "a version that is not there",
      () => ({ agent: { id: world.agent, version: 7 } }),
      [/^agent\.version: agent_\w+ has no version 7; the newest is 1$/],
    ],
    ["an environment", () => ({ environmentId: "env_none" }), [`environmentId: no environment env_none is ${told}`]],
    ["an archived environment", () => ({ environmentId: "env_gone" }), [/^environmentId: env_gone is archived/]],
    [
      "vaults",
      () => ({ vaultIds: ["vault_1", "vault_none", "vault_gone"] }),
      [`vaultIds[1]: no vault vault_none is ${told}`, /^vaultIds\[2\]: vault_gone is archived/],
    ],
    [
      "memory stores",
      () => ({
        resources: ["memstore_none", "memstore_gone"].map((memoryStoreId) => ({ type: "memory_store", memoryStoreId })),
      }),
      [
        `resources[0].memoryStoreId: no memory store memstore_none is ${told}`,
        /^resources\[1\]\.memoryStoreId: memstore_gone is archived since .*; name another memory store$/,
      ],
    ],
    [
      "files",
      () => ({
        resources: [{ type: "file", fileId: "file_a" }],
        initialEvents: [
          { type: "user.message", content: [{ type: "image", source: { type: "file", fileId: "file_b" } }] },
          { type: "user.define_outcome", description: "Done", rubric: { type: "file", fileId: "file_c" } },
        ],
      }),
      [
        `resources[0].fileId: no file file_a is ${told}`,
        `initialEvents[0].content[0].source.fileId: no file file_b is ${told}`,
        `initialEvents[1].rubric.fileId: no file file_c is ${told}`,
      ],
    ],
    ["what is to be adopted", () => ({ adopt: "dep_none" }), [`adopt: no deployment dep_none is ${told}`]],
    [
      "several of one deployment",
      () => ({ agent: "agent_none", environmentId: "env_gone" }),
      [/^agent: no agent/, archived],
    ],
  ];
  test.each(rows)("%s", async (_, more, failures) => {
    const preview = new AskingPreview(world);
    expect(await preview.check(world.args(more()))).toEqual(
      failures.map((one) => (typeof one === "string" ? one : expect.stringMatching(one))),
    );
    expect(preview.asked().filter((line) => !line.startsWith("GET "))).toEqual([]);
  });

  test("the agents of an agent", async () => {
    const preview = new AskingPreview(world);
    const agents = [
      { type: "self" },
      "agent_none",
      { type: "agent", id: "agent_gone", version: 1 },
      { type: "agent", id: world.agent, version: 9 },
      { type: "advisor", model: "ultimate" },
    ];
    const tools = [{ type: "agent_toolset_20260401" }];
    const args = { model: "ultimate", tools, multiagent: { type: "coordinator", agents } };
    expect(await preview.check(args, { kind: "agent" })).toEqual([
      `multiagent.agents[1]: no agent agent_none is ${told}`,
      expect.stringMatching(/^multiagent\.agents\[2\]\.id: agent_gone is archived/),
      expect.stringMatching(/^multiagent\.agents\[3\]\.version: .* has no version 9; the newest is 1$/),
    ]);
  });

  test("and the workspace is named that it was looked for in", async () => {
    const config = { "qoder:account": "staging", "qoder:pat": "pt-test", "qoder:workspaceId": "ws_1" };
    const preview = new AskingPreview(world, { config });
    const [failure] = await preview.check(world.args());
    expect(failure).toMatch(
      /^agent: no agent \S+ is visible to this token \(from the QoderProvider "staging", workspace ws_1\)$/,
    );
  });
});

test("an older version that is there is asked for by its number", async () => {
  const { id } = world.api.agents.create();
  world.api.agents.bumpVersion(id);
  const preview = new AskingPreview(world);
  expect(await preview.check(world.args({ agent: { id, version: 1 } }))).toEqual([]);
  expect(preview.asked()).toContain(`GET /agents/${id}?version=1`);
});

test("what is not known yet is not asked for", async () => {
  const preview = new AskingPreview(world);
  const args = world.args({
    name: unknown,
    agent: { id: unknown, version: unknown },
    environmentId: unknown,
    vaultIds: [unknown],
    resources: unknown,
    adopt: unknown,
  });
  expect(await preview.check(args)).toEqual([]);
  expect(preview.asked()).toEqual([probe]);
});

test("50 deployments of one agent ask for it once, and each of what they share", async () => {
  const preview = new AskingPreview(world);
  const { id: coordinator } = world.api.agents.create();
  for (let index = 0; index < 50; index += 1) {
    const args = world.args({ agent: { id: coordinator, version: 1 }, vaultIds: ["vault_1"] });
    expect(await preview.check(args, { name: `daily-${index}` })).toEqual([]);
  }
  const multiagent = { type: "coordinator", agents: [coordinator] };
  const team = { model: "ultimate", tools: [{ type: "agent_toolset_20260401" }], multiagent };
  expect(await preview.check(team, { kind: "agent", olds: { ...team, name: "daily" } })).toEqual([]);
  const asked = preview.asked();
  const shared = [`/agents/${coordinator}`, `/environments/${world.environment}`, "/vaults/vault_1"];
  expect(asked.sort()).toEqual([probe, names, ...shared.map((path) => `GET ${path}`)].sort());
  expect(preview.warnings).toEqual([]);
});

describe("a new name", () => {
  const hourMs = 3_600_000;

  test("that another deployment has is a failure with what to do", async () => {
    const id = await existing({ name: "taken" });
    world.passTime(2 * hourMs);
    const preview = new AskingPreview(world);
    const [failure, ...others] = await preview.check(world.args({ name: "taken" }));
    expect(failure).toMatch(`name: is taken by ${id}, created `);
    expect(failure).toMatch(/choose another name, such as name: `taken-\$\{pulumi\.getStack\(\)\}`/);
    expect(failure).toMatch(`set adopt: "${id}"`);
    expect(failure).toMatch(/; if `--replace` is to make it anew, set qoder:verify to false for that command$/);
    expect(others).toEqual([]);
  });

  test("that was given less than an hour ago may be that of an up that was cut off", async () => {
    const id = await existing({ name: "taken" });
    const preview = new AskingPreview(world);
    expect(await preview.check(world.args({ name: "taken" }))).toEqual([]);
    expect(preview.warnings).toEqual([
      expect.stringMatching(
        `^QoderDeployment "daily" \\("taken" at Qoder\\): name: is taken by ${id}, .* If an \`up\` of this program that was cut off made it \\d+ seconds? ago, the next one goes on with it$`,
      ),
    ]);
  });

  test.each([
    ["keeps its name", { name: "taken" }, []],
    [
      "is renamed",
      { name: "other" },
      [expect.stringMatching(/^name: is taken by dep_\w+, created \S+; choose another one$/)],
    ],
  ])("of a resource that %s", async (_, olds, failures) => {
    await existing({ name: "taken" });
    await existing({ name: "other" });
    const preview = new AskingPreview(world);
    expect(await preview.check(world.args({ name: "taken" }), { olds: world.args(olds) })).toEqual(failures);
  });

  test("that somebody gave to this very one already is free", async () => {
    await existing({ name: "taken" });
    const preview = new AskingPreview(world);
    expect(await preview.check(world.args({ name: "taken" }), { olds: world.args({ name: "before" }) })).toEqual([]);
  });

  test("that another resource of the program gives up is free", async () => {
    await existing({ name: "taken" });
    const preview = new AskingPreview(world);
    const olds = world.args({ name: "taken" });
    expect(await preview.check(world.args({ name: "renamed" }), { name: "older", olds })).toEqual([]);
    expect(await preview.check(world.args({ name: "taken" }))).toEqual([]);
    expect(preview.warnings).toEqual([]);
  });

  test("that an archived one had is free, also where the list shows it", async () => {
    const archived = { id: "dep_1", name: "taken", archived_at: "2026-06-14T08:53:32Z" };
    const transform = () => ({ data: [archived], has_more: false });
    world.api.fault({ kind: "replace-body", path: "/deployments", transform, times: Number.POSITIVE_INFINITY });
    expect(await new AskingPreview(world).check(world.args({ name: "taken" }))).toEqual([]);
  });

  test("is not looked for where an existing one is adopted", async () => {
    const adopt = await existing({ name: "taken" });
    const preview = new AskingPreview(world);
    expect(await preview.check(world.args({ name: "taken", adopt }))).toEqual([]);
    expect(preview.asked()).not.toContain(names);
  });

  test("of a kind whose names may be no more than labels is a warning", async () => {
    const { id } = world.api.agents.create({ name: "reporter" });
    const preview = new AskingPreview(world);
    expect(await preview.check({ model: "ultimate", name: "reporter" }, { kind: "agent", name: "reporter" })).toEqual(
      [],
    );
    expect(preview.warnings).toEqual([
      expect.stringMatching(
        `^QoderAgent "reporter": name: ${id}, created .*, has it too; the service may refuse a second one$`,
      ),
    ]);
  });
});

describe("what cannot be asked is a warning, once, and no reason to stop", () => {
  const always = { times: Number.POSITIVE_INFINITY };
  const permission = { type: "error", error: { type: "permission_error", message: "Not yours." } };

  test.each([
    ["is refused", { kind: "status", status: 403, body: permission }, "403 permission_error: Not yours"],
    ["fails again and again", { kind: "status", status: 503, body: "down" }, "503: down"],
    [
      "is answered with something else",
      { kind: "replace-body", transform: () => ({ id: "vault_2" }) },
      "does not tell of it",
    ],
    ["is answered by another server", { kind: "status", status: 404, body: "<html>404</html>" }, "404: 404"],
  ] as const)("a look-up that %s", async (_, fault, reason) => {
    world.api.fault({ ...fault, path: "/vaults/vault_1", ...always });
    const preview = new AskingPreview(world);
    for (const name of ["one", "two"]) {
      expect(await preview.check(world.args({ vaultIds: ["vault_1"] }), { name })).toEqual([]);
    }
    const [warning, ...others] = preview.warnings;
    expect(warning).toMatch('QoderDeployment "one": vaultIds[0]: whether vault_1 can be used is not verified: ');
    expect(warning).toMatch(reason);
    expect(others).toEqual([]);
  });

  test("a version", async () => {
    const path = `/agents/${world.agent}`;
    world.api.fault({ kind: "status", status: 403, body: permission, path, skip: 1, ...always });
    const preview = new AskingPreview(world);
    expect(await preview.check(world.args({ agent: { id: world.agent, version: 5 } }))).toEqual([]);
    expect(preview.warnings).toEqual([
      expect.stringMatching(/: agent\.version: whether agent_\w+ has a version 5 is not verified: /),
    ]);
  });

  test("a list of names", async () => {
    world.api.fault({ kind: "status", status: 403, body: permission, path: "/deployments", ...always });
    const preview = new AskingPreview(world);
    expect(await preview.check(world.args())).toEqual([]);
    expect(await preview.check(world.args(), { name: "other" })).toEqual([]);
    expect(preview.warnings).toEqual([expect.stringMatching(/: name: whether it is free is not verified: .*403/)]);
  });

  test("a service that does not answer at all", async () => {
    world.api.fault({ kind: "reset-before", ...always });
    const preview = new AskingPreview(world);
    expect(await preview.check(world.args())).toEqual([]);
    expect(await preview.check(world.args(), { name: "other" })).toEqual([]);
    expect(preview.warnings).toEqual([
      expect.stringMatching(/^QoderDeployment "daily": nothing is verified: GET \/deployments got no answer/),
    ]);
    expect(new Set(preview.asked())).toEqual(new Set([probe]));
  });
});

describe("the token", () => {
  test("that is missing is a failure of the first resource alone", async () => {
    const preview = new AskingPreview(world, { environment: {} });
    expect(await preview.check(world.args())).toEqual([
      expect.stringMatching(/^no Qoder access token: run `pulumi config set/),
    ]);
    for (const name of ["two", "three"]) {
      expect(await preview.check(world.args(), { name })).toEqual([]);
    }
    expect(preview.warnings).toEqual([]);
    expect(preview.asked()).toEqual([]);
  });

  test.each(["envelope", "gateway"] as const)(
    "that is refused is one, too, and is asked for once (%s)",
    async (unauthorized) => {
      world.api.switches.unauthorized = unauthorized;
      const preview = new AskingPreview(world, { environment: { QODER_PAT: "pt-old" } });
      const [failure, ...others] = await preview.check(world.args());
      expect(failure).toMatch(
        /^the service does not take the Qoder access token: GET \/deployments was answered with 401/,
      );
      expect(failure).toMatch("The token came from QODER_PAT. Set a valid one: ");
      expect(others).toEqual([]);
      for (const name of ["two", "three"]) {
        expect(await preview.check(world.args(), { name })).toEqual([]);
      }
      expect(preview.asked()).toEqual([probe]);
      expect([failure, ...preview.warnings].join()).not.toContain("pt-old");
    },
  );

  test("is checked by a program that names nothing either", async () => {
    const preview = new AskingPreview(world);
    const args = { config: { type: "cloud", networking: { type: "unrestricted" } } };
    expect(await preview.check(args, { kind: "environment", olds: { ...args, name: "daily" } })).toEqual([]);
    expect(preview.asked()).toEqual(["GET /environments?limit=1"]);
  });
});

describe("who is asked", () => {
  const command = (verify: boolean | undefined, isPreview = true) => ({ command: { isPreview, verify } });
  const provider = (verify: string) => ({
    config: { "qoder:account": "a", "qoder:pat": "pt-test", "qoder:verify": verify },
  });

  test.each([
    ["nobody without the setting", command(undefined), 0],
    ["nobody where the stack says no", command(false), 0],
    ["nobody in an up, which follows a preview", command(true, false), 0],
    ["nobody where the QoderProvider says no", { ...command(true), ...provider("false") }, 0],
    ["the service where the stack says so", command(true), 4],
    ["the service where the QoderProvider says so", { ...command(false), ...provider("true") }, 4],
  ])("is %s", async (_, options, requests) => {
    const preview = new AskingPreview(world, options);
    expect(await preview.check(world.args())).toEqual([]);
    expect(preview.asked()).toHaveLength(requests);
  });

  test("is nobody about arguments that are wrong by themselves", async () => {
    const preview = new AskingPreview(world);
    expect(await preview.check(world.args({ agent: "agent_none", environmentId: "x" }))).toEqual([
      expect.stringMatching(/^environmentId: is not the id/),
    ]);
    expect(preview.asked()).toEqual([]);
  });
});
