import type * as pulumi from "@pulumi/pulumi";
import { environments } from "../kinds/table";
import type { LookedUp } from "../program/look-up-arguments";
import { isOfType, QoderResource, type ResourceOutputs } from "../program/resource";
import type { EnvironmentOutputs, QoderEnvironmentArgs } from "./arguments";

/**
 * An environment of Qoder Cloud Agents: the sandbox in which the sessions of agents run, with its network and packages.
 *
 * ```typescript
 * const cloud = new QoderEnvironment("cloud", {
 *   config: {
 *     type: "cloud",
 *     networking: { type: "limited", allowedHosts: ["api.github.com"], allowPackageManagers: true },
 *     packages: { apt: ["jq"], npm: ["pnpm@9"] },
 *   },
 * });
 * new QoderDeployment("daily-report", { ...args, environmentId: cloud.id });
 * ```
 *
 * The provider archives the environment when the resource leaves the program, is destroyed or is replaced. Qoder cannot undo
 * an archive; the options `protect` and `retainOnDelete` prevent it. If live deployments use the environment, the archive
 * fails, unless {@link archiveInUse} is true. A replacement creates the new environment before it archives the old one,
 * unless the option `deleteBeforeReplace` is true.
 *
 * If the response to a create is lost, the error names each environment that the create may have made: adopt it or archive it.
 *
 * Each operation may take 5 minutes, unless `customTimeouts` sets another limit.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK gives the resource each of these outputs.
export class QoderEnvironment extends QoderResource {
  /** True for a QoderEnvironment, also for one that another copy of this package made. */
  static override isInstance(value: unknown): value is QoderEnvironment {
    return isOfType(value, environments.type);
  }

  /**
   * Reads an environment that another program or a person manages. Pulumi never changes it.
   *
   * @param name The Pulumi name of the resource in this program.
   * @param id The environment's id, `env_...`. The command fails if the token cannot see this environment.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): QoderEnvironment {
    return new QoderEnvironment(name, undefined, { ...options, id });
  }

  constructor(name: string, args?: QoderEnvironmentArgs, options?: pulumi.CustomResourceOptions) {
    super(environments, name, args, options);
  }
}

export interface QoderEnvironment extends ResourceOutputs<QoderEnvironmentArgs, EnvironmentOutputs> {}

/** The outputs of a {@link QoderEnvironment}, as the service shows them. `metadata` holds all keys, whoever set them. */
export interface GetEnvironmentResult extends LookedUp<QoderEnvironment> {}
