import * as pulumi from "@pulumi/pulumi";
import {
  Evaluation,
  QoderAgent,
  QoderDeployment,
  QoderDeploymentRun,
  QoderEnvironment,
  requireSettings,
  spread,
} from "pulumi-qoder";

requireSettings({ plain: ["prompt"] });

const config = new pulumi.Config();

/** For a way back: the version of the agent that all deployments get at once. It has passed its gates, so the program declares none. */
const pinned = config.getNumber("version");

/** The teams of each wave. The first deployment of a wave runs once as its gate; the next wave waits for it. */
const waves: Readonly<Record<string, readonly string[]>> = {
  canary: ["docs"],
  ten: ["billing", "chat", "data", "design", "identity", "infra", "mail", "maps", "mobile", "orders"],
  rest: ["payments", "platform", "search", "shop", "web"],
};

const reviewer = new QoderAgent("reviewer", {
  model: "ultimate",
  system: config.require("prompt"),
  tools: [{ type: "agent_toolset_20260401" }],
});

const cloud = new QoderEnvironment("cloud", {
  config: { type: "cloud", networking: { type: "limited", allowedHosts: ["api.github.com"] } },
});

let before: pulumi.Resource = reviewer;
if (pinned === undefined) {
  before = new Evaluation("reviewer-is-good", {
    agent: reviewer,
    environmentId: cloud,
    cases: {
      mistakes: {
        input: "Review the example pull request",
        rubric: "The review names each of the three planted mistakes",
      },
      "no-mistake": { input: "Review the other pull request", rubric: "The review finds no mistake" },
    },
    budget: { maxCreditCost: "20" },
  });
}

const typeOf = (wave: string) => `rollout:wave:${wave}`;
const urnOf = (wave: string) => pulumi.createUrn(wave, typeOf(wave));

for (const [name, teams] of Object.entries(waves)) {
  // The preview shows the type of the parent with each deployment.
  const wave = new pulumi.ComponentResource(typeOf(name), name);
  const deployments = teams.map(
    (team) =>
      new QoderDeployment(
        `review-${team}`,
        {
          agent: pinned === undefined ? reviewer : { id: reviewer.id, version: pinned },
          environmentId: cloud,
          initialEvents: `Review the pull requests of the team ${team}`,
          // The minute depends on the name of the team, so that they do not start all at once.
          schedule: {
            expression: spread(team, { every: "weekday", between: ["04:00", "08:00"] }),
            timezone: "Europe/Berlin",
          },
        },
        // A team that moves to another wave keeps its deployment.
        { parent: wave, dependsOn: before, aliases: Object.keys(waves).map((other) => ({ parent: urnOf(other) })) },
      ),
  );
  const [first] = deployments;
  if (first !== undefined && name !== "rest" && pinned === undefined) {
    before = new QoderDeploymentRun(
      `gate-${name}`,
      {
        deploymentId: first.id,
        triggers: { agent: reviewer.id, version: reviewer.version },
        waitForResult: true,
      },
      { parent: wave, dependsOn: deployments },
    );
  }
}

export const { version } = reviewer;
