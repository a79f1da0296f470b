import { AGENT_TOOLSET, type AgentPatch, type ToolInput } from "./agent-schemas";
import { invalid } from "./errors";
import { deletions, mergedMetadata } from "./metadata";
import { isObject } from "./parse";
import { replaced } from "./patch";
import type { Switches } from "./switches";
import type { Agent } from "./wire";

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
  checkServers(fields, switches);
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

function checkServers(agent: Agent, switches: Switches): void {
  const servers = agent.mcp_servers.map((server) => server["name"]);
  const used = agent.tools.map((tool) => (tool["type"] === "mcp_toolset" ? tool["mcp_server_name"] : undefined));
  const foreign = used.findIndex((name) => name !== undefined && !servers.includes(name));
  if (foreign >= 0) {
    const param = `tools.${foreign}.mcp_server_name`;
    throw invalid(`Invalid value for ${param}: no MCP server is named '${used[foreign]}'`, param);
  }
  const idle = servers.findIndex((name) => !used.includes(name));
  if (idle >= 0 && switches.unusedMcpServers === "reject") {
    throw invalid(`MCP server '${servers[idle]}' is not used by any mcp_toolset.`, `mcp_servers.${idle}`);
  }
}
