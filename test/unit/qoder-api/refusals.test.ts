import { type Fields, invalid, type Kind, keys, times, useLab } from "./lab";

/** The values that the service refuses at each place of a body that has these fields as well. */
type Wrong = readonly [kind: Kind, fields: Fields, wrong: Readonly<Record<string, readonly unknown[]>>];

/** Unset members are left out of the body that is sent. */
const left = undefined;
const text = (length: number) => "é".repeat(length);
const metadata = {
  metadata: [keys(17), { ["k".repeat(65)]: "v" }],
  "metadata.k": ["v".repeat(513), 1],
};

const toolset = { type: "agent_toolset_20260401" };
const mcp = { type: "mcp_toolset", mcp_server_name: "s" };
const custom = { type: "custom", name: "t", description: "d", input_schema: {} };
const server = { type: "url", name: "s", url: "https://mcp.example.com/mcp" };
const skill = { type: "custom", skill_id: "skill_1" };
const team = (...agents: unknown[]) => ({ type: "coordinator", agents });
const named = (count: number, one: Fields) => times(count, (index) => ({ ...one, name: `t${index}` }));

const block = { type: "text", text: "x" };
const message = (content: unknown = "x") => ({ type: "user.message", content });
const outcome = { type: "user.define_outcome", description: "d", rubric: { type: "text", content: "r" } };
const system = { type: "system.message", content: [block] };
const schedule = { type: "cron", expression: "0 9 * * *", timezone: "UTC" };

const bearer = { type: "static_bearer", mcp_server_url: "https://example.com/mcp", token: "t" };
const oauth = { type: "mcp_oauth", mcp_server_url: "https://example.com/mcp", access_token: "t" };
const refresh = {
  ...{ client_id: "c", refresh_token: "t", token_endpoint: "https://auth.example.com/token" },
  token_endpoint_auth: { type: "client_secret_post", client_secret: "s" },
};
const variable = { type: "environment_variable", secret_name: "KEY", secret_value: "v" };

const refusals: readonly Wrong[] = [
  [
    "agents",
    {},
    {
      ...{ ...metadata, metadata: [...metadata.metadata, { "": "v" }, null], "metadata.cas_config": [{}] },
      ...{ name: ["", null, text(257)], system: [text(100_001)], description: [text(2_049)] },
      ...{ id: ["agent_1"], instructions: ["x"], tools: [null, named(129, custom)] },
      mcp_servers: [[server, server], named(21, server)],
      skills: [times(21, () => skill)],
    },
  ],
  ["agents", {}, { model: ["", null, { id: "auto", effort: "high" }] }],
  [
    "agents",
    { model: { id: "ultimate" } },
    { "model.id": [left], "model.context_window": [0], "model.speed": ["fast"] },
  ],
  [
    "agents",
    { tools: [{ ...toolset, configs: [{ name: "Bash", enabled: true, permission_policy: { type: "always_ask" } }] }] },
    {
      "tools.0.type": ["bash"],
      "tools.0.configs.0.permission_policy.type": ["sometimes"],
      "tools.0.default_config.name": ["Bash"],
    },
  ],
  ["agents", { tools: [mcp], mcp_servers: [server] }, { "tools.0.mcp_server_name": [left, "other"] }],
  [
    "agents",
    { tools: [custom] },
    { "tools.0.name": ["a b", "t".repeat(129)], "tools.0.input_schema": [left], "tools.0.description": [left] },
  ],
  [
    "agents",
    { mcp_servers: [server] },
    {
      "mcp_servers.0.type": ["stdio"],
      "mcp_servers.0.name": ["", "s".repeat(256)],
      "mcp_servers.0.url": [left],
    },
  ],
  ["agents", { skills: [skill] }, { "skills.0.type": ["anthropic"], "skills.0.skill_id": [left] }],
  ["agents", { tools: [] }, { multiagent: [team("agent_1")] }],
  [
    "agents",
    { tools: [toolset], multiagent: team({ type: "advisor", model: "auto" }) },
    {
      "multiagent.agents": [[], times(21, (index) => `agent_${index}`)],
      "multiagent.agents.0.type": [left],
      "multiagent.agents.0.model": [left],
    },
  ],
  [
    "environments",
    {},
    {
      ...{ ...metadata, metadata: [keys(17), null] },
      ...{ name: ["", null], config: [null], scope: ["account"], status: ["ready"] },
    },
  ],
  [
    "environments",
    { config: { type: "cloud" } },
    {
      ...{ "config.type": [left, "managed"], "config.image": ["x"] },
      ...{ "config.setup_script": [text(32_769), null], "config.networking": ["unrestricted"] },
      ...{ "config.networking.type": ["allowed_hosts"], "config.packages.brew": [["x"]] },
      ...{ "config.packages.apt": ["curl"], "config.packages.apt.0": [""] },
      ...{ "config.packages.cargo": [["ripgrep"]], "config.packages.gem": [["rake"]], "config.packages.go": [["x/t"]] },
    },
  ],
  [
    "environments",
    { config: { type: "cloud", networking: { type: "unrestricted" } } },
    { "config.networking.allowed_hosts": [[]] },
  ],
  [
    "environments",
    { config: { type: "cloud", networking: { type: "limited" } } },
    { "config.networking.allowed_hosts.0": [1], "config.networking.allow_mcp_servers": ["yes"] },
  ],
  [
    "environments",
    { config: { type: "self_hosted" } },
    { "config.networking": [{ type: "unrestricted" }], "config.packages": [{}] },
  ],
  [
    "deployments",
    {},
    {
      ...{ ...metadata, "metadata.cas_config": [{}], name: ["", null, text(257), 5] },
      ...{ agent: [null, ""], environment_id: [null] },
      ...{ status: ["paused"], tunnel_id: ["t"], initial_events: [[], times(51, () => message()), null] },
      resources: [times(501, () => ({ type: "file", file_id: "file_1" }))],
      vault_ids: [times(51, () => "vault_1")],
      environment_variables: [
        ...["A", "1A=x", "A B=x", "SERVER_ENDPOINT=x", "A=1;USER_ID=x", "WORK_DIR=", "CAW_X=1", "A=1\nQODER_X=1"],
      ],
    },
  ],
  [
    "deployments",
    { agent: { id: "agent_1", type: "agent" } },
    { "agent.type": [left], "agent.version": [0], "agent.name": ["x"] },
  ],
  [
    "deployments",
    { schedule },
    {
      ...{ "schedule.type": ["interval"], "schedule.timezone": [left, "Mars/Olympus", "+08:00"] },
      "schedule.upcoming_runs_at": [[]],
      "schedule.expression": [
        ...["0 9 * *", "0 0 9 * * *", "@daily", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * * 13 *", "* * * * 8"],
        ...["* * L * *", "* * 1W * *", "* * * * 5#2", "? * * * *", "5-1 * * * *", "*/0 * * * *", "5/15 * * * *"],
        ...["1,,2 * * * *", "MON * * * *", ""],
      ],
    },
  ],
  [
    "deployments",
    { initial_events: [message()] },
    { "initial_events.0.content": [left], "initial_events.0": [system] },
  ],
  [
    "deployments",
    { initial_events: [message([block])] },
    { "initial_events.0.content.0.cache": [true], "initial_events.0.content.0.text": [left] },
  ],
  [
    "deployments",
    { initial_events: [message([{ type: "image", source: { type: "url" } }])] },
    { "initial_events.0.content.0.source.url": [left] },
  ],
  [
    "deployments",
    { initial_events: [{ type: "agent.message", content: "x" }] },
    { "initial_events.0.type": ["agent.message"] },
  ],
  ["deployments", { initial_events: [message(), system, message()] }, { "initial_events.1": [system] }],
  ["deployments", { initial_events: [outcome, system] }, { "initial_events.1": [system] }],
  [
    "deployments",
    { initial_events: [outcome] },
    { "initial_events.0.max_iterations": [21], "initial_events.0.rubric.content": ["r".repeat(262_145)] },
  ],
  ["deployments", { resources: [{ type: "bucket" }] }, { "resources.0.type": ["bucket"] }],
  ["deployments", { resources: [{ type: "file", file_id: "file_1" }] }, { "resources.0.branch": ["x"] }],
  ["deployments", { resources: [{ type: "github_repository" }] }, { "resources.0.url": [left] }],
  [
    "deployments",
    { resources: [{ type: "memory_store", memory_store_id: "memstore_1" }] },
    { "resources.0.instructions": ["x".repeat(4097)], "resources.0.access": ["none"] },
  ],
  [
    "deployments",
    { budget: { type: "limit" } },
    { "budget.max_credit_cost": ["0", "-1", "1.234", "1234567890123", "1e3", ""] },
  ],
  ["vaults", {}, { display_name: ["", "x".repeat(256)], credentials: [[]], metadata: [keys(17)], "metadata.a": [1] }],
  ["credentials", {}, { metadata: [keys(17)] }],
  ["credentials", {}, { auth: [left], "auth.type": [left, "basic"] }],
  [
    "credentials",
    { auth: bearer },
    {
      "auth.mcp_server_url": [left, `https://${"x".repeat(2048)}`],
      "auth.token": [left, ""],
      "auth.protocol": ["sse"],
    },
  ],
  ["credentials", { auth: oauth }, { "auth.expires_at": ["tomorrow"] }],
  [
    "credentials",
    { auth: { ...oauth, refresh } },
    { "auth.refresh.refresh_token": [left], "auth.refresh.token_endpoint_auth.client_secret": [left] },
  ],
  [
    "credentials",
    { auth: { ...variable, networking: { type: "limited" } } },
    { "auth.secret_name": ["API-KEY"], "auth.secret_value": [""], "auth.networking.allowed_hosts": [left] },
  ],
  [
    "memory_stores",
    {},
    {
      ...{ name: ["", "a\nb", "x".repeat(256)], description: ["x".repeat(1025)] },
      ...{ metadata: [keys(17)], entry_count: [1] },
    },
  ],
];

/** The body with this value at the place. */
function withValue(body: unknown, [name = "", ...rest]: readonly string[], value: unknown): unknown {
  const inner = rest.length === 0 ? value : withValue(Object(body)[name], rest, value);
  if (!/^\d+$/.test(name)) return { ...Object(body), [name]: inner };
  return Object.values({ ...Object(body), [name]: inner });
}

const rows = refusals.flatMap(([kind, fields, wrong]) =>
  Object.entries(wrong).map(([param, values]) => ({ kind, fields, param, values })),
);
const updated = ["agents", "environments", "deployments"];

describe("the service refuses a body", () => {
  const lab = useLab();

  test.each(rows)("of $kind with a wrong $param on create and on update: $values", async (row) => {
    const { kind, fields, param, values } = row;
    if (kind === "deployments") lab.create({ name: "other" });
    const path = lab.path(kind);
    const refusal = invalid({ param });
    const before = (await lab.get(path)).body;
    for (const value of values) {
      const wrong = Object(withValue({ ...Object(lab.smallest(kind)), ...fields }, param.split("."), value));
      expect([value, await lab.post(path, wrong)]).toEqual([value, refusal]);
      if (!updated.includes(kind)) continue;
      const version = kind === "agents" ? { version: 1 } : {};
      const update = await lab.post(`${path}/${before.data?.[0]?.id}`, { ...version, ...wrong });
      expect([value, update]).toEqual([value, refusal]);
    }
    expect((await lab.get(path)).body).toEqual(before);
  });

  test.each<[Kind, readonly string[]]>([
    ["agents", ["name", "model"]],
    ["environments", ["name", "config"]],
    ["deployments", ["name", "agent", "environment_id", "initial_events"]],
    ["vaults", ["display_name"]],
    ["credentials", ["auth"]],
    ["memory_stores", ["name"]],
  ])("of %s without one of %j on create", async (kind, required) => {
    for (const param of required) {
      const message = `Missing required field: ${param}`;
      expect(await lab.send(kind, { [param]: undefined })).toEqual(invalid({ message, param }));
    }
  });

  test.each([
    ["broken JSON", "{"],
    ["no body", undefined],
    ["more than 4 MB", JSON.stringify({ description: "x".repeat(4 * 1024 * 1024) })],
  ])("that is no JSON: %s", async (_what, text) => {
    const answer = await lab.call("POST", `/deployments/${lab.create()}`, text === undefined ? {} : { text });
    expect(answer).toEqual(invalid({ message: "Request body must be valid JSON." }));
  });

  test.each([33, 5_000, 200_000])("with %s levels, and answers the next request", async (levels) => {
    const answer = await lab.call("POST", "/deployments", { text: nested(levels) });
    expect(answer).toEqual(invalid({ message: "Request body is nested too deeply." }));
    expect((await lab.post("/deployments", lab.body())).status).toBe(200);
  });

  test("of an agent whose team or tool needs what an update takes away", async () => {
    const tools = [toolset, mcp];
    const { id } = (await lab.send("agents", { tools, mcp_servers: [server], multiagent: team("agent_1") })).body;
    const update = (fields: Fields) => lab.post(`/agents/${id}`, { version: 1, ...fields });
    expect(await update({ mcp_servers: [] })).toEqual(invalid({ param: "tools.1.mcp_server_name" }));
    expect(await update({ tools: [] })).toEqual(invalid({ param: "multiagent" }));
    expect(await update({ tools: [], mcp_servers: [], multiagent: null })).toMatchObject({ status: 200 });
  });

  test.each([
    ["Foo", { ...toolset, enabled_tools: ["Bash", "Foo"] }],
    ["bash", { ...toolset, disallowed_tools: ["bash"] }],
    ["Foo", { ...toolset, configs: [{ name: "Foo" }] }],
  ])("of an agent that names the unknown tool %s", async (name, tool) => {
    const refusal = invalid({ message: `unknown tool name '${name}'`, param: "tools.0" });
    expect(await lab.send("agents", { tools: [tool] })).toEqual(refusal);
  });

  test("of an agent with browser tools without their beta header", async () => {
    const beta = { headers: { "x-qoder-beta": "browser-use-2026-07-14" } };
    const tools = [{ type: "browser_toolset_20260714" }];
    const message =
      "tools containing browser_toolset_20260714 require the 'x-qoder-beta: browser-use-2026-07-14' header.";
    expect(await lab.send("agents", { tools })).toEqual(invalid({ message }));
    expect(await lab.post(`/agents/${lab.agent}`, { version: 1, tools })).toEqual(invalid({ message }));
    expect((await lab.send("agents", { tools }, beta)).body).toMatchObject({ tools });
  });

  test("of a deployment with more labels than the limit, which counts the labels that an update leaves", async () => {
    const id = lab.create({ metadata: keys(16) });
    expect(await lab.post(`/deployments/${id}`, { metadata: { more: "v" } })).toEqual(invalid({ param: "metadata" }));
    const { body } = await lab.post(`/deployments/${id}`, { metadata: { more: "v", key0: null } });
    expect(Object.keys(body.metadata ?? {})).toHaveLength(16);
  });
});

function nested(levels: number): string {
  return `{"name":${"[".repeat(levels - 1)}${"]".repeat(levels - 1)}}`;
}
