import { deploymentKind } from "../../../provider/deployment/kind";
import { deployments } from "../../../provider/kinds/table";
import type { QoderApi } from "../../qoder-api";
import type { ArgumentName, Arguments } from "../../support/deployment";
import type { ArgumentRow } from "../argument-row";
import { acknowledge } from "../common";
import { kindRow } from "../kind-row";
import { changes } from "./changes";
import { adopt, agent, description, environmentId, name } from "./identity";
import { initialEvents } from "./initial-events";
import { resources } from "./resources";
import { budget, expectedArtifacts, limits, paused, schedule } from "./runs";
import { casConfig, environmentVariables, metadata, vaultIds } from "./settings";

/** One row for each argument, for the tests of all layers; a new argument without a row does not compile. */
export const argumentTable: { readonly [Name in ArgumentName]: ArgumentRow<Arguments[Name]> } = {
  name,
  description,
  agent,
  environmentId,
  schedule,
  initialEvents,
  resources,
  vaultIds,
  metadata,
  casConfig,
  environmentVariables,
  budget,
  limits,
  expectedArtifacts,
  paused,
  adopt,
  acknowledge,
};

export function rowOf(argument: ArgumentName): ArgumentRow<unknown> {
  return argumentTable[argument];
}

/** Creates the agents and environments that the rows name; version 2 of `agent_a` is the newest. */
export function createNamed(api: QoderApi): void {
  for (const id of ["agent_a", "agent_b"]) {
    api.agents.create({ id });
  }
  api.agents.bumpVersion("agent_a");
  for (const id of ["env_a", "env_b"]) {
    api.environments.create({ id });
  }
}

export const deployment = kindRow(deploymentKind, deployments, {
  least: {
    agent: "agent_b",
    environmentId: "env_a",
    initialEvents: [{ type: "user.message", content: "Generate today's status report" }],
  },
  rows: argumentTable,
  changes,
  secret: (authorizationToken) => ({
    resources: [{ type: "github_repository", url: "https://github.com/acme/shop", authorizationToken }],
  }),
  prepare: createNamed,
  console: (api) => api.deployments,
});
