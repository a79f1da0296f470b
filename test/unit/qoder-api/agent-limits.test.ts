import type { Switches } from "../../qoder-api/index";
import { type Fields, invalid, keys, refused, times, useLab } from "./lab";

const MINIMAL = { name: "agent", model: "ultimate" };
const tools = (...list: unknown[]) => ({ tools: list });
const toolset = (fields: Fields = {}) => ({ type: "agent_toolset_20260401", ...fields });
const mcp = (name: string, fields: Fields = {}) => ({ type: "mcp_toolset", mcp_server_name: name, ...fields });
const custom = (fields: Fields) => ({ type: "custom", name: "t", description: "d", input_schema: {}, ...fields });
const server = (fields: Fields = {}) => ({ type: "url", name: "s", url: "https://mcp.example.com/mcp", ...fields });
const servers = (...list: unknown[]) => ({ mcp_servers: list });
const skill = (fields: Fields = {}) => ({ type: "custom", skill_id: "skill_1", ...fields });
const team = (...agents: unknown[]) => ({ multiagent: { type: "coordinator", agents }, tools: [toolset()] });
const BROWSER = { type: "browser_toolset_20260714" };

describe("an agent body", () => {
  const lab = useLab();
  const create = (fields: Fields) => lab.post("/agents", { ...MINIMAL, ...fields });

  test.each<[string, Fields]>([
    ["name", { name: "" }],
    ["name", { name: null }],
    ["name", { name: "é".repeat(257) }],
    ["model", { model: "" }],
    ["model", { model: null }],
    ["model.id", { model: {} }],
    ["model.context_window", { model: { id: "ultimate", context_window: 0 } }],
    ["model.speed", { model: { id: "ultimate", speed: "fast" } }],
    ["model", { model: { id: "auto", effort: "high" } }],
    ["system", { system: "é".repeat(100_001) }],
    ["description", { description: "é".repeat(2_049) }],
    ["tools", { tools: null }],
    ["tools", { tools: times(129, (index) => custom({ name: `t${index}` })) }],
    ["tools.0.type", tools({ type: "bash" })],
    ["tools.0.configs.0.permission_policy.type", tools(toolset({ configs: [policy("Bash", "sometimes")] }))],
    ["tools.0.default_config.name", tools(toolset({ default_config: { name: "Bash" } }))],
    ["tools.0.mcp_server_name", tools({ type: "mcp_toolset" })],
    ["tools.0.mcp_server_name", { ...tools(mcp("other")), ...servers(server()) }],
    ["tools.0.name", tools(custom({ name: "a b" }))],
    ["tools.0.name", tools(custom({ name: "t".repeat(129) }))],
    ["tools.0.input_schema", tools(custom({ input_schema: undefined }))],
    ["tools.0.description", tools(custom({ description: undefined }))],
    ["mcp_servers.0.type", servers(server({ type: "stdio" }))],
    ["mcp_servers.0.name", servers(server({ name: "" }))],
    ["mcp_servers.0.name", servers(server({ name: "s".repeat(256) }))],
    ["mcp_servers.0.url", servers(server({ url: undefined }))],
    ["mcp_servers", servers(server(), server())],
    ["mcp_servers", servers(...times(21, (index) => server({ name: `s${index}` })))],
    ["skills.0.type", { skills: [skill({ type: "anthropic" })] }],
    ["skills.0.skill_id", { skills: [{ type: "custom" }] }],
    ["skills", { skills: times(21, () => skill()) }],
    ["metadata", { metadata: keys(17) }],
    ["metadata", { metadata: { ["k".repeat(65)]: "v" } }],
    ["metadata", { metadata: { "": "v" } }],
    ["metadata.k", { metadata: { k: "v".repeat(513) } }],
    ["metadata.k", { metadata: { k: 1 } }],
    ["metadata.cas_config", { metadata: { cas_config: {} } }],
    ["metadata", { metadata: null }],
    ["multiagent", { ...team("agent_1"), tools: [] }],
    ["multiagent.agents", team()],
    ["multiagent.agents", team(...times(21, (index) => `agent_${index}`))],
    ["multiagent.agents.0.type", team({ id: "agent_1" })],
    ["multiagent.agents.0.model", team({ type: "advisor" })],
    ["id", { id: "agent_1" }],
    ["instructions", { instructions: "x" }],
  ])("with a wrong %s is refused on create and on update, and an update changes nothing", async (param, fields) => {
    const refusal = invalid({ param });
    expect(await create(fields)).toEqual(refusal);
    const before = lab.api.agents.get(lab.agent);
    expect(await lab.post(`/agents/${lab.agent}`, { version: 1, ...fields })).toEqual(refusal);
    expect(lab.api.agents.get(lab.agent)).toEqual(before);
  });

  test.each(["name", "model"])("without %s is refused on create", async (field) => {
    expect(await create({ [field]: undefined })).toEqual(
      invalid({ message: `Missing required field: ${field}`, param: field }),
    );
  });

  test.each([
    ["Foo", toolset({ enabled_tools: ["Bash", "Foo"] })],
    ["bash", toolset({ disallowed_tools: ["bash"] })],
    ["Foo", toolset({ configs: [{ name: "Foo" }] })],
  ])("that names the unknown tool %s is refused", async (name, tool) => {
    const refusal = invalid({ message: `unknown tool name '${name}'`, param: "tools.0" });
    expect(await create(tools(tool))).toEqual(refusal);
  });

  test.each<[Fields]>([
    [{ name: "𝒳".repeat(256) }],
    [{ system: "𝒳".repeat(100_000), description: "𝒳".repeat(2_048) }],
    [{ model: { id: "ultimate", effort: "high", context_window: 400_000 } }],
    [{ tools: times(128, (index) => custom({ name: `t${index}` })) }],
    [tools(toolset({ enabled_tools: [], disallowed_tools: ["DeliverArtifacts"], configs: [policy("Bash")] }))],
    [tools(custom({ name: "A-z_9".padEnd(128, "x"), input_schema: { type: "object", properties: {} } }))],
    [{ ...tools(mcp("s", { configs: [policy("its_own_tool")] })), ...servers(server()) }],
    [servers(...times(20, (index) => server({ name: `${index}`.padEnd(255, "s") })))],
    [{ skills: [...times(19, () => skill()), skill({ type: "qoder", version: "3" })] }],
    [{ metadata: { ...keys(15), ["k".repeat(64)]: "v".repeat(512) } }],
    [
      team(
        "agent_1",
        { type: "agent", id: "agent_1", version: 2 },
        { type: "self" },
        { type: "advisor", model: "auto" },
      ),
    ],
    [team(...times(20, (index) => `agent_${index}`))],
    [{ multiagent: null }],
  ])("within the limits is accepted, and the reply shows the values that were sent", async (fields) => {
    const { status, body } = await create(fields);
    expect({ status, body }).toMatchObject({ status: 200, body: fields });
  });

  test("is refused on update if it drops an MCP server that a tool uses, or the toolset that a team needs", async () => {
    const { id } = (await create({ ...team("agent_1"), tools: [toolset(), mcp("s")], ...servers(server()) })).body;
    const update = (fields: Fields) => lab.post(`/agents/${id}`, { version: 1, ...fields });
    const unnamed = invalid({ param: "tools.1.mcp_server_name" });
    expect(await update({ mcp_servers: [] })).toEqual(unnamed);
    expect(await update({ tools: [] })).toEqual(invalid({ param: "multiagent" }));
    expect(await update({ tools: [], mcp_servers: [], multiagent: null })).toMatchObject({ status: 200 });
  });

  test("with browser tools is refused without their beta header, and where the service does not offer them", async () => {
    const beta = { headers: { "x-qoder-beta": "browser-use-2026-07-14" } };
    const body = { ...MINIMAL, ...tools(BROWSER) };
    const message =
      "tools containing browser_toolset_20260714 require the 'x-qoder-beta: browser-use-2026-07-14' header.";
    const refusal = invalid({ message });
    expect(await lab.post("/agents", body)).toEqual(refusal);
    expect(await lab.post(`/agents/${lab.agent}`, { version: 1, ...tools(BROWSER) })).toEqual(refusal);
    expect((await lab.post("/agents", body, beta)).body).toMatchObject(tools(BROWSER));
    lab.api.switches.browserToolset = "off";
    expect(await lab.post("/agents", body, beta)).toEqual(refused(503, "feature_not_available"));
  });

  test.each<[Partial<Switches>, Fields, Fields]>([
    [{ createStatus: 200 }, {}, { status: 200 }],
    [{ createStatus: 201 }, {}, { status: 201 }],
    [{ unknownFields: "accept" }, { instructions: "x" }, { body: { system: "" } }],
    [{ modelEcho: "object" }, { model: { id: "a", effort: "b" } }, { body: { model: { id: "a", effort: "b" } } }],
    [{ toolSettings: "resolved" }, tools(toolset()), { body: tools(toolset(settings("always_allow"))) }],
    [
      { toolSettings: "resolved" },
      tools(toolset({ configs: [{ name: "Bash", enabled: false }] })),
      { body: tools(toolset(settings("always_allow", { ...policy("Bash", "always_allow"), enabled: false }))) },
    ],
    [
      { toolSettings: "resolved" },
      { ...tools(mcp("s", { configs: [{ name: "t", enabled: false }] })), ...servers(server()) },
      { body: tools(mcp("s", settings("always_ask", { ...policy("t", "always_ask"), enabled: false }))) },
    ],
    [
      { toolSettings: "resolved", mcpPermissionPolicy: "always_allow" },
      { ...tools(mcp("s")), ...servers(server()) },
      { body: tools(mcp("s", settings("always_allow"))) },
    ],
    [{ unusedMcpServers: "accept" }, servers(server()), { status: 200 }],
    [{ unusedMcpServers: "reject" }, servers(server()), { status: 400 }],
    [{ unusedMcpServers: "reject" }, { ...tools(mcp("s")), ...servers(server()) }, { status: 200 }],
  ])("under the switches %j gets the answer of the table", async (switches, fields, answer) => {
    Object.assign(lab.api.switches, switches);
    const { status, body } = await create(fields);
    expect({ status, body }).toMatchObject(answer);
  });
});

function policy(name: string, type = "always_ask") {
  return { name, enabled: true, permission_policy: { type } };
}

function settings(type: string, ...configs: unknown[]) {
  return { default_config: { enabled: true, permission_policy: { type } }, configs };
}
