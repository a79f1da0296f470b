import { type ArgumentRow, inMember } from "./argument-row";

export const toolset = { type: "agent_toolset_20260401" };
export const mcp = { type: "mcp_toolset", mcpServerName: "tracker" };
const wireMcp = { type: "mcp_toolset", mcp_server_name: "tracker" };
const custom = { type: "custom", name: "ask", description: "asks" };
export const ask = { permissionPolicy: { type: "always_ask" } };
const askWire = { permission_policy: { type: "always_ask" } };
const resolved = { enabled: true, ...askWire };

export const tools: ArgumentRow = {
  leftOut: "cleared",
  value: [{ ...toolset, enabledTools: ["Bash"] }],
  everyShape: [
    {
      ...toolset,
      enabledTools: ["Bash", "Read", "Grep"],
      disallowedTools: ["Write", "Edit"],
      configs: [{ name: "Bash", enabled: true, ...ask }, { name: "Read" }],
      defaultConfig: { enabled: true, ...ask },
    },
    { ...mcp, configs: [{ name: "search" }] },
    { ...custom, inputSchema: { type: "object", properties: { q: { type: "string" } } } },
  ],
  sent: { tools: [{ ...toolset, enabled_tools: ["Bash"] }] },
  removed: { tools: [] },
  unset: { tools: [] },
  edited: {
    by: { tools: [{ ...toolset, disallowed_tools: ["Bash"] }] },
    to: [{ ...toolset, disallowedTools: ["Bash"] }],
  },
  same: inMember("tools", [
    [[], null],
    // "Permission policies" has the default of the toolset, and no page that of an MCP server's tools.
    [[toolset], [{ ...toolset, default_config: { enabled: true, permission_policy: { type: "always_allow" } } }]],
    [[{ ...toolset, enabledTools: ["A", "B"] }], [{ ...toolset, enabled_tools: ["B", "A"] }]],
    [
      [
        {
          ...toolset,
          configs: [
            { name: "A", enabled: true },
            { name: "B", ...ask },
          ],
        },
      ],
      [
        {
          ...toolset,
          configs: [
            { name: "B", ...askWire },
            { name: "A", enabled: true },
          ],
        },
      ],
    ],
    [
      [{ ...custom, inputSchema: { someThing: { default: null } } }],
      [{ ...custom, input_schema: { someThing: { default: null } } }],
    ],
    [[{ ...custom, inputSchema: { a: { default: null } } }], [{ ...custom, input_schema: { a: {} } }]],
    [[{ ...custom, inputSchema: { some_thing: {} } }], [{ ...custom, input_schema: { some_thing: {} } }]],
    [[mcp], [{ ...wireMcp, revision: "r1" }]],
  ]),
  renditions: inMember("tools", [
    [[{ ...toolset, enabledTools: [] }], [{ ...toolset, default_config: resolved, configs: [] }]],
    [[{ ...toolset, configs: [{ name: "A" }] }], [{ ...toolset, configs: [{ name: "A" }, { name: "C" }] }]],
    [[mcp], [{ ...wireMcp, default_config: resolved }]],
  ]),
  drift: inMember("tools", [
    [[toolset], []],
    [[mcp], [{ ...wireMcp, default_config: resolved }]],
    [[mcp], [{ ...wireMcp, default_config: { permission_policy: { type: "always_allow" } } }]],
    [[toolset], [{ ...toolset, disallowed_tools: ["Bash"] }]],
    [
      [{ ...toolset, configs: [{ name: "A", enabled: false }] }],
      [{ ...toolset, configs: [{ name: "A", enabled: true }] }],
    ],
    [[{ ...toolset, defaultConfig: { enabled: false } }], [{ ...toolset, default_config: { enabled: true } }]],
    [
      [{ ...toolset, defaultConfig: { permissionPolicy: { type: "always_deny" } } }],
      [{ ...toolset, default_config: resolved }],
    ],
    [[{ ...custom, inputSchema: { a_b: {} } }], [{ ...custom, input_schema: { aB: {} } }]],
    [[], [{ type: "tool_of_the_future" }]],
  ]),
  mistakes: [
    [[{ type: "bash" }], `tools[0].type: is not one of ${toolset.type}, mcp_toolset, custom, browser_toolset_20260714`],
    [[{ ...toolset, enabled_tools: [] }], "tools[0].enabled_tools: is not known here; did you mean enabledTools?"],
    [[{ ...custom, name: "a b", inputSchema: {} }], "tools[0].name: is not 1 to 128 letters, digits, _ or -"],
    [[custom], "tools[0].inputSchema: is missing"],
    [Array(129).fill(toolset), "tools: has more than 128 elements"],
    [
      [{ ...toolset, configs: [{ name: "A" }, { name: "A" }] }],
      'tools[0].configs[1].name: "A" has another entry already',
    ],
    [
      [{ ...toolset, defaultConfig: { permissionPolicy: { type: "sometimes" } } }],
      "tools[0].defaultConfig.permissionPolicy.type: is not one of always_allow, always_ask, always_deny",
    ],
    [[mcp], "tools[0].mcpServerName: names no server; mcpServers is empty"],
  ],
};
