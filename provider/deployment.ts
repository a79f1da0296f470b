import * as pulumi from "@pulumi/pulumi";
import { timeoutsInSeconds } from "./custom-timeouts";
import type { QoderDeploymentArgs, ResourceArgs } from "./deployment-args";
import type { PausedReason, ServerOutputs } from "./deployment-outputs";
import type { ArgumentName } from "./fields";
import { deploymentType, providerSource } from "./host";
import { warnOfPlainToken } from "./plain-token";

/**
 * A deployment of Qoder Cloud Agents: an agent, an environment, the first messages and a schedule, run in the cloud.
 *
 * Scheduled:
 * ```typescript
 * new QoderDeployment("daily-report", {
 *   agent: "agent_019eb4d4a06d747c865d5800b9c57ae2",
 *   environmentId: "env_019e64e01a137caf953ac2ac7b42ec5c",
 *   schedule: { expression: "0 9 * * 1-5", timezone: "Asia/Shanghai" },
 *   initialEvents: [{ type: "user.message", content: "Generate today's status report" }],
 * });
 * ```
 *
 * With a repository, and started by hand only:
 * ```typescript
 * new QoderDeployment("review", {
 *   agent: { id: agentId, version: 3 },
 *   environmentId,
 *   resources: [{ type: "github_repository", url: "https://github.com/acme/shop", authorizationToken: config.requireSecret("github") }],
 *   initialEvents: [{ type: "user.message", content: "Review what was merged since yesterday" }],
 * });
 * ```
 *
 * Taking over one that exists:
 * ```typescript
 * new QoderDeployment("nightly", { adopt: "dep_019ec556114c78f8b60ee34fcb98bf59", ...args });
 * ```
 *
 * Taking the resource out of the program, replacing or destroying it archives the deployment, which is for ever: the options
 * `protect` and `retainOnDelete` keep it. `customTimeouts` bound each operation, 5 minutes where they say nothing.
 * `replaceOnChanges: ["schedule"]` is for a schedule that the API does not clear. The option `import` cannot work: use `adopt`
 * or `npx pulumi-qoder import`.
 */
export class QoderDeployment extends pulumi.CustomResource {
  // Arguments, each as it was applied or, after a `refresh`, as the service holds it.

  /** The name at Qoder; see {@link QoderDeploymentArgs.name}. */
  declare readonly name: pulumi.Output<string>;
  /** See {@link QoderDeploymentArgs.description}. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** See {@link QoderDeploymentArgs.agent}. */
  declare readonly agent: pulumi.Output<pulumi.Unwrap<QoderDeploymentArgs["agent"]>>;
  /** See {@link QoderDeploymentArgs.environmentId}. */
  declare readonly environmentId: pulumi.Output<string>;
  /** See {@link QoderDeploymentArgs.schedule}. */
  declare readonly schedule: pulumi.Output<pulumi.Unwrap<QoderDeploymentArgs["schedule"]>>;
  /** See {@link QoderDeploymentArgs.initialEvents}. */
  declare readonly initialEvents: pulumi.Output<pulumi.Unwrap<QoderDeploymentArgs["initialEvents"]>>;
  /** See {@link QoderDeploymentArgs.resources}; tokens are as the program gave them. */
  declare readonly resources: pulumi.Output<pulumi.Unwrap<QoderDeploymentArgs["resources"]>>;
  /** See {@link QoderDeploymentArgs.vaultIds}. */
  declare readonly vaultIds: pulumi.Output<pulumi.Unwrap<QoderDeploymentArgs["vaultIds"]>>;
  /** The keys that this program set; see {@link QoderDeploymentArgs.metadata} and {@link effectiveMetadata}. */
  declare readonly metadata: pulumi.Output<Readonly<Record<string, string>> | undefined>;
  /** See {@link QoderDeploymentArgs.casConfig}. */
  declare readonly casConfig: pulumi.Output<pulumi.Unwrap<QoderDeploymentArgs["casConfig"]>>;
  /** See {@link QoderDeploymentArgs.environmentVariables}. */
  declare readonly environmentVariables: pulumi.Output<Readonly<Record<string, string>> | undefined>;
  /** See {@link QoderDeploymentArgs.budget}. */
  declare readonly budget: pulumi.Output<pulumi.Unwrap<QoderDeploymentArgs["budget"]>>;
  /** See {@link QoderDeploymentArgs.paused}. */
  declare readonly paused: pulumi.Output<boolean | undefined>;

  /** `active` or `paused`, by whomever. */
  declare readonly status: pulumi.Output<string>;
  /** Set exactly while the deployment is paused. */
  declare readonly pausedReason: pulumi.Output<PausedReason | undefined>;
  /** RFC 3339; set once the deployment is archived, which is for ever. */
  declare readonly archivedAt: pulumi.Output<string | undefined>;
  /** RFC 3339, UTC. */
  declare readonly createdAt: pulumi.Output<string>;
  /** RFC 3339, UTC. */
  declare readonly updatedAt: pulumi.Output<string>;
  /** The version that runs, also when the program pins none. */
  declare readonly agentVersion: pulumi.Output<number>;
  /** The next times it runs, RFC 3339 in UTC, up to 5; empty without a schedule. As of the last `up` or `refresh`. */
  declare readonly upcomingRunsAt: pulumi.Output<readonly string[]>;
  /** When it ran last, by schedule or by hand; not set before the first run. As of the last `up` or `refresh`. */
  declare readonly lastRunAt: pulumi.Output<string | undefined>;
  /** All metadata: this program's, other people's and the service's own. A secret where `metadata` may hold one. */
  declare readonly effectiveMetadata: pulumi.Output<Readonly<Record<string, unknown>>>;

  /**
   * Looks up a deployment that something else manages; nothing of it is changed or taken over.
   *
   * @param name The Pulumi name to show it under.
   * @param id The deployment's id, `dep_...`. An error when the token cannot see it.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): QoderDeployment {
    return new QoderDeployment(name, undefined, { ...options, id });
  }

  constructor(name: string, args: QoderDeploymentArgs, options?: pulumi.CustomResourceOptions);
  /** @internal */
  constructor(name: string, args: undefined, options: pulumi.CustomResourceOptions);
  constructor(name: string, args: QoderDeploymentArgs | undefined, options: pulumi.CustomResourceOptions = {}) {
    if (options.import !== undefined) {
      // The engine would read it without the provider's code, and fail with a trace of the SDK
      // (pulumi/pulumi pkg/resource/deploy/step.go, `ImportStep`).
      throw new Error(
        `QoderDeployment "${name}": a deployment cannot be read with the resource option import; use the argument adopt, or \`npx pulumi-qoder import\``,
      );
    }
    warnOfPlainToken();
    // A plain JavaScript program may give no arguments either: the check tells it what is missing.
    const inputs = args == null && options.id !== undefined ? {} : declaredInputs(name, args ?? {}, options);
    super(deploymentType, name, { ...outputNames, ...inputs, __provider: providerSource }, withDefaults(args, options));
    for (const [output, value] of Object.entries(this)) {
      if (output in outputNames && pulumi.Output.isInstance(value)) {
        // The state holds null where there is none, see `serverOutputs`.
        Object.assign(this, { [output]: value.apply((present) => present ?? undefined) });
      }
    }
  }
}

// The SDK gives a resource only the outputs that its inputs name (pulumi issue 5174).
const outputNames = {
  name: undefined,
  description: undefined,
  agent: undefined,
  environmentId: undefined,
  schedule: undefined,
  initialEvents: undefined,
  resources: undefined,
  vaultIds: undefined,
  metadata: undefined,
  casConfig: undefined,
  environmentVariables: undefined,
  budget: undefined,
  paused: undefined,
  status: undefined,
  pausedReason: undefined,
  archivedAt: undefined,
  createdAt: undefined,
  updatedAt: undefined,
  agentVersion: undefined,
  upcomingRunsAt: undefined,
  lastRunAt: undefined,
  effectiveMetadata: undefined,
} satisfies Record<Exclude<ArgumentName, "adopt"> | keyof ServerOutputs, undefined>;

function declaredInputs(
  name: string,
  args: Partial<QoderDeploymentArgs>,
  options: pulumi.CustomResourceOptions,
): pulumi.Inputs {
  return {
    ...args,
    name: pulumi.output(args.name).apply((given) => given ?? name),
    resources: withSecretTokens(args.resources),
    __origin: originOf(name, options.parent),
    __timeouts: timeoutsInSeconds(options.customTimeouts),
  };
}

// Element by element where that is possible: an Output around the whole list would hide it all in a preview in which one
// value is not known yet.
function withSecretTokens(resources: QoderDeploymentArgs["resources"]): pulumi.Input<unknown> {
  return Array.isArray(resources)
    ? resources.map((resource) =>
        isComputed(resource) ? pulumi.output(resource).apply(withSecretToken) : withSecretToken(resource),
      )
    : pulumi.output(resources).apply((list) => (Array.isArray(list) ? list.map(withSecretToken) : list));
}

function isComputed(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

function withSecretToken(resource: ResourceArgs): ResourceArgs {
  // What a plain JavaScript program got wrong, the check tells with its place.
  switch (resource?.type) {
    case "github_repository":
      return { ...resource, authorizationToken: secretIfSet(resource.authorizationToken) };
    case "git_repository":
      return { ...resource, password: secretIfSet(resource.password) };
    default:
      return resource;
  }
}

function secretIfSet(token: pulumi.Input<string | undefined> | undefined): pulumi.Input<string | undefined> {
  return token === undefined ? undefined : pulumi.secret(token);
}

/**
 * Organization, project, stack, parents and name: what stays the same when the declaration is run again. As a plain promise, because an
 * Output of the parent would make this resource wait for its own siblings.
 */
function originOf(name: string, parent: pulumi.Resource | undefined): Promise<string> {
  const account = organization();
  return new Promise((resolve) => {
    pulumi.createUrn(name, deploymentType, parent).apply((urn) => resolve(`${account}${urn}`));
  });
}

// A program under test with mocks has none, and the SDK throws then.
function organization(): string {
  try {
    return `${pulumi.getOrganization()}/`;
  } catch {
    return "";
  }
}

/**
 * `effectiveMetadata` repeats the values of `metadata` under another name, where the engine does not mark secrets by itself.
 * A secret can only come as an Output.
 */
function withDefaults(
  args: QoderDeploymentArgs | undefined,
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResourceOptions {
  const metadata = args?.metadata;
  const mayBeSecret = isComputed(metadata) || Object.values(metadata ?? {}).some(isComputed);
  // The old deployment's name is free only after it was archived. A replacement that is asked for by hand (`--replace`,
  // `state taint`) asks no diff, so the order must stand here (pulumi/pulumi pkg/resource/deploy/step_generator.go).
  const defaults: pulumi.CustomResourceOptions = {
    deleteBeforeReplace: true,
    ...(mayBeSecret ? { additionalSecretOutputs: ["effectiveMetadata"] } : {}),
  };
  return pulumi.mergeOptions(defaults, options);
}
