import * as pulumi from "@pulumi/pulumi";
import { QoderAgent, QoderDeployment, QoderEnvironment, requireSettings } from "pulumi-qoder";

requireSettings({ secret: ["repositoryToken"] });

// In the stack prod the token comes from Pulumi ESC (esc.yaml), elsewhere from `pulumi config set --secret repositoryToken`.
const config = new pulumi.Config();
const stack = pulumi.getStack();

const reviewer = new QoderAgent("reviewer", {
  name: `reviewer-${stack}`,
  model: "ultimate",
  system: "You review what was merged.",
  tools: [{ type: "agent_toolset_20260401" }],
});

const cloud = new QoderEnvironment("cloud", {
  name: `cloud-${stack}`,
  config: { type: "cloud", networking: { type: "limited", allowedHosts: ["api.github.com"] } },
});

const review = new QoderDeployment("nightly-review", {
  name: `nightly-review-${stack}`,
  description: "Reviews what was merged in the last day",
  agent: reviewer,
  environmentId: cloud.id,
  schedule: { expression: "0 3 * * *", timezone: "Europe/Berlin" },
  initialEvents: "Review what was merged since yesterday",
  resources: [
    {
      type: "github_repository",
      url: "https://github.com/acme/shop",
      authorizationToken: config.requireSecret("repositoryToken"),
    },
  ],
});

export const deploymentId = review.id;
