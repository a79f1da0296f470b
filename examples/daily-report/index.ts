import * as pulumi from "@pulumi/pulumi";
import { QoderDeployment } from "pulumi-qoder";

// `pulumi config set expression "30 9 * * 1-5"` changes when it runs; see the change with `pulumi preview --diff`.
const config = new pulumi.Config();

const report = new QoderDeployment("daily-report", {
  name: config.get("name") ?? "daily-report",
  description: "Generates the status report of the day",
  agent: config.get("agentId") ?? environmentVariable("QODER_AGENT_ID"),
  environmentId: config.get("environmentId") ?? environmentVariable("QODER_ENVIRONMENT_ID"),
  schedule: {
    expression: config.get("expression") ?? "0 9 * * *",
    timezone: "Asia/Shanghai",
  },
  initialEvents: [{ type: "user.message", content: "Generate today's status report" }],
  metadata: { team: "platform" },
});

export const deploymentId = report.id;
export const upcomingRunsAt = report.upcomingRunsAt;

function environmentVariable(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(`set ${name} to the id of yours, or run \`npm run demo\`, which needs no account`);
  }
  return value;
}
