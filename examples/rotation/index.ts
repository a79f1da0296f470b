import * as pulumi from "@pulumi/pulumi";
import {
  QoderAgent,
  QoderDeployment,
  QoderEnvironment,
  QoderVault,
  QoderVaultCredential,
  requireSettings,
} from "pulumi-qoder";

requireSettings({ secret: ["trackerToken", "githubToken"] });

const config = new pulumi.Config();

const reviewer = new QoderAgent("reviewer", {
  model: "ultimate",
  system: "You review what was merged.",
  tools: [{ type: "agent_toolset_20260401" }, { type: "mcp_toolset", mcpServerName: "tracker" }],
  mcpServers: [{ name: "tracker", url: "https://mcp.example.com" }],
});

const vault = new QoderVault("tracker");

new QoderVaultCredential("tracker-access", {
  vaultId: vault.id,
  // Another token is one request with that token: the credential keeps its id, and nothing else moves.
  auth: { type: "static_bearer", mcpServerUrl: "https://mcp.example.com", token: config.requireSecret("trackerToken") },
});

const cloud = new QoderEnvironment("cloud", {
  config: { type: "cloud", networking: { type: "limited", allowedHosts: ["github.com"], allowMcpServers: true } },
});

new QoderDeployment("review", {
  agent: reviewer,
  environmentId: cloud.id,
  vaultIds: [vault],
  schedule: { expression: "0 2 * * *", timezone: "UTC" },
  resources: [
    {
      type: "github_repository",
      url: "https://github.com/acme/shop",
      // The service gives it back to nobody: a new one is seen by what was sent last, which the state holds encrypted.
      authorizationToken: config.requireSecret("githubToken"),
    },
  ],
  initialEvents: "Review what was merged since yesterday",
});
