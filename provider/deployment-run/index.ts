import type * as pulumi from "@pulumi/pulumi";
import { withIds } from "../program/named";
import { isOfType, type OutputNames, type ProgramKind, QoderResource, type ResourceOutputs } from "../program/resource";
import { deploymentRunSource, deploymentRunType } from "../program/source";
import type { DeploymentRunOutputs, QoderDeploymentRunArgs } from "./arguments";
import { named } from "./named";

/**
 * One run of a deployment: it is started when the resource is created, and another one when `triggers` or `deploymentId` change,
 * which replaces the resource. No preview, refresh, import or removal starts one.
 *
 * ```typescript
 * const reporter = new QoderAgent("reporter", { model: "ultimate", system: "You write short status reports." });
 * const report = new QoderDeployment("report", { agent: reporter, environmentId, initialEvents });
 * new QoderDeploymentRun("report-on-deploy", { deploymentId: report.id, triggers: { agent: reporter.version } });
 * ```
 *
 * The resource is there once the session has started. With `waitForResult`, `up` waits for the end of the session and fails where the
 * work did; what depends on the resource is left alone then. The verdict belongs to the value of `triggers`: a run that failed stays
 * failed until these change, or `--replace` asks for another run. A run that could not start is an error, and the next `up` starts
 * another one. A paused or archived deployment is refused.
 *
 * A run cannot be taken back: taking the resource out of the program, replacing or destroying it sends nothing. What the service no
 * longer shows stays in the state as it was, and is not run again.
 *
 * If an `up` was killed after it had started the run, the next `up` takes that run. A run does not say who started it. A new resource
 * therefore takes the newest manual run of the last 15 minutes, unless the deployment was changed since or another resource of the
 * program has the run. A change of `triggers` takes a run only if the state shows that an earlier `up` did not finish the change, and
 * then a run of the last day. Both times are longer by the wait of `waitForResult`. A warning names the run; another change of `triggers`
 * starts a new one.
 *
 * `customTimeouts` bound the start and the wait; where they say nothing, 5 minutes bound the start. The options `deleteBeforeReplace` and `retainOnDelete` mean
 * nothing here, and `import` cannot work.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK gives the resource each of these outputs.
export class QoderDeploymentRun extends QoderResource {
  /** @internal The name by which policy packs find it. */
  static readonly __pulumiType = deploymentRunType;

  /** Whether it is one, also of another copy of this package. */
  static override isInstance(value: unknown): value is QoderDeploymentRun {
    return isOfType(value, deploymentRunType);
  }

  /**
   * Looks up a run that something else started; nothing is run.
   *
   * @param name The Pulumi name to show it under.
   * @param id The id of the run, `drun_...`. An error when the token cannot see it.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): QoderDeploymentRun {
    return new QoderDeploymentRun(name, undefined, { ...options, id });
  }

  constructor(name: string, args: QoderDeploymentRunArgs, options?: pulumi.CustomResourceOptions);
  /** @internal */
  constructor(name: string, args: undefined, options: pulumi.CustomResourceOptions);
  constructor(name: string, args: QoderDeploymentRunArgs | undefined, options?: pulumi.CustomResourceOptions) {
    // By the removal of the old run the provider knows that a replacement begins, and was not interrupted.
    super(programKind, name, args == null ? args : withIds(named, { ...args }), {
      ...options,
      deleteBeforeReplace: true,
      retainOnDelete: false,
    });
  }
}

export interface QoderDeploymentRun extends ResourceOutputs<QoderDeploymentRunArgs, DeploymentRunOutputs> {}

const outputs: OutputNames<QoderDeploymentRunArgs, DeploymentRunOutputs> = {
  deploymentId: undefined,
  triggers: undefined,
  sessionId: undefined,
  error: undefined,
  createdAt: undefined,
  agentVersion: undefined,
  waitForResult: undefined,
  result: undefined,
  credits: undefined,
  outcome: undefined,
};

const programKind: ProgramKind = {
  label: "QoderDeploymentRun",
  noun: "deployment run",
  type: deploymentRunType,
  source: deploymentRunSource,
  outputs,
  secretMembers: {},
  namesSecrets: true,
  isNameless: true,
  tellsSiblings: true,
  insteadOfImport: "QoderDeploymentRun.get looks it up",
};
