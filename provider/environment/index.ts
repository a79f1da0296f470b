import type * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "../program/inputs";
import { LookUp } from "../program/look-up";
import type { LookedUp } from "../program/look-up-arguments";
import { questionOf } from "../program/question";
import { isOfType, type OutputNames, type ProgramKind, QoderResource, type ResourceOutputs } from "../program/resource";
import { environmentSource, environmentType } from "../program/source";
import type { EnvironmentOutputs, QoderEnvironmentArgs } from "./arguments";
import { writtenConfig } from "./written-out";

/**
 * An environment of Qoder Cloud Agents: what the sessions of agents run in.
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
 * Taking the resource out of the program, replacing or destroying it archives the environment, which is for ever: the options
 * `protect` and `retainOnDelete` keep it. A replacement is created before the old environment is archived, unless the option
 * `deleteBeforeReplace` is true. An environment that live deployments name is not archived, unless {@link archiveInUse} is true.
 *
 * If the answer to a create is lost, the next `pulumi up` may create a second environment; a warning then names the first one.
 *
 * `customTimeouts` bound each operation, 5 minutes where they say nothing. The option `import` cannot work: use `adopt` or
 * `npx pulumi-qoder import`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK gives the resource each of these outputs.
export class QoderEnvironment extends QoderResource {
  /** @internal The name by which policy packs find it. */
  static readonly __pulumiType = environmentType;

  /** Whether it is one, also of another copy of this package. */
  static override isInstance(value: unknown): value is QoderEnvironment {
    return isOfType(value, environmentType);
  }

  /**
   * Looks up an environment that something else manages; nothing of it is changed or taken over.
   *
   * @param name The Pulumi name to show it under.
   * @param id The environment's id, `env_...`. An error when the token cannot see it.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): QoderEnvironment {
    return new QoderEnvironment(name, undefined, { ...options, id });
  }

  constructor(name: string, args?: QoderEnvironmentArgs, options?: pulumi.CustomResourceOptions) {
    super(
      programKind,
      name,
      args == null && options?.id !== undefined
        ? undefined
        : { ...args, config: whenKnown(args?.config, writtenConfig) },
      options,
    );
  }
}

export interface QoderEnvironment extends ResourceOutputs<QoderEnvironmentArgs, EnvironmentOutputs> {}

const outputs: OutputNames<QoderEnvironmentArgs, EnvironmentOutputs> = {
  name: undefined,
  description: undefined,
  config: undefined,
  metadata: undefined,
  archiveInUse: undefined,
  archivedAt: undefined,
  createdAt: undefined,
  updatedAt: undefined,
  effectiveMetadata: undefined,
};

const programKind: ProgramKind = {
  label: "QoderEnvironment",
  noun: "environment",
  type: environmentType,
  source: environmentSource,
  outputs,
  secretMembers: {},
  namesSecrets: true,
};

/** The outputs of a {@link QoderEnvironment}, as the service holds them; `metadata` has the keys of everybody. */
export interface GetEnvironmentResult extends LookedUp<QoderEnvironment> {}

const environments = new LookUp<GetEnvironmentResult>({
  name: "getEnvironment",
  question: questionOf,
  type: environmentType,
  secretOutputs: [],
  load() {
    const { findEnvironment }: typeof import("../look-ups") = require("../look-ups");
    return findEnvironment;
  },
});

/**
 * Looks up an environment that is managed elsewhere, by its id or by its name.
 *
 * ```typescript
 * const cloud = await getEnvironment({ name: "cloud" });
 * new QoderDeployment("daily-report", { ...args, environmentId: cloud.id });
 * ```
 *
 * It asks in every preview and every `up`, in the account that a resource would use. None or several of the name, and an archived
 * one by its id, are errors that say what was found.
 */
export const getEnvironment = environments.find;

/** {@link getEnvironment} for values that come later. In a preview that does not know them, what is found is not known either. */
export const getEnvironmentOutput = environments.output;
