import { agent } from "../kinds/agent";
import { doors, type Properties, useDoor, World } from "../support/world";

const world = World.ofTests();

const toolset = { type: "agent_toolset_20260401" };
const args = { model: "ultimate", system: "You write reports." };

const existing = (declared: Properties = args) => world.existing(agent, declared);

test("the schema of a custom tool is sent as it is", async () => {
  const custom = { type: "custom", name: "ask", description: "asks" };
  const schema = { type: "object", properties: { userId: { type: "string", default: null } } };
  await world.stackOf(agent).up({ ...args, tools: [{ ...custom, inputSchema: schema }] });
  expect(world.sent()).toEqual([
    ["POST", "/agents", expect.objectContaining({ tools: [{ ...custom, input_schema: schema }] })],
  ]);
});

test("each write of an agent with browser tools has the beta header that they need, also one without the tools", async () => {
  const { stack, path } = await existing({ ...args, tools: [{ type: "browser_toolset_20260714" }] });
  await stack.up({ ...args, tools: [{ type: "browser_toolset_20260714" }, toolset] });
  await stack.up({ ...args, tools: [{ type: "browser_toolset_20260714" }, toolset], description: "Reads pages." });
  await stack.up({ ...args, tools: [] });
  const betas = world.api.requests.map(({ method, path: sent, headers }) => [method, sent, headers["x-qoder-beta"]]);
  expect(betas).toEqual([
    ["POST", path, "browser-use-2026-07-14"],
    ["POST", path, "browser-use-2026-07-14"],
    ["POST", path, undefined],
  ]);
});

test("if the service refuses null for multiagent, the error names `replaceOnChanges`", async () => {
  world.api.switches.multiagentNull = "reject";
  const declared = { ...args, tools: [toolset], multiagent: { type: "coordinator", agents: [{ type: "self" }] } };
  const { stack } = await existing(declared);
  await expect(stack.up({ ...args, tools: [toolset] })).rejects.toThrow('replaceOnChanges: ["multiagent"]');
});

const mcpServers = [{ name: "tracker", url: "https://mcp.example.com" }];
const mcpTools = { type: "mcp_toolset", mcpServerName: "tracker" };

test("a refresh shows no difference if the service resolves the settings of tools, and shows a model as an object", async () => {
  const switches = { toolSettings: "resolved", mcpPermissionPolicy: "always_allow", modelEcho: "object" } as const;
  Object.assign(world.api.switches, switches);
  const configured = { ...toolset, configs: [{ name: "Bash", enabled: false }], defaultConfig: { enabled: true } };
  const declared = { ...args, tools: [configured, mcpTools], mcpServers };
  const { stack } = await existing(declared);
  await stack.findsNoDifference(declared);
});

test("an MCP server that no mcp_toolset names causes one warning, which a later preview does not repeat", async () => {
  const warning =
    'warning: QoderAgent "daily": no mcp_toolset has the server tracker, so the agent has none of its tools, and the service may refuse it: add one, or remove the server [mcp-server]';
  const stack = world.stackOf(agent);
  await stack.up({ ...args, mcpServers });
  await stack.preview({ ...args, mcpServers });
  await world.stackOf(agent).preview({ ...args, mcpServers, tools: [mcpTools] });
  expect(world.output).toEqual([warning]);
});

test("a changed agent and the deployment that pins its version are updated with one request each", async () => {
  const { stack, id, path } = await existing();
  const deployment = world.stack();
  const pinned = () => world.args({ agent: { id, version: stack.state?.outputs["version"] } });
  await deployment.up(pinned());
  world.sent();
  await stack.up({ ...args, system: "b" });
  await deployment.up(pinned());
  expect(world.sent()).toEqual([
    ["POST", path, { system: "b", version: 1 }],
    ["POST", `/deployments/${world.live.id}`, { agent: { id, type: "agent", version: 2 } }],
  ]);
  await stack.up({ ...args, system: "b" });
  expect(await deployment.up(pinned())).toBe("same");
  expect(world.sent()).toEqual([]);
});

test.each(doors)("a prompt of keys and values shows its changed lines, unless it is a secret (%s)", async (door) => {
  useDoor(door);
  const { stack } = await world.existing(agent, { ...agent.least, system: "role: reporter\ntone: dry\nend: now" });
  world.output.length = 0;
  // With its sign, the second line has the 100 characters that a remark shows.
  const [warm, long] = ["w".repeat(92), "l".repeat(94)];
  const changed = { ...agent.least, system: `role: reporter\ntone: ${warm}\nend: ${long}` };
  await stack.preview(changed);
  const lines = ["- tone: dry", "- end: now", `+ tone: ${warm}`, `+ end: ${long.slice(1)}…`];
  const [shown = "", ...others] = world.output;
  expect([shown.slice(shown.indexOf("system: ")), others]).toEqual([
    ["system: the changed lines [changed-lines]", ...lines].join("\n  "),
    [],
  ]);
  world.output.length = 0;
  await stack.preview({ ...changed, __command: { isPreview: true, secretPlaces: [["system"]] } });
  expect(world.output.join()).not.toContain("tone");
  world.output.length = 0;
  // Pulumi itself shows the changed lines of prose.
  await stack.preview({ ...agent.least, system: "role: reporter\nWrite as you speak.\nend: now" });
  expect(world.output).toEqual([]);
});
