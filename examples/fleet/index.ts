import * as pulumi from "@pulumi/pulumi";
import { QoderAgent, QoderEnvironment } from "pulumi-qoder";
import { Fleet } from "./fleet";

const config = new pulumi.Config();

const worker = new QoderAgent("worker", {
  model: "ultimate",
  system: "You look after the repositories of a company.",
  tools: [{ type: "agent_toolset_20260401" }],
});

const cloud = new QoderEnvironment("cloud", {
  config: { type: "cloud", networking: { type: "limited", allowedHosts: ["api.github.com"] } },
});

const fleet = new Fleet("chores", {
  agent: worker,
  version: config.getNumber("workerVersion"),
  environment: cloud,
  jobs: {
    "triage-issues": { every: "hour", task: "Label the new issues" },
    "review-dependencies": { every: "weekday", task: "List the dependencies with known holes" },
    "report-costs": { every: "week", task: "Sum up what the builds of the week cost" },
    "clean-branches": { every: "week", task: "List the branches that were merged long ago", paused: true },
  },
});

export const deploymentIds = fleet.deploymentIds;
