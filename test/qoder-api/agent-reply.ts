import { MODELS_WITHOUT_EFFORTS } from "./agent-input";
import { AGENT_TOOLSET } from "./agent-schemas";
import { isObject } from "./parse";
import type { Switches } from "./switches";
import type { Agent, JsonObject } from "./wire";

/** "Models": the settings of a session if the agent names only the model. */
const STANDARD_SETTINGS: JsonObject = { effort: "high", context_window: 200_000 };

/** The Agent object of a reply. */
export function agentReply(agent: Agent, switches: Switches, newestVersion: (skillId: string) => string): Agent {
  return structuredClone({
    ...agent,
    model: shownModel(agent.model, switches),
    tools: switches.toolSettings === "as-sent" ? agent.tools : agent.tools.map((tool) => resolved(tool, switches)),
    skills:
      switches.skillVersions === "as-sent"
        ? agent.skills
        : agent.skills.map((s) => ({ version: newestVersion(String(s["skill_id"])), ...s })),
  });
}

function shownModel(model: Agent["model"], { modelEcho }: Switches): Agent["model"] {
  if (typeof model !== "string" || modelEcho === "as-given") return model;
  return {
    id: model,
    ...(modelEcho === "resolved" && !MODELS_WITHOUT_EFFORTS.includes(model) ? STANDARD_SETTINGS : {}),
  };
}

/** The types of the official clients call the settings of a tool "resolved": each setting has a value. */
function resolved(tool: JsonObject, switches: Switches): JsonObject {
  if (tool["type"] !== AGENT_TOOLSET && tool["type"] !== "mcp_toolset") return tool;
  const policy = tool["type"] === AGENT_TOOLSET ? "always_allow" : switches.mcpPermissionPolicy;
  const given = isObject(tool["default_config"]) ? tool["default_config"] : {};
  const standard = { enabled: true, permission_policy: { type: policy }, ...given };
  const configs = Array.isArray(tool["configs"]) ? tool["configs"].filter(isObject) : [];
  return { ...tool, default_config: standard, configs: configs.map((config) => ({ ...standard, ...config })) };
}
