import type * as pulumi from "@pulumi/pulumi";
import { whenKnown } from "../program/inputs";
import { LookUp } from "../program/look-up";
import type { LookedUp } from "../program/look-up-arguments";
import { withIds } from "../program/named";
import { questionOf } from "../program/question";
import { isOfType, type OutputNames, type ProgramKind, QoderResource, type ResourceOutputs } from "../program/resource";
import { deploymentSource, deploymentType } from "../program/source";
import type { DeploymentOutputs, QoderDeploymentArgs } from "./arguments";
import { warnOfExpiringFiles } from "./expiring-files";
import { named } from "./named";
import { secretMembers, secretOutputs } from "./secret-members";
import { warnOfWaitingTools } from "./short-forms";
import { initialEventsArgument } from "./written-out";

/**
 * A deployment of Qoder Cloud Agents: an agent, an environment, the first messages and a schedule, run in the cloud.
 *
 * Scheduled:
 * ```typescript
 * new QoderDeployment("daily-report", {
 *   agent: "agent_019eb4d4a06d747c865d5800b9c57ae2",
 *   environmentId: "env_019e64e01a137caf953ac2ac7b42ec5c",
 *   schedule: { expression: "0 9 * * 1-5", timezone: "Asia/Shanghai" },
 *   initialEvents: "Generate today's status report",
 * });
 * ```
 *
 * With a repository, and started by hand only:
 * ```typescript
 * new QoderDeployment("review", {
 *   agent: { id: agentId, version: 3 },
 *   environmentId,
 *   resources: [{ type: "github_repository", url: "https://github.com/acme/shop", authorizationToken: config.requireSecret("github") }],
 *   initialEvents: "Review what was merged since yesterday",
 * });
 * ```
 *
 * Of an agent and in an environment that the same program declares. It moves to each new version of the agent:
 * ```typescript
 * const reporter = new QoderAgent("reporter", { model: "ultimate", system: "You write short status reports." });
 * const cloud = new QoderEnvironment("cloud", { config: { type: "cloud", networking: { type: "unrestricted" } } });
 * new QoderDeployment("report", { agent: reporter, environmentId: cloud.id, initialEvents });
 * ```
 *
 * Taking over one that exists:
 * ```typescript
 * new QoderDeployment("nightly", { adopt: "dep_019ec556114c78f8b60ee34fcb98bf59", ...args });
 * ```
 *
 * Taking the resource out of the program, replacing or destroying it archives the deployment, which is for ever: the options
 * `protect` and `retainOnDelete` keep it. A replacement archives the old deployment first, as names are unique. `customTimeouts` bound
 * each operation, 5 minutes where they say nothing.
 * `replaceOnChanges: ["schedule"]` is for a schedule that the API does not clear. The option `import` cannot work: use `adopt`
 * or `npx pulumi-qoder import`.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK gives the resource each of these outputs.
export class QoderDeployment extends QoderResource {
  /** @internal The name by which policy packs find it. */
  static readonly __pulumiType = deploymentType;

  /** Whether it is one, also of another copy of this package. */
  static override isInstance(value: unknown): value is QoderDeployment {
    return isOfType(value, deploymentType);
  }

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
  constructor(name: string, args: QoderDeploymentArgs | undefined, options?: pulumi.CustomResourceOptions) {
    super(programKind, name, args == null ? args : writtenOut(args), options);
    warnOfWaitingTools(this, name, args?.agent, args?.acknowledge);
    warnOfExpiringFiles(this, name, args?.schedule, args?.resources, args?.acknowledge);
  }
}

export interface QoderDeployment extends ResourceOutputs<QoderDeploymentArgs, DeploymentOutputs> {}

function writtenOut(args: QoderDeploymentArgs) {
  return withIds(named, { ...args, initialEvents: initialEventsArgument(args.initialEvents, whenKnown) });
}

/**
 * Some arguments of deployments, to be shared between several. As they are: without it TypeScript would take each
 * `type: "user.message"` in a constant for any string.
 *
 * ```typescript
 * const shared = deploymentArgs({ agent: reporter, environmentId: cloud.id, budget: { maxCreditCost: "5" } });
 * new QoderDeployment("daily", { ...shared, initialEvents: "Report on today" });
 * new QoderDeployment("weekly", { ...shared, initialEvents: "Report on this week" });
 * ```
 */
export function deploymentArgs<Args extends Partial<QoderDeploymentArgs>>(args: Args): Args {
  return args;
}

const outputs: OutputNames<QoderDeploymentArgs, DeploymentOutputs> = {
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
};

const programKind: ProgramKind = {
  label: "QoderDeployment",
  noun: "deployment",
  type: deploymentType,
  source: deploymentSource,
  outputs,
  secretMembers,
  archivesFirst: true,
};

/**
 * The outputs of a {@link QoderDeployment}, as the service holds them; `metadata` has the keys of everybody.
 *
 * `environmentVariables` is an Output and a secret, also in what {@link getDeployment} resolves to: nobody knows which of the
 * variables are passwords. All else is plain, `metadata` too, which the service shows to everyone who may read the deployment.
 * Tokens of repositories are left out: the API gives none back.
 */
export interface GetDeploymentResult extends LookedUp<QoderDeployment, (typeof secretOutputs)[number]> {}

const deployments = new LookUp<GetDeploymentResult>({
  name: "getDeployment",
  question: questionOf,
  type: deploymentType,
  secretOutputs,
  load() {
    const { findDeployment }: typeof import("../look-ups") = require("../look-ups");
    return findDeployment;
  },
});

/**
 * Looks up a deployment that is managed elsewhere, by its id or by its name.
 *
 * ```typescript
 * const { status, lastRunAt } = await getDeployment({ name: "daily-report" });
 * ```
 *
 * It asks in every preview and every `up`, in the account that a resource would use. None or several of the name, and an archived
 * one by its id, are errors that say what was found.
 */
export const getDeployment = deployments.find;

/** {@link getDeployment} for values that come later. In a preview that does not know them, what is found is not known either. */
export const getDeploymentOutput = deployments.output;
