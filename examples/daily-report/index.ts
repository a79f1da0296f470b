import * as pulumi from "@pulumi/pulumi";
import { QoderAgent, QoderDeployment, QoderEnvironment, QoderSkill } from "pulumi-qoder";

// `pulumi config set expression "30 9 * * 1-5"` changes when it runs, and `pulumi config set system "..."` what the agent is
// told; see either change with `pulumi preview --diff`.
const config = new pulumi.Config();

const form = new QoderSkill("status-report", { source: "skills/status-report" });

const reporter = new QoderAgent("reporter", {
  model: "ultimate",
  system: config.get("system") ?? "You write short status reports.",
  tools: [{ type: "agent_toolset_20260401", enabledTools: ["Read", "Grep", "DeliverArtifacts"] }],
  skills: [form], // with its version: a changed line in SKILL.md moves the agent in the same `pulumi up`
});

const cloud = new QoderEnvironment("cloud", {
  config: { type: "cloud", networking: { type: "limited", allowedHosts: ["api.github.com"] } },
});

const report = new QoderDeployment("daily-report", {
  name: config.get("name") ?? "daily-report",
  description: "Generates the status report of the day",
  agent: reporter, // with its version: a changed agent moves the deployment in the same `pulumi up`
  environmentId: cloud.id,
  schedule: {
    expression: config.get("expression") ?? "0 9 * * *",
    timezone: config.get("timezone") ?? "Asia/Shanghai",
  },
  initialEvents: "Generate today's status report",
  metadata: { team: "platform" },
});

export const deploymentId = report.id;
export const agentVersion = reporter.version;
export const upcomingRunsAt = report.upcomingRunsAt;
