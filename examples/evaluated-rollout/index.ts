import * as pulumi from "@pulumi/pulumi";
import {
  deploymentArgs,
  evaluation,
  QoderAgent,
  QoderDeployment,
  QoderEnvironment,
  requireSettings,
} from "pulumi-qoder";
import { cases } from "./cases";

requireSettings({ plain: ["prompt"] });

const config = new pulumi.Config();

const reviewer = new QoderAgent("reviewer", {
  model: "ultimate",
  system: config.require("prompt"),
  tools: [{ type: "agent_toolset_20260401" }],
});

const cloud = new QoderEnvironment("cloud", {
  config: { type: "cloud", networking: { type: "limited", allowedHosts: ["api.github.com"] } },
});

const isGood = evaluation("reviewer-is-good", {
  agent: reviewer,
  environmentId: cloud,
  cases,
  repeats: 2,
  passRate: 0.9,
  budget: { maxCreditCost: "5" },
  concurrent: 4,
});

const shared = deploymentArgs({
  agent: reviewer,
  environmentId: cloud,
  schedule: { expression: "0 6 * * 1-5", timezone: "Europe/Berlin" },
});

for (let team = 1; team <= 20; team += 1) {
  new QoderDeployment(
    `review-${team}`,
    { ...shared, initialEvents: `Review the pull requests of team ${team}` },
    { dependsOn: isGood },
  );
}

export const { passRate, credits } = isGood;
