import * as pulumi from "@pulumi/pulumi";
import { QoderAgent, QoderDeployment, QoderDeploymentRun, requireSettings } from "pulumi-qoder";

requireSettings({ plain: ["environmentId", "commit"] });

// `pulumi config set commit $(git rev-parse HEAD)` and `pulumi up` run it once for each commit.
const config = new pulumi.Config();

const reviewer = new QoderAgent("reviewer", {
  model: "ultimate",
  system: "You review what was released.",
  tools: [{ type: "agent_toolset_20260401" }],
});

const review = new QoderDeployment("review", {
  agent: reviewer,
  environmentId: config.require("environmentId"),
  initialEvents: "Review what was merged since the last release",
});

const run = new QoderDeploymentRun("review-on-deploy", {
  deploymentId: review.id,
  triggers: { commit: config.require("commit"), agent: reviewer.id, version: reviewer.version },
});

export const sessionId = run.sessionId;
