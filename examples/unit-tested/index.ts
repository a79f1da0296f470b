import * as pulumi from "@pulumi/pulumi";
import { QoderAgent, QoderDeployment, QoderEnvironment } from "pulumi-qoder";

const stack = pulumi.getStack();

export const reporter = new QoderAgent("reporter", {
  model: "ultimate",
  system: "You write short status reports.",
});

const cloud = new QoderEnvironment("cloud", {
  config: { type: "cloud", networking: { type: "limited", allowedHosts: ["api.github.com"] } },
});

export const report = new QoderDeployment("daily-report", {
  name: `daily-report-${stack}`,
  agent: reporter,
  environmentId: cloud.id,
  schedule: { expression: "0 9 * * 1-5", timezone: "Europe/Berlin" },
  paused: stack !== "prod",
  initialEvents: "Generate today's status report",
});
