import { rowOf } from "../argument-table";
import { argumentNames } from "../deployment";
import type { KindRow } from "../kind-row";
import { agent, environment } from "../kinds";
import type { Properties } from "../provider";

/** Programs of one kind, by what they are. */
type Programs = Readonly<Record<string, Properties>>;

const toolset = { type: "agent_toolset_20260401" };
const policy = { type: "always_ask" };

const agentPrograms: Programs = {
  "that gives every argument": {
    model: "ultimate",
    system: "You write reports.",
    description: "for the team",
    tools: [
      {
        ...toolset,
        enabledTools: ["Bash", "Read", "Grep"],
        disallowedTools: ["Write", "Edit"],
        configs: [{ name: "Bash", enabled: true, permissionPolicy: policy }, { name: "Read" }],
        defaultConfig: { enabled: true, permissionPolicy: policy },
      },
      { type: "mcp_toolset", mcpServerName: "tracker", configs: [{ name: "search" }] },
      {
        type: "custom",
        name: "ask",
        description: "asks",
        inputSchema: { type: "object", properties: { q: { type: "string" } } },
      },
    ],
    mcpServers: [{ name: "tracker", url: "https://mcp.example.com" }],
    skills: [
      { type: "custom", skillId: "skill_1" },
      { type: "qoder", skillId: "skill_2", version: "1" },
    ],
    multiagent: {
      type: "coordinator",
      agents: [
        "agent_b",
        { type: "agent", id: "agent_c", version: 1 },
        { type: "self" },
        { type: "advisor", model: { id: "ultimate", effort: "low" } },
      ],
    },
    metadata: { team: "platform" },
  },
  "that leaves settings to the service": {
    model: { id: "ultimate", effort: "low" },
    tools: [toolset],
    skills: [{ type: "custom", skillId: "skill_1" }],
  },
};

const environmentPrograms: Programs = {
  "that gives every argument": {
    description: "for the team",
    config: {
      type: "cloud",
      networking: {
        type: "limited",
        allowedHosts: ["a.example.com", "b.example.com"],
        allowPackageManagers: true,
        allowMcpServers: true,
      },
      packages: { apt: ["jq", "git"], npm: ["pnpm@9", "tsx"], pip: ["requests", "rich"] },
      setupScript: "true",
    },
    metadata: { team: "platform" },
  },
  "that opens the network": { config: { type: "cloud", networking: { type: "unrestricted" } } },
  "that leaves settings to the service": { config: { type: "cloud" } },
};

/** Adopting is no property of a deployment. */
const ofRows = argumentNames
  .filter((name) => name !== "adopt" && name !== "name")
  .map((name) => [name, rowOf(name).everyShape ?? rowOf(name).value]);

const deploymentPrograms: Programs = {
  "that gives every argument": { ...Object.fromEntries(ofRows), vaultIds: ["vault_b", "vault_a"] },
  "that leaves settings to the service": {
    ...{ agent: { id: "agent_a", version: 1 }, environmentId: "env_a" },
    initialEvents: [
      { type: "user.message", content: "Go" },
      { type: "user.define_outcome", description: "Done", rubric: { type: "text", content: "Good" } },
    ],
    resources: [
      { type: "github_repository", url: "https://github.com/acme/a", authorizationToken: "token" },
      { type: "file", fileId: "file_a" },
      { type: "memory_store", memoryStoreId: "memstore_a" },
    ],
    schedule: { expression: "0 9 * * *", timezone: "Asia/Shanghai" },
  },
};

export function programsOf(kind: KindRow): Programs {
  if (kind.label === agent.label) return agentPrograms;
  return kind.label === environment.label ? environmentPrograms : deploymentPrograms;
}
