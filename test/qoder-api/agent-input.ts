import { z } from "zod";
import { invalid } from "./errors";
import { deletions, mergedMetadata, metadata } from "./metadata";
import { atMost, isObject, name, replaced } from "./parse";
import type { Switches } from "./switches";
import type { Agent } from "./wire";

/** The bodies of "Create an agent" and "Update an agent". Limits count characters. */

export const AGENT_TOOLSET = "agent_toolset_20260401";
export const BROWSER_TOOLSET = "browser_toolset_20260714";

const text = (limit: number) => z.string().refine(atMost(limit), `must be at most ${limit} characters`);

const model = z.union([
  z.string().min(1),
  z.strictObject({
    id: z.string().min(1),
    effort: z.string().min(1).optional(),
    context_window: z.int().min(1).optional(),
  }),
]);

const policy = {
  enabled: z.boolean().optional(),
  permission_policy: z.strictObject({ type: z.enum(["always_allow", "always_ask", "always_deny"]) }).optional(),
};

const toolSettings = {
  configs: z.array(z.strictObject({ name: z.string().min(1), ...policy })).optional(),
  default_config: z.strictObject(policy).optional(),
};

const tool = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal(AGENT_TOOLSET),
    enabled_tools: z.array(z.string()).optional(),
    disallowed_tools: z.array(z.string()).optional(),
    ...toolSettings,
  }),
  z.strictObject({ type: z.literal("mcp_toolset"), mcp_server_name: z.string().min(1), ...toolSettings }),
  z.strictObject({
    type: z.literal("custom"),
    name: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, "must be 1-128 letters, digits, _ or -"),
    description: z.string(),
    input_schema: z.looseObject({}),
  }),
  z.strictObject({ type: z.literal(BROWSER_TOOLSET) }),
]);

const mcpServer = z.strictObject({ type: z.literal("url"), name: text(255).min(1), url: z.string().min(1) });

const skill = z.strictObject({
  type: z.enum(["custom", "qoder"]),
  skill_id: z.string().min(1),
  version: z.string().min(1).optional(),
});

const member = z.union([
  z.string().min(1),
  z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("agent"), id: z.string().min(1), version: z.int().min(1).optional() }),
    z.strictObject({ type: z.literal("self") }),
    z.strictObject({ type: z.literal("advisor"), model }),
  ]),
]);

const fields = {
  // In the types of the official clients, null clears these two.
  description: text(2048).nullable().optional(),
  system: text(100_000).nullable().optional(),
  tools: z.array(tool).max(128, "must hold at most 128 tools").optional(),
  mcp_servers: z
    .array(mcpServer)
    .max(20, "must hold at most 20 servers")
    .refine((servers) => new Set(servers.map((server) => server.name)).size === servers.length, "names must be unique")
    .optional(),
  skills: z.array(skill).max(20, "must hold at most 20 skills").optional(),
  metadata: metadata.optional(),
  multiagent: z
    .strictObject({
      type: z.literal("coordinator"),
      agents: z.array(member).min(1, "must hold 1-20 agents").max(20, "must hold 1-20 agents"),
    })
    .nullable()
    .optional(),
};

export const createAgentSchema = z.strictObject({ name, model, ...fields });

export const updateAgentSchema = z.strictObject({
  version: z.int().min(1).optional(),
  name: name.optional(),
  model: model.optional(),
  ...fields,
});

export type UpdateOfAgent = z.infer<typeof updateAgentSchema>;
export type AgentPatch = Omit<UpdateOfAgent, "version">;
type ToolInput = z.infer<typeof tool>;

/** The tools of a session, in the API's own spelling. */
const TOOL_NAMES = ["Bash", "Read", "Write", "Edit", "Glob", "Grep", "WebFetch", "WebSearch", "DeliverArtifacts"];

/** "Models": a request names a model without efforts by its id alone. */
export const MODELS_WITHOUT_EFFORTS = ["auto"];

/** "Update an agent" replaces arrays as a whole, merges `metadata` by key, and keeps members that the body leaves out. */
export function patchedAgent(base: Agent, patch: AgentPatch, switches: Switches, isCreate: boolean): Agent {
  checkPatch(patch, switches);
  const fields: Agent = {
    ...base,
    name: patch.name ?? base.name,
    model: patch.model ?? base.model,
    system: replaced(patch.system, base.system) ?? "",
    description: replaced(patch.description, base.description) ?? "",
    tools: patch.tools ?? base.tools,
    mcp_servers: patch.mcp_servers ?? base.mcp_servers,
    skills: patch.skills ?? base.skills,
    metadata: mergedMetadata(base.metadata, patch.metadata ?? {}, deletions(isCreate)),
    multiagent: replaced(patch.multiagent, base.multiagent),
  };
  checkServers(fields);
  if (fields.multiagent !== null && !fields.tools.some((tool) => tool["type"] === AGENT_TOOLSET)) {
    throw invalid(`multiagent needs the tool ${AGENT_TOOLSET}.`, "multiagent");
  }
  return fields;
}

function checkPatch(patch: AgentPatch, switches: Switches): void {
  if (isObject(patch.model) && MODELS_WITHOUT_EFFORTS.includes(patch.model.id)) {
    throw invalid(`Invalid value for model: '${patch.model.id}' takes the string form only`, "model");
  }
  if (patch.multiagent === null && switches.multiagentNull === "reject") {
    throw invalid("Invalid value for multiagent: must be an object", "multiagent");
  }
  for (const [index, tool] of (patch.tools ?? []).entries()) {
    const unknown = toolNames(tool).find((name) => !TOOL_NAMES.includes(name));
    if (unknown !== undefined) throw invalid(`unknown tool name '${unknown}'`, `tools.${index}`);
  }
}

/** Tools of an MCP server name that server. */
function toolNames(tool: ToolInput): string[] {
  if (tool.type !== AGENT_TOOLSET) return [];
  const { enabled_tools: enabled = [], disallowed_tools: disallowed = [], configs = [] } = tool;
  return [...enabled, ...disallowed, ...configs.map((config) => config.name)];
}

function checkServers(agent: Agent): void {
  const servers = agent.mcp_servers.map((server) => server["name"]);
  const used = agent.tools.map((tool) => (tool["type"] === "mcp_toolset" ? tool["mcp_server_name"] : undefined));
  const foreign = used.findIndex((name) => name !== undefined && !servers.includes(name));
  if (foreign >= 0) {
    const param = `tools.${foreign}.mcp_server_name`;
    throw invalid(`Invalid value for ${param}: no MCP server is named '${used[foreign]}'`, param);
  }
}
