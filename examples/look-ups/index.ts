import { getAgentOutput, getEnvironmentOutput, QoderDeployment } from "pulumi-qoder";

const reporter = getAgentOutput({ name: "reporter" });
const cloud = getEnvironmentOutput({ name: "cloud" });

export const weekly = new QoderDeployment("weekly-report", {
  agent: reporter,
  environmentId: cloud.id,
  schedule: { expression: "0 9 * * 1", timezone: "Europe/Berlin" },
  initialEvents: [{ type: "user.message", content: "Sum up the reports of this week" }],
});
