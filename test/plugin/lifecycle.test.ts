import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

const schedule = { expression: "0 9 * * *", timezone: "Asia/Shanghai" };

test("a deployment is created without a wait, with one request that holds what was declared and nothing else", async () => {
  const stack = world.stack();
  await stack.up(world.args({ schedule, metadata: { team: "platform" } }));
  expect(world.sent()).toEqual([
    [
      "POST",
      "/deployments",
      {
        name: "daily",
        agent: world.agent,
        environment_id: world.environment,
        schedule: { type: "cron", ...schedule },
        initial_events: [{ type: "user.message", content: [{ type: "text", text: "Generate today's status report" }] }],
        metadata: { team: "platform" },
      },
    ],
  ]);
  expect(world.clock.slept).toEqual([]);
  expect(stack.state?.id).toBe(world.live.id);
});

test("changing name and schedule sends the two and nothing else", async () => {
  const stack = world.stack();
  await stack.up(world.args({ name: "api-doc-verification-deployment", schedule }));
  world.sent();
  const changed = { expression: "30 9 * * 1-5", timezone: "Asia/Shanghai" };
  expect(await stack.up(world.args({ name: "api-doc-verification-deployment-v2", schedule: changed }))).toBe("update");
  expect(world.sent()).toEqual([
    [
      "POST",
      `/deployments/${world.live.id}`,
      { name: "api-doc-verification-deployment-v2", schedule: { type: "cron", ...changed } },
    ],
  ]);
});

describe("one changed argument is sent alone", () => {
  const text = (content: string) => [{ type: "user.message", content }];
  const github = { type: "github_repository", url: "https://github.com/acme/shop", authorizationToken: "ghp_1" };
  const wireGithub = { type: "github_repository", url: "https://github.com/acme/shop", authorization_token: "ghp_1" };
  const rows: readonly [string, Record<string, unknown>, Record<string, unknown>, unknown][] = [
    ["a description", { description: "a" }, { description: "b" }, { description: "b" }],
    ["a description that is removed", { description: "a" }, {}, { description: "" }],
    [
      "only the time zone of a schedule: the whole schedule",
      { schedule },
      { schedule: { ...schedule, timezone: "UTC" } },
      { schedule: { type: "cron", expression: "0 9 * * *", timezone: "UTC" } },
    ],
    ["an added schedule", {}, { schedule }, { schedule: { type: "cron", ...schedule } }],
    [
      "an event",
      { initialEvents: text("a") },
      { initialEvents: text("b") },
      { initial_events: [{ type: "user.message", content: [{ type: "text", text: "b" }] }] },
    ],
    ["a vault", { vaultIds: ["vault_1"] }, { vaultIds: ["vault_1", "vault_2"] }, { vault_ids: ["vault_1", "vault_2"] }],
    ["vaults that are removed", { vaultIds: ["vault_1"] }, {}, { vault_ids: [] }],
    [
      "a resource: the whole list with every token",
      { resources: [github] },
      { resources: [github, { type: "file", fileId: "file_1", mountPath: "/data" }] },
      { resources: [wireGithub, { type: "file", file_id: "file_1", mount_path: "/data" }] },
    ],
    [
      "a token",
      { resources: [github] },
      { resources: [{ ...github, authorizationToken: "ghp_2" }] },
      { resources: [{ ...wireGithub, authorization_token: "ghp_2" }] },
    ],
    ["resources that are removed", { resources: [github] }, {}, { resources: [] }],
    [
      "a metadata key that is removed",
      { metadata: { team: "a", tier: "1" } },
      { metadata: { tier: "1" } },
      { metadata: { team: null } },
    ],
    [
      "metadata keys that are added, changed and removed",
      { metadata: { team: "a", tier: "1", keep: "x" } },
      { metadata: { tier: "2", owner: "b", keep: "x" } },
      { metadata: { team: null, tier: "2", owner: "b" } },
    ],
    ["metadata that is removed as a whole", { metadata: { team: "a" } }, {}, { metadata: { team: null } }],
    [
      "an environment variable: the whole string, sorted",
      { environmentVariables: { LEVEL: "info" } },
      { environmentVariables: { LEVEL: "info", FLAG: "on" } },
      { environment_variables: "FLAG=on\nLEVEL=info" },
    ],
    ["environment variables that are removed", { environmentVariables: { A: "1" } }, {}, { environment_variables: "" }],
    [
      "a budget",
      { budget: { maxCreditCost: "12.5" } },
      { budget: { maxCreditCost: "13" } },
      { budget: { type: "limit", max_credit_cost: "13" } },
    ],
    ["a budget that is removed", { budget: { maxCreditCost: "12.5" } }, {}, { budget: null }],
  ];
  test.each(rows)("%s", async (_, before, after, body) => {
    const stack = world.stack();
    await stack.up(world.args(before));
    world.sent();
    expect(await stack.preview(world.args(after))).toBe("update");
    expect(world.sent()).toEqual([]);
    await stack.up(world.args(after));
    expect(world.sent()).toEqual([["POST", `/deployments/${world.live.id}`, body]]);
    expect(await stack.preview(world.args(after))).toBe("same");
    expect(await stack.refresh()).toBe("same");
    expect(await stack.preview(world.args(after))).toBe("same");
  });
});

test("another agent is sent by its id, and an unchanged one never, so that no update moves its version", async () => {
  const stack = world.stack();
  await stack.up(world.args());
  world.api.agents.bumpVersion(world.agent);
  const other = world.api.agents.create().id;
  world.sent();
  await stack.up(world.args({ description: "new" }));
  expect(world.live.agent.version).toBe(1);
  await stack.up(world.args({ description: "new", agent: other }));
  expect(world.sent()).toEqual([
    ["POST", `/deployments/${world.live.id}`, { description: "new" }],
    ["POST", `/deployments/${world.live.id}`, { agent: other }],
  ]);
});

test("an update that names an agent which does not exist says which id is wrong", async () => {
  const stack = world.stack();
  await stack.up(world.args());
  await expect(stack.up(world.args({ agent: "agent_absent" }))).rejects.toThrow(
    /404 not_found_error \(param agent\).*Check the id that the program gives for it/s,
  );
});

test("pinning the version that runs already sends nothing, pinning another one sends it", async () => {
  const agent = world.api.agents.create().id;
  world.api.agents.bumpVersion(agent);
  const stack = world.stack();
  await stack.up(world.args({ agent }));
  world.sent();
  await stack.up(world.args({ agent: { id: agent, version: 2 } }));
  expect(world.sent()).toEqual([]);
  await stack.up(world.args({ agent: { id: agent, version: 1 } }));
  expect(world.sent()).toEqual([
    ["POST", `/deployments/${world.live.id}`, { agent: { id: agent, type: "agent", version: 1 } }],
  ]);
});

test("refresh takes in what the service computed with one request", async () => {
  const stack = world.stack();
  await stack.up(world.args({ schedule }));
  world.api.deployments.run(world.live.id);
  world.sent();
  expect(await stack.refresh()).toBe("same");
  expect(world.sent()).toEqual([["GET", `/deployments/${world.live.id}`]]);
  const live = world.live;
  expect(stack.state?.outputs).toMatchObject({
    status: "active",
    agentVersion: live.agent.version,
    createdAt: live.created_at,
    updatedAt: live.updated_at,
    upcomingRunsAt: live.schedule?.upcoming_runs_at,
    lastRunAt: live.schedule?.last_run_at,
    effectiveMetadata: {},
  });
});

test("destroy archives with one request, and a deployment that is archived already is as wanted", async () => {
  const stack = world.stack();
  await stack.up(world.args());
  const { id } = world.live;
  world.sent();
  const state = stack.state;
  await stack.destroy();
  expect(world.sent()).toEqual([["POST", `/deployments/${id}/archive`]]);
  expect(world.api.deployments.get(id).archived_at).not.toBeNull();
  stack.state = state;
  await stack.destroy();
});

test.each<[string, (id: string) => void]>([
  ["archived", (id) => world.api.deployments.archive(id)],
  ["removed", (id) => world.vanish(id)],
])("%s elsewhere, a deployment is gone after refresh and created again under its name", async (_, end) => {
  const stack = world.stack();
  await stack.up(world.args());
  const { id } = world.live;
  end(id);
  expect(await stack.refresh()).toBe("delete");
  expect(await stack.up(world.args())).toBe("create");
  expect(world.live.name).toBe("daily");
  expect(world.live.id).not.toBe(id);
  expect(await stack.preview(world.args())).toBe("same");
});

test("a deployment of another account is an error that keeps the state", async () => {
  const stack = world.stack();
  await stack.up(world.args());
  const foreign = world.api.agents.create({}, "other").id;
  world.vanish(world.live.id);
  if (stack.state !== undefined) {
    stack.state = { ...stack.state, outputs: { ...stack.state.outputs, agent: foreign } };
  }
  await expect(stack.refresh()).rejects.toThrow("probably belongs to another account or workspace");
  await expect(stack.destroy()).rejects.toThrow("probably belongs to another account or workspace");
});

test("created paused is a create and a pause; when the pause fails the resource is kept and the next up finishes it", async () => {
  const stack = world.stack();
  world.api.fault({
    kind: "status",
    method: "POST",
    path: /\/pause$/,
    status: 403,
    body: { type: "error", error: { type: "permission_error", message: "no" } },
  });
  await expect(stack.up(world.args({ paused: true }))).rejects.toThrow("was done in part");
  expect(stack.state?.id).toBe(world.live.id);
  world.sent();
  expect(await stack.up(world.args({ paused: true }))).toBe("update");
  expect(world.sent()).toEqual([["POST", `/deployments/${world.live.id}/pause`]]);
  expect(world.live.status).toBe("paused");
  expect(await stack.preview(world.args({ paused: true }))).toBe("same");
});

test("get reads a deployment that something else manages, and an absent one is an error", async () => {
  const { id } = world.api.deployments.create({
    name: "elsewhere",
    agent: world.agent,
    environment_id: world.environment,
    initial_events: [{ type: "user.message", content: [{ type: "text", text: "hello" }] }],
    metadata: { team: "x" },
  });
  const state = await world.command().read(id, {});
  expect(state?.outputs).toMatchObject({ name: "elsewhere", metadata: { team: "x" }, status: "active" });
  await expect(world.command().read("dep_absent", {})).rejects.toThrow("there is no deployment dep_absent");
});
