import * as pulumi from "@pulumi/pulumi";
import { Evaluation, QoderAgent, QoderDeployment, QoderEnvironment, requireSettings, spread } from "pulumi-qoder";
import { cases } from "./cases";

requireSettings({ plain: ["prompt"] });

const config = new pulumi.Config();

/** For a way back: the version of the agent that all deployments get. It has passed its evaluation, so the program declares none. */
const pinned = config.getNumber("version");

const reviewer = new QoderAgent("reviewer", {
  model: "ultimate",
  system: config.require("prompt"),
  tools: [{ type: "agent_toolset_20260401" }],
});

const cloud = new QoderEnvironment("cloud", {
  config: { type: "cloud", networking: { type: "limited", allowedHosts: ["api.github.com"] } },
});

const isGood =
  pinned === undefined
    ? new Evaluation("reviewer-is-good", {
        agent: reviewer,
        environmentId: cloud,
        cases,
        repeats: 2,
        passRate: 0.9,
        budget: { maxCreditCost: "5" },
        concurrent: 4,
      })
    : undefined;

const shared = {
  agent: pinned === undefined ? reviewer : { id: reviewer.id, version: pinned },
  environmentId: cloud,
};

// The minute depends on the name of the team, so that they do not start all at once.
const inTheMorning = (name: string) => ({
  expression: spread(name, { every: "weekday", between: ["04:00", "09:00"] }),
  timezone: "Europe/Berlin",
});

for (let team = 1; team <= 20; team += 1) {
  new QoderDeployment(
    `review-${team}`,
    {
      ...shared,
      schedule: inTheMorning(`team-${team}`),
      initialEvents: `Review the pull requests of team ${team}`,
    },
    { dependsOn: isGood ?? [] },
  );
}

export const { version } = reviewer;
export const satisfiedRate = isGood?.satisfiedRate;
export const credits = isGood?.credits;
