import { AGENT_TOOLSET } from "./agent-schemas";
import { isObject } from "./parse";
import type { Switches } from "./switches";
import type { Agent, JsonObject } from "./wire";

/** The Agent object as a GET would answer it. */
export function agentReply(agent: Agent, switches: Switches): Agent {
  const isBare = typeof agent.model === "string" && switches.modelEcho === "object";
  return structuredClone({
    ...agent,
    model: isBare ? { id: agent.model } : agent.model,
    tools: switches.toolSettings === "as-sent" ? agent.tools : agent.tools.map((tool) => resolved(tool, switches)),
  });
}

/** The types of the official clients call the settings of a tool "resolved": none is left to a default. */
function resolved(tool: JsonObject, switches: Switches): JsonObject {
  if (tool["type"] !== AGENT_TOOLSET && tool["type"] !== "mcp_toolset") return tool;
  const policy = tool["type"] === AGENT_TOOLSET ? "always_allow" : switches.mcpPermissionPolicy;
  const given = isObject(tool["default_config"]) ? tool["default_config"] : {};
  const standard = { enabled: true, permission_policy: { type: policy }, ...given };
  const configs = Array.isArray(tool["configs"]) ? tool["configs"].filter(isObject) : [];
  return { ...tool, default_config: standard, configs: configs.map((config) => ({ ...standard, ...config })) };
}
