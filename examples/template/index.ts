import * as pulumi from "@pulumi/pulumi";
import { QoderAgent, QoderDeployment, QoderEnvironment } from "pulumi-qoder";

const reporter = new QoderAgent("reporter", {
  model: "ultimate",
  system: "You write short status reports.",
  tools: [{ type: "agent_toolset_20260401", enabledTools: ["Read", "Grep", "DeliverArtifacts"] }],
});

const cloud = new QoderEnvironment("cloud", {
  config: { type: "cloud", networking: { type: "limited", allowedHosts: ["api.github.com"] } },
});

const report = new QoderDeployment("daily-report", {
  // Names are unique in an account, and each stack has a report of its own.
  name: `${pulumi.getProject()}-${pulumi.getStack()}`,
  agent: reporter, // with its version: a changed agent moves the deployment in the same `pulumi up`
  environmentId: cloud.id,
  schedule: { expression: "0 9 * * 1-5", timezone: "UTC" },
  initialEvents: "Report what changed since yesterday",
});

export const deploymentId = report.id;
export const upcomingRunsAt = report.upcomingRunsAt;
