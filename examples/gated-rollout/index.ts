import * as pulumi from "@pulumi/pulumi";
import { QoderAgent, QoderDeployment, QoderDeploymentRun, QoderEnvironment, requireSettings } from "pulumi-qoder";

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

// No schedule: it runs when the agent changes, and a grader that does not see the prompt judges what it made.
const canary = new QoderDeployment("review-canary", {
  agent: reviewer,
  environmentId: cloud.id,
  initialEvents: [
    {
      type: "user.define_outcome",
      description: "Review the example pull request of the repository",
      rubric: { type: "text", content: "The review names the file and the line of each of the three planted mistakes" },
      maxIterations: 1,
    },
  ],
  budget: { maxCreditCost: "20" },
});

const gate = new QoderDeploymentRun("canary-is-satisfied", {
  deploymentId: canary.id,
  triggers: { agent: reviewer.version },
  waitForResult: { satisfied: true, timeoutSeconds: 1_800 },
});

for (const team of ["billing", "mobile", "platform", "search", "shop"]) {
  new QoderDeployment(
    `review-${team}`,
    {
      agent: reviewer,
      environmentId: cloud.id,
      initialEvents: `Review the pull requests of the team ${team}`,
      schedule: { expression: "0 6 * * 1-5", timezone: "Europe/Berlin" },
    },
    { dependsOn: gate },
  );
}

export const result = gate.result;
export const credits = gate.credits;
