import * as pulumi from "@pulumi/pulumi";
import { AskingPreview, nameList, tokenProbe } from "../../support/asking-preview";
import { type Properties, World } from "../../support/world";

const world = World.ofTests();
beforeAll(() => {
  const { vaults, memoryStores, files } = world.api;
  files.create({ id: "file_1" });
  for (const [kind, objects] of [["vault", vaults] as const, ["memstore", memoryStores] as const]) {
    objects.create({ id: `${kind}_1` });
    objects.create({ id: `${kind}_gone` });
    objects.archive(`${kind}_gone`);
  }
});
beforeEach(() => {
  const { agents, environments } = world.api;
  agents.create({ id: "agent_theirs" }, "other");
  for (const [kind, objects] of [["agent", agents] as const, ["env", environments] as const]) {
    objects.create({ id: `${kind}_gone` });
    objects.archive(`${kind}_gone`);
  }
});

const unknown = pulumi.runtime.unknownValue;
const told =
  "visible to this token (from QODER_PAT, its default workspace): check the id, the token and qoder:workspaceId";
const archived = /^.* was archived at \S+Z and cannot be restored: use another [a-z ]+$/;

test("each live object is read once, and causes no warning", async () => {
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
  expect(first).toBe(tokenProbe);
  const objects = ["/vaults/vault_1", "/memory_stores/memstore_1", "/files/file_1"];
  const asked = [`/agents/${world.agent}`, `/environments/${world.environment}`, ...objects].map(
    (path) => `GET ${path}`,
  );
  expect(others.sort()).toEqual([...asked, nameList].sort());
  expect(await preview.warnings()).toEqual([]);
});

describe("the check fails, with the place in the arguments, for", () => {
  type Row = readonly [title: string, more: () => Properties, failures: readonly (string | RegExp)[]];
  const rows: readonly Row[] = [
    ["an agent by its id", () => ({ agent: "agent_none" }), [`agent: no agent agent_none is ${told}`]],
    ["an agent of another account", () => ({ agent: "agent_theirs" }), [`agent: no agent agent_theirs is ${told}`]],
    [
      "an agent with a version",
      () => ({ agent: { id: "agent_gone", version: 1 } }),
      [/^agent\.id: agent_gone was archived at .*: use another agent$/],
    ],
    [
      "a version that does not exist",
      () => ({ agent: { id: world.agent, version: 7 } }),
      [/^agent\.version: agent_\w+ has no version 7; the newest is 1$/],
    ],
    ["an environment", () => ({ environmentId: "env_none" }), [`environmentId: no environment env_none is ${told}`]],
    [
      "an archived environment",
      () => ({ environmentId: "env_gone" }),
      [/^environmentId: env_gone was archived at \S+Z and cannot/],
    ],
    [
      "vaults",
      () => ({ vaultIds: ["vault_1", "vault_none", "vault_gone"] }),
      [`vaultIds[1]: no vault vault_none is ${told}`, /^vaultIds\[2\]: vault_gone was archived at \S+Z and cannot/],
    ],
    [
      "memory stores",
      () => ({
        resources: ["memstore_none", "memstore_gone"].map((memoryStoreId) => ({ type: "memory_store", memoryStoreId })),
      }),
      [
        `resources[0].memoryStoreId: no memory store memstore_none is ${told}`,
        /^resources\[1\]\.memoryStoreId: memstore_gone was archived at .*: use another memory store$/,
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
    ["an object to adopt", () => ({ adopt: "dep_none" }), [`adopt: no deployment dep_none is ${told}`]],
    [
      "several objects of one deployment",
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
    const agents = [
      { type: "self" },
      "agent_none",
      { type: "agent", id: "agent_gone", version: 1 },
      { type: "agent", id: world.agent, version: 9 },
      { type: "advisor", model: "ultimate" },
    ];
    const tools = [{ type: "agent_toolset_20260401" }];
    const { failures } = await verified({ tools, multiagent: { type: "coordinator", agents } });
    expect(failures).toEqual([
      `multiagent.agents[1]: no agent agent_none is ${told}`,
      expect.stringMatching(/^multiagent\.agents\[2\]\.id: agent_gone was archived at \S+Z and cannot/),
      expect.stringMatching(/^multiagent\.agents\[3\]\.version: .* has no version 9; the newest is 1$/),
    ]);
  });

  test("a missing agent in a workspace, and names the workspace", async () => {
    const config = { "qoder:account": "staging", "qoder:pat": "pt-test", "qoder:workspaceId": "ws_1" };
    const preview = new AskingPreview(world, { config });
    const [failure] = await preview.check(world.args());
    expect(failure).toMatch(
      /^agent: no agent \S+ is visible to this token \(from the QoderProvider "staging", workspace ws_1\): check /,
    );
  });
});

test("an older version that exists is read by its number", async () => {
  const { id } = world.api.agents.create();
  world.api.agents.bumpVersion(id);
  const preview = new AskingPreview(world);
  expect(await preview.check(world.args({ agent: { id, version: 1 } }))).toEqual([]);
  expect(preview.asked()).toContain(`GET /agents/${id}?version=1`);
});

test("an unknown id is not verified", async () => {
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
  expect(preview.asked()).toEqual([tokenProbe]);
});

test("50 deployments with the same agent, environment and vault read each of them once", async () => {
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
  const shared = [`/agents/${coordinator}`, `/environments/${world.environment}`, "/vaults/vault_1", "/models"];
  expect(asked.sort()).toEqual([tokenProbe, nameList, ...shared.map((path) => `GET ${path}`)].sort());
  expect(await preview.warnings()).toEqual([]);
});

/** The failures, warnings and requests of a check of an agent. */
async function verified(args: object) {
  const preview = new AskingPreview(world);
  const failures = await preview.check({ model: "ultimate", ...args }, { kind: "agent" });
  return { failures, warnings: await preview.warnings(), asked: preview.asked() };
}

test("existing skills and pinned versions are read, and cause no warning", async () => {
  const { id, latest_version: version } = world.api.skills.create({ name: "review" });
  world.api.skills.addVersion(id);
  const skills = [{ type: "custom", skillId: id, version }];
  const { failures, warnings, asked } = await verified({ skills });
  expect({ failures, warnings }).toEqual({ failures: [], warnings: [] });
  expect(asked).toEqual(
    expect.arrayContaining([`GET /skills/${id}`, `GET /skills/${id}/versions/${version}`, "GET /models"]),
  );
});

test("a missing skill and a missing version make the check fail with their places", async () => {
  const { id, latest_version: newest } = world.api.skills.create({ name: "review" });
  const skills = [
    { type: "custom", skillId: id, version: "1" },
    { type: "custom", skillId: "skill_none" },
  ];
  const { failures } = await verified({ skills });
  expect(failures).toEqual([
    `skills[0].version: ${id} has no version 1; the newest is ${newest}`,
    expect.stringContaining("skills[1].skillId: no skill skill_none is visible to this token"),
  ]);
});

test("an unknown model is a warning with the nearest model, and a missing catalogue is a warning too", async () => {
  const { failures, warnings } = await verified({ model: "ultimat" });
  expect(failures).toEqual([]);
  expect(warnings).toEqual([
    expect.stringContaining("model: the service shows no model ultimat to this account now; did you mean ultimate?"),
  ]);
  world.reset({ modelCatalogue: "away" });
  expect((await verified({ model: { id: "ultimate" } })).warnings).toEqual([
    expect.stringContaining("model.id: whether there is a model ultimate is not verified"),
  ]);
});
