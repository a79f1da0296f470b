import { z } from "zod";
import type { Field } from "../resource/fields/field";
import type { StatusChange } from "../resource/kind";
import { type PlanRemark, planInfo, planWarning } from "../resource/plan-remark";
import type { DeploymentOutputs, PausedReason } from "./arguments";
import type { Deployment } from "./reply";

/**
 * Who paused a deployment with this status and this type of reason; undefined if it is not paused. A reason that this version
 * does not know counts as the service's: the preview reports such a pause and the provider never ends it.
 */
function pausedBy(status: string | undefined, reason: string | undefined): "by hand" | "by the service" | undefined {
  if (status !== "paused") {
    return undefined;
  }
  return reason === undefined || reason === "manual" ? "by hand" : "by the service";
}

interface Pause {
  readonly status?: string | undefined;
  readonly pausedReason?: PausedReason | undefined;
}

export function pauseOf({ status, pausedReason }: Pause) {
  return pausedBy(status, pausedReason?.type);
}

/** Who paused the deployment according to a reply. */
export function livePause({ status, paused_reason: reason }: Pick<Deployment, "status" | "paused_reason">) {
  return pausedBy(status, reason?.type);
}

export const pausedField: Field<boolean> = {
  wire: undefined,
  leftOut: "untouched",
  schema: z.boolean(),
  recorded: z.boolean(),
  // No update body contains `paused`: `pause` below makes a request of its own.
  change: () => undefined,
  live(deployment: Deployment, own) {
    const by = livePause(deployment);
    return by === "by the service" ? own : by === "by hand";
  },
  describe: (deployment: Deployment) => (livePause(deployment) === "by hand" ? true : undefined),
};

/**
 * The key of the metadata that an `up` with `paused: true` leaves at a deployment that was paused already: nothing else there
 * changes, and `pulumi-qoder resume` must know that a program stops it. The value is the deployment's last change before: a mark
 * that is older than a pause says nothing about that pause. An `up` that starts the deployment removes the mark.
 */
const declaredPausedKey = "pulumi-qoder-paused";

/**
 * The key of the metadata by which `pulumi-qoder resume` knows, on any machine, what `pulumi-qoder pause` has paused
 * (`command/pause/mark.ts`).
 */
export const commandPausedKey = "pulumi-qoder-paused-by-command";

/** The marks of this package in the metadata. They are no labels: no argument, import, report or digest of the content has them. */
export const ownMarks: readonly string[] = [declaredPausedKey, commandPausedKey];

const markedSchema = z.looseObject({ metadata: z.looseObject({ [declaredPausedKey]: z.string() }) });

export function declaredPausedAt(reply: unknown): string | undefined {
  return markedSchema.safeParse(reply).data?.metadata[declaredPausedKey];
}

export const pause: StatusChange<{ readonly paused: boolean }> = {
  argument: "paused",
  // "Create a deployment": a new deployment is active.
  whenCreated: { paused: false },
  wanted({ arguments: applied, outputs }, { paused: wanted }, isAgain = false) {
    const by = pauseOf(outputs);
    // If a program adds `paused`, that alone must not change a pause by the service. A pause by hand becomes the program's: see `mark`.
    const before = applied.paused ?? (wanted === true ? by === "by the service" : by === "by hand");
    if (wanted === undefined || (wanted === before && !isAgain)) {
      return undefined;
    }
    return wanted ? "pause" : "unpause";
  },
  mark(action, deployment: Deployment, isChanged) {
    const { updated_at: at } = deployment;
    const isStale = action === "unpause" && declaredPausedAt(deployment) !== undefined;
    const mark = action === "pause" && !isChanged ? at : undefined;
    return isStale || mark !== undefined ? { metadata: { [declaredPausedKey]: mark ?? null } } : undefined;
  },
  missing(action, { status }: Deployment) {
    const wanted = action === "pause" ? "paused" : "active";
    return status === wanted ? undefined : `it shows the status ${JSON.stringify(status ?? null)} instead of ${wanted}`;
  },
};

/** Remarks about a recorded pause. A program that says `paused` knows of a pause by hand. */
export function stateRemarks(
  outputs: Partial<DeploymentOutputs>,
  { paused }: { readonly paused?: boolean | undefined },
): PlanRemark[] {
  const reason = servicePause(outputs);
  if (reason !== undefined) {
    const text = `the service paused this deployment ${reason}. Correct the cause, then run \`npx pulumi-qoder resume dep_... --paused-by-service\``;
    return [planWarning("paused-by-service", text)];
  }
  const text =
    "this deployment is paused by hand, and the program leaves `paused` out. To start it, set `paused: false` or unpause it in the console";
  const isByHand = paused === undefined && pauseOf(outputs) === "by hand";
  return isByHand ? [planInfo("paused-by-hand", text)] : [];
}

/** The reason for which the service paused the deployment, in words; undefined if the service did not pause it. */
export function servicePause({ pausedReason }: Partial<DeploymentOutputs>): string | undefined {
  if (pausedReason === undefined || pausedBy("paused", pausedReason.type) !== "by the service") {
    return undefined;
  }
  const { type, error } = pausedReason;
  return type === "error" ? `after a failed run (${error?.type ?? "no reason given"})` : `for the reason ${type}`;
}
