import * as pulumi from "@pulumi/pulumi";
import { QoderAgent, type QoderAgentArgs, QoderDeployment, type QoderDeploymentArgs } from "../../provider";

const warnings: { text: string; resource: pulumi.Resource | undefined }[] = [];
beforeEach(() => {
  warnings.length = 0;
  inPreview(true);
  jest.spyOn(pulumi.log, "warn").mockImplementation(async (text, resource) => {
    warnings.push({ text, resource });
  });
});
afterEach(() => jest.restoreAllMocks());

function inPreview(isPreview: boolean): void {
  const newResource = ({ id = "x_1", inputs }: pulumi.runtime.MockResourceArgs) => ({ id, state: inputs });
  pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "project", "dev", isPreview);
}

/** Declares a deployment of an agent with these tools, and waits for the warnings. */
async function declare(
  tools: QoderAgentArgs["tools"],
  named: (agent: QoderAgent) => QoderDeploymentArgs["agent"] = (agent) => agent,
  more: Pick<QoderDeploymentArgs, "acknowledge"> = {},
): Promise<QoderDeployment> {
  const agent = new QoderAgent("reporter", { model: "ultimate", tools });
  const args = { agent: named(agent), environmentId: "env_1", initialEvents: [], ...more };
  const deployment = new QoderDeployment("daily", args);
  // `apply` never runs for an unknown output; the URN is known.
  await new Promise((resolve) => deployment.urn.apply(resolve));
  await new Promise(setImmediate);
  return deployment;
}

const ask = { permissionPolicy: { type: "always_ask" } } as const;
const deny = { permissionPolicy: { type: "always_deny" } } as const;
const allow = { permissionPolicy: { type: "always_allow" } } as const;
const toolset = { type: "agent_toolset_20260401" } as const;
const docs = { type: "mcp_toolset", mcpServerName: "docs" } as const;
const custom = { type: "custom", name: "ask_user", description: "asks", inputSchema: { type: "object" } } as const;

const approvalOf = (what: string) =>
  `QoderDeployment "daily": its agent "reporter" asks for approval of ${what}. In an unattended run nobody answers, and a pending approval never times out: the run waits indefinitely. Set permissionPolicy to always_allow or always_deny, or disable the tool [waiting-tool]`;
const leftToClient = (what: string) =>
  `QoderDeployment "daily": its agent "reporter" leaves the custom tool ${what} to a client. In an unattended run no client answers, and a pending call never times out: the run waits indefinitely. Take the tool out, or let a client answer in every run [waiting-tool]`;

const others = (place: string) => approvalOf(`every tool without settings of its own (${place})`);
const rows: readonly [what: string, tools: QoderAgentArgs["tools"], expected: readonly string[]][] = [
  ["no tools", undefined, []],
  ["tools without approval", [toolset, docs, { type: "browser_toolset_20260714" }], []],
  ["an allowed tool", [{ ...toolset, configs: [{ name: "Bash", ...allow }] }], []],
  ["a denied tool", [{ ...toolset, configs: [{ name: "Bash", ...deny }] }], []],
  [
    "denied sets",
    [
      { ...toolset, defaultConfig: deny },
      { ...docs, defaultConfig: deny },
    ],
    [],
  ],
  [
    "a default with approval, and a denied tool",
    [{ ...toolset, enabledTools: ["Bash", "Read"], defaultConfig: ask, configs: [{ name: "Bash", ...deny }] }],
    [approvalOf('"Read" (tools[0].defaultConfig)')],
  ],
  [
    "a tool with approval in a set",
    [{ ...toolset, configs: [{ name: "Bash", ...ask }] }],
    [approvalOf('"Bash" (tools[0].configs[0])')],
  ],
  ["a disabled tool", [{ ...toolset, configs: [{ name: "Bash", enabled: false, ...ask }] }], []],
  ["a tool outside of enabledTools", [{ ...toolset, enabledTools: ["Read"], configs: [{ name: "Bash", ...ask }] }], []],
  ["a disallowed tool", [{ ...toolset, disallowedTools: ["Bash"], configs: [{ name: "Bash", ...ask }] }], []],
  [
    "two tools with approval of an MCP server",
    [toolset, { ...docs, configs: [{ name: "read" }, { name: "write", ...ask }, { name: "drop", ...ask }] }],
    [approvalOf('"write" (tools[1].configs[1])'), approvalOf('"drop" (tools[1].configs[2])')],
  ],
  ["a set with approval by default", [{ ...toolset, defaultConfig: ask }], [others("tools[0].defaultConfig")]],
  [
    "an MCP server with approval by default",
    [toolset, { ...docs, defaultConfig: ask }],
    [others("tools[1].defaultConfig")],
  ],
  ["a disabled default", [{ ...toolset, defaultConfig: { enabled: false, ...ask } }], []],
  [
    "a default that one tool overrides",
    [
      {
        ...toolset,
        defaultConfig: { enabled: false, ...ask },
        configs: [
          { name: "Bash", enabled: true },
          { name: "Read", enabled: true, ...allow },
        ],
      },
    ],
    [approvalOf('"Bash" (tools[0].configs[0])')],
  ],
  [
    "a default for named tools",
    [{ ...toolset, enabledTools: ["Read", "Bash", "Grep"], defaultConfig: ask, configs: [{ name: "Bash", ...allow }] }],
    [approvalOf('"Read" (tools[0].defaultConfig)'), approvalOf('"Grep" (tools[0].defaultConfig)')],
  ],
  ["a custom tool", [toolset, custom], [leftToClient('"ask_user" (tools[1])')]],
  [
    "tools with a secret name, which the warning hides",
    [custom, { ...toolset, configs: [{ name: pulumi.secret("Bash"), ...ask }] }],
    [leftToClient("tools[0]"), approvalOf("tools[1].configs[0]")],
  ],
];

test.each(rows)(
  "the preview of a deployment whose agent has %s warns of the tools that wait for a person or a client only",
  async (_, tools, expected) => {
    const resource = await declare(tools);
    expect(warnings).toEqual(expected.map((text) => ({ text, resource })));
  },
);

test("the preview warns of an agent in an Output, and not of an agent that the program names by its id", async () => {
  await declare([custom], (agent) => pulumi.output(Promise.resolve(agent)));
  expect(warnings).toHaveLength(1);
  await declare([custom], (agent) => agent.id);
  await declare([custom], (agent) => ({ id: agent.id, version: agent.version }));
  expect(warnings).toHaveLength(1);
});

test("the preview warns of the tools of an agent from QoderAgent.get", async () => {
  const read = [{ ...custom, later: true }, { type: "later_toolset", configs: "all" }, null, 5];
  const newResource = ({ id = "x_1", inputs }: pulumi.runtime.MockResourceArgs) => ({
    id,
    state: { tools: read, ...inputs },
  });
  pulumi.runtime.setMocks({ newResource, call: () => ({}) }, "project", "dev", true);
  await declare(undefined, () => QoderAgent.get("reporter", "agent_1"));
  expect(warnings.map(({ text }) => text)).toEqual([leftToClient('"ask_user" (tools[0])')]);
});

test.each([
  [["waiting-tool"], 0],
  [["dst"], 1],
] as const)("a deployment that acknowledges %j causes %d warnings of a waiting tool", async (acknowledge, count) => {
  await declare([custom], undefined, { acknowledge });
  expect(warnings).toHaveLength(count);
});

test("`pulumi up` does not repeat the warnings of its preview", async () => {
  inPreview(false);
  await declare([custom]);
  expect(warnings).toEqual([]);
});

test.each([
  ["none", 0],
  ["none,dst", 0],
  ["warnings, waiting-tool", 0],
  ["warnings,dst", 1],
])("with qoder:remarks %j a deployment causes %d warnings of a waiting tool", async (setting, count) => {
  pulumi.runtime.setAllConfig({ "qoder:remarks": setting });
  await declare([custom]).finally(() => pulumi.runtime.setAllConfig({}));
  expect(warnings).toHaveLength(count);
});
