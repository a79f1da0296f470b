import type * as pulumi from "@pulumi/pulumi";
import { type DeploymentSecretOutput, deployments } from "../kinds/table";
import type { LookedUp } from "../program/look-up-arguments";
import { isOfType, type ProgramKind, QoderResource, type ResourceOutputs } from "../program/resource";
import type { DeploymentOutputs, QoderDeploymentArgs } from "./arguments";

/**
 * A deployment of Qoder Cloud Agents: an agent in an environment, with a schedule and the first messages of each run.
 *
 * On a schedule:
 * ```typescript
 * new QoderDeployment("daily-report", {
 *   agent: "agent_019eb4d4a06d747c865d5800b9c57ae2",
 *   environmentId: "env_019e64e01a137caf953ac2ac7b42ec5c",
 *   schedule: { expression: "0 9 * * 1-5", timezone: "Asia/Shanghai" },
 *   initialEvents: "Generate today's status report",
 * });
 * ```
 *
 * With a repository and without a schedule, so only people start runs:
 * ```typescript
 * new QoderDeployment("review", {
 *   agent: { id: agentId, version: 3 },
 *   environmentId,
 *   resources: [{ type: "github_repository", url: "https://github.com/acme/shop", authorizationToken: config.requireSecret("github") }],
 *   initialEvents: "Review what was merged since yesterday",
 * });
 * ```
 *
 * With an agent and an environment of the same program. The deployment moves to each new version of the agent:
 * ```typescript
 * const reporter = new QoderAgent("reporter", { model: "ultimate", system: "You write short status reports." });
 * const cloud = new QoderEnvironment("cloud", { config: { type: "cloud", networking: { type: "unrestricted" } } });
 * new QoderDeployment("report", { agent: reporter, environmentId: cloud.id, initialEvents });
 * ```
 *
 * Adopting an existing deployment:
 * ```typescript
 * new QoderDeployment("nightly", { adopt: "dep_019ec556114c78f8b60ee34fcb98bf59", ...args });
 * ```
 *
 * The provider archives the deployment when the resource leaves the program, is destroyed or is replaced. Qoder cannot undo
 * an archive; the options `protect` and `retainOnDelete` prevent it. A replacement archives the old deployment first,
 * because the name must be free. `replaceOnChanges: ["schedule"]` helps if the API refuses to clear a schedule. Each
 * operation may take 5 minutes, unless `customTimeouts` sets another limit.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK gives the resource each of these outputs.
export class QoderDeployment extends QoderResource {
  /** True for a QoderDeployment, also for one that another copy of this package made. */
  static override isInstance(value: unknown): value is QoderDeployment {
    return isOfType(value, deployments.type);
  }

  /**
   * Reads a deployment that another program or a person manages. Pulumi never changes it.
   *
   * @param name The Pulumi name of the resource in this program.
   * @param id The deployment's id, `dep_...`. The command fails if the token cannot see this deployment.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): QoderDeployment {
    return new QoderDeployment(name, undefined, { ...options, id });
  }

  constructor(name: string, args: QoderDeploymentArgs, options?: pulumi.CustomResourceOptions);
  /** @internal */
  constructor(name: string, args: undefined, options: pulumi.CustomResourceOptions);
  constructor(name: string, args: QoderDeploymentArgs | undefined, options?: pulumi.CustomResourceOptions) {
    super(programKind, name, args, options);
  }
}

export interface QoderDeployment extends ResourceOutputs<QoderDeploymentArgs, DeploymentOutputs> {}

const programKind: ProgramKind = {
  ...deployments,
  archivesFirst: true,
};

/**
 * The outputs of a {@link QoderDeployment}, as the service shows them. `metadata` holds all keys, whoever set them, except for the marks of
 * this package.
 *
 * `environmentVariables` is a secret Output, also in the result of `getDeployment`, because any variable may be a
 * password. All other values are plain, including `metadata`: the service shows it to everyone who may read the deployment.
 * Tokens of repositories are absent: the API never returns them.
 */
export interface GetDeploymentResult extends LookedUp<QoderDeployment, DeploymentSecretOutput> {}
