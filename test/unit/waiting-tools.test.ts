import type { QoderAgentArgs } from "../../provider";
import { waitingToolTexts } from "../../provider/deployment/named-remarks";

const ask = { permissionPolicy: { type: "always_ask" } } as const;
const deny = { permissionPolicy: { type: "always_deny" } } as const;
const allow = { permissionPolicy: { type: "always_allow" } } as const;
const toolset = { type: "agent_toolset_20260401" } as const;
const docs = { type: "mcp_toolset", mcpServerName: "docs" } as const;
const custom = { type: "custom", name: "ask_user", description: "asks", inputSchema: { type: "object" } } as const;

const askBash = [{ name: "Bash", ...ask }];
const bash = { name: "Bash", enabled: true };
const disabled = { enabled: false, ...ask };

const approvalOf = (what: string) =>
  `asks for approval of ${what}. Nobody answers in an unattended run, and a pending approval never times out: the run waits indefinitely. Set permissionPolicy to always_allow or always_deny`;
const leftToClient = (what: string) =>
  `leaves the custom tool ${what} to a client. No client answers in an unattended run, and a pending call never times out: the run waits indefinitely. Remove the tool, or let a client answer`;

const others = (place: string) => approvalOf(`every tool without settings of its own (${place})`);
const rows: readonly [what: string, tools: QoderAgentArgs["tools"], expected: readonly string[]][] = [
  ["no tools", undefined, []],
  ["tools without approval", [toolset, docs, { type: "browser_toolset_20260714" }], []],
  ["denied sets", [toolset, docs].map((set) => ({ ...set, defaultConfig: deny })), []],
  [
    "a default with approval, and a denied tool",
    [{ ...toolset, enabledTools: ["Bash", "Read"], defaultConfig: ask, configs: [{ name: "Bash", ...deny }] }],
    [approvalOf('"Read" (tools[0].defaultConfig)')],
  ],
  ["a tool with approval in a set", [{ ...toolset, configs: askBash }], [approvalOf('"Bash" (tools[0].configs[0])')]],
  ["a disabled tool", [{ ...toolset, configs: [{ name: "Bash", enabled: false, ...ask }] }], []],
  ["a tool outside of enabledTools", [{ ...toolset, enabledTools: ["Read"], configs: askBash }], []],
  ["a disallowed tool", [{ ...toolset, disallowedTools: ["Bash"], configs: askBash }], []],
  [
    "two tools with approval of an MCP server",
    [toolset, { ...docs, configs: [{ name: "read" }, { name: "write", ...ask }, { name: "drop", ...ask }] }],
    [approvalOf('"write" (tools[1].configs[1])'), approvalOf('"drop" (tools[1].configs[2])')],
  ],
  ["a set with approval by default", [{ ...toolset, defaultConfig: ask }], [others("tools[0].defaultConfig")]],
  ["a disabled default", [{ ...toolset, defaultConfig: disabled }], []],
  [
    "a default that one tool overrides",
    [{ ...toolset, defaultConfig: disabled, configs: [bash, { name: "Read", enabled: true, ...allow }] }],
    [approvalOf('"Bash" (tools[0].configs[0])')],
  ],
  [
    "a default for named tools",
    [{ ...toolset, enabledTools: ["Read", "Bash", "Grep"], defaultConfig: ask, configs: [{ name: "Bash", ...allow }] }],
    [approvalOf('"Read" (tools[0].defaultConfig)'), approvalOf('"Grep" (tools[0].defaultConfig)')],
  ],
  ["a custom tool", [toolset, custom], [leftToClient('"ask_user" (tools[1])')]],
];

test.each(rows)("an agent with %s warns of the tools that wait for a person or a client only", (_, tools, expected) => {
  expect(waitingToolTexts(tools, false)).toEqual(expected);
});

test("a warning about secret tools hides their names", () => {
  const secret = [custom, { ...toolset, configs: askBash }];
  expect(waitingToolTexts(secret, true)).toEqual([leftToClient("tools[0]"), approvalOf("tools[1].configs[0]")]);
});

test("tools in a form that this version does not know give no warning", () => {
  const read = [{ ...custom, later: true }, { type: "later_toolset", configs: "all" }, null, 5];
  expect(waitingToolTexts(read, false)).toEqual([leftToClient('"ask_user" (tools[0])')]);
});
