import type * as pulumi from "@pulumi/pulumi";
import { deploymentRuns } from "../kinds/table";
import { isOfType, type ProgramKind, QoderResource, type ResourceOutputs } from "../program/resource";
import type { DeploymentRunOutputs, QoderDeploymentRunArgs } from "./arguments";

/**
 * One run of a deployment. The creation of the resource starts the run; a change of `triggers` or `deploymentId` replaces the
 * resource and starts another run. No preview, refresh, import or removal starts a run.
 *
 * ```typescript
 * const reporter = new QoderAgent("reporter", { model: "ultimate", system: "You write short status reports." });
 * const report = new QoderDeployment("report", { agent: reporter, environmentId, initialEvents });
 * const triggers = { agent: reporter.id, version: reporter.version };
 * new QoderDeploymentRun("report-on-deploy", { deploymentId: report.id, triggers });
 * ```
 *
 * The resource is created as soon as the session has started. With `waitForResult`, `up` waits for the end of the session and
 * fails if the work failed; resources that depend on this one then stay unchanged. The result is remembered for
 * these `triggers`: a failed run stays failed until `triggers` change or `--replace` asks for another run. If a run cannot start,
 * `up` fails, and the next `up` starts another run. If the deployment is paused or archived, `up` fails.
 *
 * Nobody can undo a run: no request is sent when the resource leaves the program, is replaced or is destroyed. If the service
 * no longer shows the run, the state keeps it, and no other run starts.
 *
 * If `pulumi up` is killed after it has started the run, the next `pulumi up` within an hour continues with that run, and a warning
 * names it, if the service honours idempotency keys. Where it ignores them, `up` starts a second run, which costs credits again.
 *
 * `customTimeouts` limit the start and the wait together; without them the start may take 5 minutes. In TypeScript,
 * the options `deleteBeforeReplace` and `retainOnDelete` have no effect here.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK gives the resource each of these outputs.
export class QoderDeploymentRun extends QoderResource {
  /** True for a QoderDeploymentRun, also for one that another copy of this package made. */
  static override isInstance(value: unknown): value is QoderDeploymentRun {
    return isOfType(value, deploymentRuns.type);
  }

  /**
   * Reads a run that another program, a person or the schedule started. No run starts.
   *
   * @param name The Pulumi name of the resource in this program.
   * @param id The id of the run, `drun_...`. The command fails if the token cannot see this run.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): QoderDeploymentRun {
    return new QoderDeploymentRun(name, undefined, { ...options, id });
  }

  constructor(name: string, args: QoderDeploymentRunArgs, options?: pulumi.CustomResourceOptions);
  /** @internal */
  constructor(name: string, args: undefined, options: pulumi.CustomResourceOptions);
  constructor(name: string, args: QoderDeploymentRunArgs | undefined, options?: pulumi.CustomResourceOptions) {
    // The removal of the old run comes first, so that the provider knows that this command begins the replacement and does
    // not continue an interrupted one.
    super(programKind, name, args, {
      ...options,
      deleteBeforeReplace: true,
      retainOnDelete: false,
    });
  }
}

export interface QoderDeploymentRun extends ResourceOutputs<QoderDeploymentRunArgs, DeploymentRunOutputs> {}

const programKind: ProgramKind = {
  ...deploymentRuns,
  insteadOfImport: "QoderDeploymentRun.get looks it up",
};
