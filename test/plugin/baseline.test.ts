import type { Switches } from "../qoder-api";
import { agent, deployment, environment } from "../support/kinds";
import { PluginWorld } from "../support/plugin-world";
import type { Properties } from "../support/provider";

let world: PluginWorld;
beforeAll(async () => {
  world = await PluginWorld.start();
});
afterAll(() => world.stop());
beforeEach(() => world.resetAll());

const toolset = { type: "agent_toolset_20260401" };
const tracker = { type: "mcp_toolset", mcpServerName: "tracker" };
const mcpServers = [{ name: "tracker", url: "https://mcp.example.com" }];
const model = "ultimate";
const open = { type: "cloud", networking: { type: "unrestricted" } };
const allow = { permission_policy: { type: "always_allow" } };
const bash = { name: "Bash", enabled: false };

interface Edit {
  readonly what: string;
  readonly kind: typeof agent;
  readonly args: Properties;
  readonly edit: object;
  /** What the state holds then. */
  readonly drift: object;
}
const edits: readonly Edit[] = [
  {
    what: "a tool that somebody switched off",
    ...{ kind: agent, args: { model, tools: [toolset] } },
    edit: { tools: [{ ...toolset, configs: [bash] }] },
    drift: { tools: [{ ...toolset, configs: [bash] }] },
  },
  {
    what: "a permission that somebody gave to all tools of an MCP server",
    ...{ kind: agent, args: { model, mcpServers, tools: [tracker] } },
    edit: { tools: [{ type: "mcp_toolset", mcp_server_name: "tracker", default_config: allow }] },
    drift: { tools: [{ ...tracker, defaultConfig: { permissionPolicy: { type: "always_allow" } } }] },
  },
  {
    what: "settings that somebody added for one more tool",
    ...{ kind: agent, args: { model, tools: [{ ...toolset, configs: [{ name: "Read", enabled: true }] }] } },
    edit: { tools: [{ ...toolset, configs: [{ name: "Read", enabled: true }, bash] }] },
    drift: { tools: [{ ...toolset, configs: [{ name: "Read", enabled: true }, bash] }] },
  },
];

test.each(edits)("$what is drift, and up puts back what the program says", async ({ kind, args, edit, drift }) => {
  const { stack, id, path } = await world.existing(kind, args);
  world.api.agents.edit(id, { ...edit });
  expect(await stack.refresh()).toBe("update");
  expect(stack.state?.inputs).toMatchObject(drift);
  expect(await stack.preview(args)).toBe("update");
  world.sent();
  await stack.up(args);
  expect(world.sent()).toEqual([["POST", path, expect.objectContaining({ tools: expect.anything() })]]);
  expect(await stack.refresh()).toBe("same");
});

test("networking that disappears from an open environment is drift", async () => {
  const { stack, id } = await world.existing(environment, { config: open });
  world.api.environments.removeMember(id, ["config", "networking"]);
  expect(await stack.refresh()).toBe("update");
  expect(stack.state?.inputs).toMatchObject({ config: { networking: { type: "not shown" } } });
  expect(await stack.preview({ config: open })).toBe("update");
});

const team = { type: "coordinator", agents: ["agent_b"] };
test.each<[string, typeof agent, Properties, Partial<Switches>]>([
  ["limits beside an open network", environment, { config: open }, { unrestrictedNetworking: "with-limits" }],
  ["resolved settings of a model", agent, { model }, { modelEcho: "resolved" }],
  [
    "a new member of a skill",
    agent,
    { model, skills: [{ type: "custom", skillId: "skill_1" }] },
    { addedMembers: "elements" },
  ],
  ["a new member of a tool", agent, { model, tools: [toolset] }, { addedMembers: "elements" }],
  ["a new member of a team", agent, { model, tools: [toolset], multiagent: team }, { addedMembers: "elements" }],
])("a service that shows %s in every reply makes no difference", async (_, kind, args, switches) => {
  Object.assign(world.api.switches, switches);
  const { stack } = await world.existing(kind, args);
  const steps = [await stack.up(args), await stack.refresh(), await stack.preview(args), await stack.up(args)];
  expect(steps).toEqual(["same", "same", "same", "same"]);
  expect(world.api.requests.filter(({ method }) => method === "POST")).toEqual([]);
});

test("an update of one argument takes in nothing that somebody changed of another", async () => {
  world.api.switches.toolSettings = "resolved";
  const { stack, id } = await world.existing(environment, { config: open, description: "a" });
  world.api.environments.edit(id, { config: { ...open, setup_script: "echo hello" } });
  await stack.up({ config: open, description: "b" });
  expect(await stack.refresh()).toBe("update");
  expect(stack.state?.inputs).toMatchObject({ config: { setupScript: "echo hello" }, description: "b" });
});

/** As a version wrote it that knew no baseline. */
async function older(kind: typeof agent, args: Properties) {
  const existing = await world.existing(kind, args);
  const { state } = existing.stack;
  const { __shown: _, ...outputs } = state?.outputs ?? {};
  existing.stack.state = state === undefined ? undefined : { ...state, outputs };
  return existing;
}

describe("a state of an earlier version", () => {
  const args = { model, tools: [toolset] };

  test("takes what the service fills in at its first refresh, without a word, and tells what changes from then on", async () => {
    world.api.switches.toolSettings = "resolved";
    world.api.switches.modelEcho = "resolved";
    const { stack, id } = await older(agent, args);
    expect(await stack.refresh()).toBe("same");
    expect(await stack.preview(args)).toBe("same");
    expect(world.output).toEqual([]);
    world.api.agents.edit(id, { tools: [{ ...toolset, configs: [bash] }] });
    expect(await stack.refresh()).toBe("update");
  });

  test("still tells what somebody changed before of a member that the program gives", async () => {
    const declared = { model, tools: [{ ...toolset, enabledTools: ["Bash"] }] };
    const { stack, id } = await older(agent, declared);
    world.api.agents.edit(id, { tools: [{ ...toolset, enabled_tools: ["Bash", "Read"] }] });
    expect(await stack.refresh()).toBe("update");
    expect(stack.state?.inputs).toMatchObject({ tools: [{ enabledTools: ["Bash", "Read"] }] });
  });

  test("keeps no text of an argument that holds a secret, as nothing tells the engine to encrypt it yet", async () => {
    world.api.switches.toolSettings = "resolved";
    const secret = { type: "custom", name: "ask", description: "password hunter2", inputSchema: {} };
    const { stack, id } = await older(agent, { model, tools: [toolset, secret], __secrets: ["tools"] });
    expect(await stack.refresh()).toBe("same");
    world.api.agents.edit(id, { system: "x", tools: [toolset] });
    await stack.refresh();
    expect(String(stack.state?.outputs["__shown"])).not.toContain("hunter2");
    expect(stack.state?.outputs["__shown"]).toBe("{}");
  });

  test("of a deployment keeps what the service fills in beside a token, and no token", async () => {
    world.api.switches.fillDefaults = true;
    const repository = { type: "github_repository", url: "https://github.com/acme/shop", authorizationToken: "ghp_1" };
    const { stack } = await older(deployment, world.args({ resources: [repository] }));
    expect(await stack.refresh()).toBe("same");
    expect(stack.state?.outputs["__shown"]).toMatch(/mountPath/);
    expect(stack.state?.outputs["__shown"]).not.toMatch(/ghp_1/);
  });
});
