import { agentKind } from "../../provider/agent/kind";
import { agents } from "../../provider/kinds/table";
import { ask, mcp, tools, toolset } from "./agent-tools";
import { type ArgumentRow, inMember } from "./argument-row";
import { acknowledge, adopt, archiveInUse, description, metadata, name } from "./common";
import { notAgent } from "./deployment/identity";
import { kindRow } from "./kind-row";

const askWire = { permission_policy: { type: "always_ask" } };
export const team = (...agents: unknown[]) => ({ type: "coordinator", agents });
const advisor = (model: unknown) => team({ type: "advisor", model });

const rows: Readonly<Record<string, ArgumentRow>> = {
  name: { ...name, mistakes: [["a".repeat(257), "name: has more than 256 characters"]] },
  model: {
    leftOut: "refused",
    value: "ultimate",
    sent: { model: "ultimate" },
    removed: {},
    edited: { by: { model: { id: "ultimate", effort: "low" } }, to: { id: "ultimate", effort: "low" } },
    same: inMember("model", [
      ["ultimate", { id: "ultimate" }],
      [{ id: "ultimate" }, "ultimate"],
    ]),
    drift: inMember("model", [
      ["ultimate", "auto"],
      ["ultimate", { id: "ultimate", effort: "low" }],
      [
        { id: "ultimate", effort: "high" },
        { id: "ultimate", effort: "low" },
      ],
      [{ id: "ultimate", effort: "high" }, "ultimate"],
    ]),
    mistakes: [
      [undefined, "model: is missing"],
      [{ id: "a", context_window: 5 }, "model.context_window: is not known here; did you mean contextWindow?"],
    ],
  },
  system: {
    leftOut: "cleared",
    value: "You write reports.",
    sent: { system: "You write reports." },
    removed: { system: "" },
    unset: { system: "" },
    edited: { by: { system: "You write poems." }, to: "You write poems." },
    same: inMember("system", [["", null]]),
    drift: inMember("system", [["a", ""]]),
    mistakes: [["a".repeat(100_001), "system: has more than 100000 characters"]],
  },
  description: { ...description, mistakes: [["a".repeat(2_049), "description: has more than 2048 characters"]] },
  tools,
  mcpServers: {
    leftOut: "cleared",
    value: [{ name: "tracker", url: "https://mcp.example.com" }],
    sent: { mcp_servers: [{ type: "url", name: "tracker", url: "https://mcp.example.com" }] },
    removed: { mcp_servers: [] },
    unset: { mcp_servers: [] },
    edited: {
      by: { mcp_servers: [{ type: "url", name: "tracker", url: "https://elsewhere.example.com" }] },
      to: [{ name: "tracker", url: "https://elsewhere.example.com" }],
    },
    same: inMember("mcp_servers", [
      [[{ name: "a", url: "https://b" }], [{ type: "http", name: "a", url: "https://b" }]],
      [[{ type: "url", name: "a", url: "https://b" }], [{ type: "url", name: "a", url: "https://b", headers: {} }]],
    ]),
    drift: inMember("mcp_servers", [
      [[{ name: "a", url: "https://b" }], [{ type: "url", name: "a", url: "https://c" }]],
      [[{ name: "a", url: "https://b" }], [{ type: "stdio", name: "a", url: "https://b" }]],
    ]),
    mistakes: [
      [
        [
          { name: "a", url: "https://b" },
          { name: "a", url: "https://c" },
        ],
        'mcpServers[1].name: "a" names another server already',
      ],
      [
        [...Array(21).keys()].map((key) => ({ name: `a${key}`, url: "https://b" })),
        "mcpServers: has more than 20 elements",
      ],
      [[{ name: "a".repeat(256), url: "https://b" }], "mcpServers[0].name: has more than 255 characters"],
    ],
  },
  skills: {
    leftOut: "cleared",
    value: [{ type: "custom", skillId: "skill_1", version: "3" }],
    everyShape: [
      { type: "custom", skillId: "skill_1" },
      { type: "qoder", skillId: "skill_2", version: "1" },
    ],
    sent: { skills: [{ type: "custom", skill_id: "skill_1", version: "3" }] },
    removed: { skills: [] },
    unset: { skills: [] },
    edited: { by: { skills: [{ type: "qoder", skill_id: "skill_2" }] }, to: [{ type: "qoder", skillId: "skill_2" }] },
    renditions: inMember("skills", [
      [[{ type: "custom", skillId: "a" }], [{ type: "custom", skill_id: "a", version: "4" }]],
    ]),
    drift: inMember("skills", [
      [[{ type: "custom", skillId: "a", version: "3" }], [{ type: "custom", skill_id: "a", version: "4" }]],
      [[{ type: "custom", skillId: "a" }], [{ type: "qoder", skill_id: "a" }]],
    ]),
    mistakes: [[Array(21).fill({ type: "custom", skillId: "a" }), "skills: has more than 20 elements"]],
  },
  multiagent: {
    leftOut: "cleared",
    value: team({ type: "self" }),
    everyShape: team(
      "agent_b",
      { type: "agent", id: "agent_c", version: 1 },
      { type: "self" },
      { type: "advisor", model: { id: "ultimate", effort: "low" } },
    ),
    sent: { multiagent: team({ type: "self" }) },
    removed: { multiagent: null },
    unset: { multiagent: null },
    needs: { tools: [toolset] },
    limits: [team(...Array(20).fill("agent_1"))],
    edited: { by: { multiagent: team("agent_b") }, to: team("agent_b") },
    renditions: inMember("multiagent", [[team("agent_1"), team({ type: "agent", id: "agent_1", version: 4 })]]),
    same: inMember("multiagent", [
      [advisor("ultimate"), advisor({ id: "ultimate" })],
      [team({ type: "self" }), team({ type: "self" })],
    ]),
    drift: inMember("multiagent", [
      [team({ type: "agent", id: "agent_1", version: 3 }), team({ type: "agent", id: "agent_1", version: 4 })],
      [team("agent_1"), team("agent_2")],
      [team("agent_1"), null],
    ]),
    mistakes: [
      [team("agent_1"), `multiagent: needs { type: "${toolset.type}" } among the tools`],
      [team(), "multiagent.agents: is empty"],
      [team(...Array(21).fill("agent_1")), "multiagent.agents: has more than 20 elements"],
      [team("env_1"), `multiagent.agents[0]: ${notAgent}`],
    ],
  },
  metadata,
  archiveInUse,
  adopt: { ...adopt, value: "agent_x" },
  acknowledge,
};

const changed = (tool: object) => [{ ...toolset, ...tool }];

export const agent = kindRow(agentKind, agents, {
  least: { model: "ultimate" },
  rows,
  changes: [
    { what: "a model", before: {}, after: { model: "auto" }, sent: { model: "auto" } },
    {
      what: "the effort of a model",
      before: { model: { id: "ultimate", effort: "low" } },
      after: { model: { id: "ultimate", effort: "high" } },
      sent: { model: { id: "ultimate", effort: "high" } },
    },
    {
      what: "a tool that is switched off",
      before: { tools: [toolset] },
      after: { tools: changed({ disallowedTools: ["Bash"] }) },
      sent: { tools: changed({ disallowed_tools: ["Bash"] }) },
    },
    {
      what: "one tool of two",
      before: { tools: [toolset, mcp], mcpServers: [{ name: "tracker", url: "https://mcp.example.com" }] },
      after: { tools: [toolset], mcpServers: [{ name: "tracker", url: "https://mcp.example.com" }] },
      sent: { tools: [toolset] },
    },
    {
      what: "a default of tools to no value",
      before: { tools: changed({ defaultConfig: ask }) },
      after: { tools: [toolset] },
      sent: { tools: [toolset] },
    },
    {
      what: "the settings of one tool (if replies show all defaults)",
      before: { tools: changed({ configs: [{ name: "Bash", ...ask }] }) },
      after: { tools: changed({ configs: [{ name: "Bash", enabled: false, ...ask }] }) },
      sent: { tools: changed({ configs: [{ name: "Bash", enabled: false, ...askWire }] }) },
      switches: { toolSettings: "resolved" },
    },
  ],
  beside: (api, id) => ({ version: api.agents.get(id).version }),
  console: (api) => api.agents,
});
