import type { Properties } from "../../provider/resource/program-values";

/** One argument of a kind. */
export interface Row {
  readonly value: unknown;
  readonly sent: Properties;
  readonly removed: Properties;
  /** What a program asks for, and a reply that means the same; and one that does not. */
  readonly same?: readonly (readonly [asked: unknown, shown: unknown])[];
  /** What a program asks for, and a reply that is no difference only where the service answered the write with it. */
  readonly renditions?: readonly (readonly [asked: unknown, shown: unknown])[];
  readonly drift?: readonly (readonly [asked: unknown, shown: unknown])[];
  /** Texts in messages, and what causes them. */
  readonly refused?: readonly (readonly [given: unknown, message: string])[];
}

export const toolset = "agent_toolset_20260401";
export const mcp = { type: "mcp_toolset", mcpServerName: "tracker" };
const custom = { type: "custom", name: "ask", description: "asks" };
const policy = { type: "always_ask" };
const wirePolicy = { enabled: true, permission_policy: policy };
const advisor = (model: unknown) => ({ type: "coordinator", agents: [{ type: "advisor", model }] });
export const team = (...agents: unknown[]) => ({ type: "coordinator", agents });
export const metadata: Row = {
  value: { team: "platform" },
  sent: { metadata: { team: "platform" } },
  removed: { metadata: { team: null } },
  same: [[{ a: "1" }, { a: "1", other: "2" }]],
  drift: [[{ a: "1" }, { a: "2" }]],
};
export const description: Row = {
  value: "a",
  sent: { description: "a" },
  removed: { description: "" },
  same: [
    ["", null],
    ["", ""],
  ],
  drift: [["a", "b"]],
};
export const archiveInUse: Row = { value: true, sent: {}, removed: {} };
export const adopt: Row = { value: undefined, sent: {}, removed: {} };
export const name: Row = {
  value: "a",
  sent: { name: "a" },
  removed: {},
  drift: [["a", "b"]],
  refused: [["", "name: is empty"]],
};

export const agentRows: Readonly<Record<string, Row>> = {
  name: { ...name, refused: [["a".repeat(257), "name: has more than 256 characters"]] },
  model: {
    value: "ultimate",
    sent: { model: "ultimate" },
    removed: {},
    same: [
      ["ultimate", { id: "ultimate" }],
      [{ id: "ultimate" }, "ultimate"],
    ],
    drift: [
      ["ultimate", "auto"],
      ["ultimate", { id: "ultimate", effort: "low" }],
      [
        { id: "ultimate", effort: "high" },
        { id: "ultimate", effort: "low" },
      ],
      [{ id: "ultimate", effort: "high" }, "ultimate"],
    ],
    refused: [
      [undefined, "model: is missing"],
      [{ id: "a", context_window: 5 }, "model.context_window: is not known here; did you mean contextWindow?"],
    ],
  },
  system: {
    value: "a",
    sent: { system: "a" },
    removed: { system: "" },
    same: [["", null]],
    drift: [["a", ""]],
    refused: [["a".repeat(100_001), "system: has more than 100000 characters"]],
  },
  description: { ...description, refused: [["a".repeat(2_049), "description: has more than 2048 characters"]] },
  tools: {
    value: [{ type: toolset, enabledTools: ["Bash"] }],
    sent: { tools: [{ type: toolset, enabled_tools: ["Bash"] }] },
    removed: { tools: [] },
    same: [
      [[], null],
      // The types of the official clients call these settings resolved; a service may resolve them after its answer.
      [[mcp], [{ type: "mcp_toolset", mcp_server_name: "tracker", default_config: wirePolicy }]],
      [[{ type: toolset, enabledTools: ["A", "B"] }], [{ type: toolset, enabled_tools: ["B", "A"] }]],
      [
        [
          {
            type: toolset,
            configs: [
              { name: "A", enabled: true },
              { name: "B", permissionPolicy: policy },
            ],
          },
        ],
        [
          {
            type: toolset,
            configs: [
              { name: "B", permission_policy: policy },
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
    ],
    renditions: [
      [[{ type: toolset, enabledTools: [] }], [{ type: toolset, default_config: wirePolicy, configs: [] }]],
      [[{ type: toolset, configs: [{ name: "A" }] }], [{ type: toolset, configs: [{ name: "A" }, { name: "C" }] }]],
      [[mcp], [{ type: "mcp_toolset", mcp_server_name: "tracker", revision: "r1" }]],
    ],
    drift: [
      [[{ type: toolset }], []],
      [[{ type: toolset }], [{ type: toolset, disallowed_tools: ["Bash"] }]],
      [
        [{ type: toolset, configs: [{ name: "A", enabled: false }] }],
        [{ type: toolset, configs: [{ name: "A", enabled: true }] }],
      ],
      [[{ type: toolset, defaultConfig: { enabled: false } }], [{ type: toolset, default_config: { enabled: true } }]],
      [
        [{ type: toolset, defaultConfig: { permissionPolicy: { type: "always_deny" } } }],
        [{ type: toolset, default_config: wirePolicy }],
      ],
      [[{ ...custom, inputSchema: { a_b: {} } }], [{ ...custom, input_schema: { aB: {} } }]],
      [[], [{ type: "tool_of_the_future" }]],
    ],
    refused: [
      [[{ type: "bash" }], `tools[0].type: is not one of ${toolset}, mcp_toolset, custom, browser_toolset_20260714`],
      [[{ type: toolset, enabled_tools: [] }], "tools[0].enabled_tools: is not known here; did you mean enabledTools?"],
      [[{ ...custom, name: "a b", inputSchema: {} }], "tools[0].name: is not 1 to 128 letters, digits, _ or -"],
      [[custom], "tools[0].inputSchema: is missing"],
      [Array(129).fill({ type: toolset }), "tools: has more than 128 elements"],
      [
        [{ type: toolset, configs: [{ name: "A" }, { name: "A" }] }],
        'tools[0].configs[1].name: "A" has another entry already',
      ],
      [
        [{ type: toolset, defaultConfig: { permissionPolicy: { type: "sometimes" } } }],
        "tools[0].defaultConfig.permissionPolicy.type: is not one of always_allow, always_ask, always_deny",
      ],
      [[mcp], "tools[0].mcpServerName: names no server; mcpServers is empty"],
    ],
  },
  mcpServers: {
    value: [{ name: "tracker", url: "https://a.example" }],
    sent: { mcp_servers: [{ type: "url", name: "tracker", url: "https://a.example" }] },
    removed: { mcp_servers: [] },
    same: [[[{ name: "a", url: "b" }], [{ type: "http", name: "a", url: "b" }]]],
    renditions: [[[{ type: "url", name: "a", url: "b" }], [{ type: "url", name: "a", url: "b", headers: {} }]]],
    drift: [
      [[{ name: "a", url: "b" }], [{ type: "url", name: "a", url: "c" }]],
      [[{ name: "a", url: "b" }], [{ type: "stdio", name: "a", url: "b" }]],
    ],
    refused: [
      [
        [
          { name: "a", url: "b" },
          { name: "a", url: "c" },
        ],
        'mcpServers[1].name: "a" names another server already',
      ],
      [[...Array(21).keys()].map((key) => ({ name: `a${key}`, url: "b" })), "mcpServers: has more than 20 elements"],
      [[{ name: "a".repeat(256), url: "b" }], "mcpServers[0].name: has more than 255 characters"],
    ],
  },
  skills: {
    value: [{ type: "custom", skillId: "skill_1", version: "3" }],
    sent: { skills: [{ type: "custom", skill_id: "skill_1", version: "3" }] },
    removed: { skills: [] },
    renditions: [[[{ type: "custom", skillId: "a" }], [{ type: "custom", skill_id: "a", version: "4" }]]],
    drift: [
      [[{ type: "custom", skillId: "a", version: "3" }], [{ type: "custom", skill_id: "a", version: "4" }]],
      [[{ type: "custom", skillId: "a" }], [{ type: "qoder", skill_id: "a" }]],
    ],
    refused: [[Array(21).fill({ type: "custom", skillId: "a" }), "skills: has more than 20 elements"]],
  },
  multiagent: {
    value: team("agent_1"),
    sent: { multiagent: team("agent_1") },
    removed: { multiagent: null },
    renditions: [[team("agent_1"), team({ type: "agent", id: "agent_1", version: 4 })]],
    same: [
      [advisor("ultimate"), advisor({ id: "ultimate" })],
      [team({ type: "self" }), team({ type: "self" })],
    ],
    drift: [
      [team({ type: "agent", id: "agent_1", version: 3 }), team({ type: "agent", id: "agent_1", version: 4 })],
      [team("agent_1"), team("agent_2")],
      [team("agent_1"), null],
    ],
    refused: [
      [team("agent_1"), `multiagent: needs { type: "${toolset}" } among the tools`],
      [team(), "multiagent.agents: is empty"],
      [team("env_1"), "multiagent.agents[0]: is not the id of an agent: agent_ and letters, digits, _ or -"],
    ],
  },
  metadata,
  archiveInUse,
  adopt,
};
