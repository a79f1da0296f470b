import * as pulumi from "@pulumi/pulumi";
import {
  QoderAgent,
  QoderDeployment,
  QoderEnvironment,
  QoderVault,
  QoderVaultCredential,
  requireSettings,
  spread,
} from "pulumi-qoder";

requireSettings({ secret: ["trackerToken"] });

const trackerUrl = "https://mcp.example.com/tracker";
const vault = new QoderVault("tracker");
const access = new QoderVaultCredential("tracker-access", {
  vaultId: vault.id,
  auth: {
    type: "static_bearer",
    mcpServerUrl: trackerUrl,
    token: new pulumi.Config().requireSecret("trackerToken"),
  },
});

const researcher = new QoderAgent("researcher", {
  model: "ultimate",
  system: "You find out what happened, and name your sources.",
  tools: [
    { type: "agent_toolset_20260401", enabledTools: ["Read", "Grep", "WebFetch"] },
    { type: "mcp_toolset", mcpServerName: "tracker" },
  ],
  mcpServers: [{ name: "tracker", url: trackerUrl }],
});

const writer = new QoderAgent("writer", {
  model: { id: "ultimate", effort: "high" },
  system: "You write for readers who have two minutes.",
  tools: [{ type: "agent_toolset_20260401", enabledTools: ["Read", "Write", "DeliverArtifacts"] }],
});

const lead = new QoderAgent("lead", {
  model: "ultimate",
  system: "You hand out the work, and check what comes back.",
  tools: [{ type: "agent_toolset_20260401" }],
  multiagent: {
    type: "coordinator",
    // With their versions: a changed member changes the lead, and so what its deployments run, in the same `pulumi up`.
    agents: [
      { type: "agent", id: researcher.id, version: researcher.version },
      { type: "agent", id: writer.id, version: writer.version },
    ],
  },
});

const tracker = new QoderEnvironment("tracker", {
  config: { type: "cloud", networking: { type: "limited", allowMcpServers: true } },
});

const build = new QoderEnvironment("build", {
  config: {
    type: "cloud",
    networking: {
      type: "limited",
      allowedHosts: ["api.github.com"],
      allowMcpServers: true,
      allowPackageManagers: true,
    },
    packages: { apt: ["jq"] },
  },
});

const shared = {
  agent: lead,
  vaultIds: [vault],
  budget: { maxCreditCost: "20" },
  metadata: { team: "platform" },
};

// A deployment names the vault and not what is in it: no run starts before the credential is there.
const whenGranted = { dependsOn: [access] };

// The minute depends on the name, so that they do not start all at once.
const atNight = (name: string) => ({
  expression: spread(name, { every: "weekday", between: ["01:00", "04:00"] }),
  timezone: "UTC",
});

new QoderDeployment(
  "digest",
  {
    ...shared,
    environmentId: tracker.id,
    schedule: atNight("digest"),
    initialEvents: "Sum up what moved in the tracker since yesterday",
  },
  whenGranted,
);

new QoderDeployment(
  "release-notes",
  {
    ...shared,
    environmentId: build.id,
    schedule: atNight("release-notes"),
    initialEvents: "Draft the notes of the next release",
  },
  whenGranted,
);
