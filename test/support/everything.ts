import * as pulumi from "@pulumi/pulumi";
import { QoderAgent, QoderDeployment, type QoderDeploymentArgs, QoderEnvironment } from "../../provider";

/** Every argument of a deployment, in several of its forms. The ids do not exist. */
export const everything: QoderDeploymentArgs = {
  name: "daily-report",
  description: "Generates the status report of the day",
  agent: { id: "agent_019eb4d4a06d747c865d5800b9c57ae2", version: 1 },
  environmentId: "env_019e64e01a137caf953ac2ac7b42ec5c",
  schedule: { expression: "30 9 * * 1-5", timezone: "Asia/Shanghai" },
  initialEvents: [
    { type: "user.define_outcome", description: "a report", rubric: { type: "text", content: "it is complete" } },
    { type: "user.message", content: [{ type: "text", text: "Generate today's status report" }] },
    { type: "system.message", content: "be brief" },
  ],
  resources: [
    { type: "github_repository", url: "https://github.com/acme/a", authorizationToken: "ghp_fixture", mountPath: "/a" },
    { type: "file", fileId: "file_1" },
    { type: "memory_store", memoryStoreId: "memstore_1", access: "read_only" },
  ],
  vaultIds: ["vault_b", "vault_a"],
  metadata: { team: "platform", label: pulumi.secret("secret label") },
  casConfig: { maxRetries: 2 },
  environmentVariables: { LEVEL: "info", FLAG: "on" },
  budget: { maxCreditCost: "12.50" },
  paused: true,
};

/** One resource of each kind that a state may hold, with most of their arguments. */
export async function wholeTeam(): Promise<void> {
  const cloud = new QoderEnvironment("cloud", {
    description: "For reports",
    config: {
      type: "cloud",
      networking: { type: "limited", allowedHosts: ["api.github.com"], allowPackageManagers: true },
      packages: { apt: ["jq"] },
      setupScript: "echo ready",
    },
    metadata: { team: "growth" },
  });
  const reporter = new QoderAgent("reporter", {
    model: { id: "ultimate", effort: "high" },
    system: "You write short status reports.",
    description: "Reports",
    tools: [
      {
        type: "agent_toolset_20260401",
        enabledTools: ["Read", "Grep", "DeliverArtifacts"],
        configs: [{ name: "Grep", permissionPolicy: { type: "always_allow" } }],
      },
      { type: "mcp_toolset", mcpServerName: "tracker", defaultConfig: { enabled: true } },
    ],
    mcpServers: [{ name: "tracker", url: "https://mcp.example.com" }],
    skills: [{ type: "qoder", skillId: "skill_docs" }],
    metadata: { team: "growth" },
  });
  new QoderDeployment("report", {
    agent: reporter,
    environmentId: cloud.id,
    initialEvents: "Report on yesterday",
    schedule: { expression: "0 9 * * 1-5", timezone: "Asia/Shanghai" },
    metadata: { team: "growth" },
  });
}
