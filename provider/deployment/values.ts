import type { Metadata } from "../resource/fields/metadata";
import type { Schedule } from "../schedule/schedule";
import type { AgentReference } from "./agent";
import type { CasConfig } from "./cas-config";
import type { EnvironmentVariables } from "./environment-variables";
import type { EventValue } from "./initial-events";
import type { ResourceValue } from "./resources";

/** The arguments of a deployment, as plain values. */
export interface DeploymentArguments {
  readonly name: string;
  readonly description: string;
  readonly agent: AgentReference;
  readonly environmentId: string;
  readonly schedule: Schedule;
  readonly initialEvents: readonly EventValue[];
  readonly resources: readonly ResourceValue[];
  readonly vaultIds: readonly string[];
  readonly metadata: Metadata;
  readonly casConfig: CasConfig;
  readonly environmentVariables: EnvironmentVariables;
  readonly budget: { readonly maxCreditCost: string };
  readonly paused: boolean;
  readonly adopt: string;
}
