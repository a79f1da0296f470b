import * as pulumi from "@pulumi/pulumi";
import { QoderAgent, QoderDeployment, QoderEnvironment, requireSettings } from "pulumi-qoder";

requireSettings({ plain: ["model", "expression", "paused"] });

// What differs between the stacks is in Pulumi.dev.yaml and Pulumi.prod.yaml.
const config = new pulumi.Config();
const stack = pulumi.getStack();

// The names of deployments are unique in an account, which the stacks share.
const named = (name: string) => (stack === "prod" ? name : `${name}-${stack}`);

const reporter = new QoderAgent("reporter", {
  name: named("reporter"),
  model: config.require("model"),
  system: "You write short status reports.",
});

const cloud = new QoderEnvironment("cloud", {
  name: named("cloud"),
  config: { type: "cloud", networking: { type: "limited", allowedHosts: ["api.github.com"] } },
});

new QoderDeployment("daily-report", {
  name: named("daily-report"),
  agent: reporter,
  environmentId: cloud.id,
  schedule: { expression: config.require("expression"), timezone: "UTC" },
  paused: config.requireBoolean("paused"),
  initialEvents: "Generate today's status report",
});
