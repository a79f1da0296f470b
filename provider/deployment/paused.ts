import { z } from "zod";
import { type PlanRemark, planInfo, planWarning } from "../resource/kind/diagnostics";
import type { Field } from "../resource/kind/field";
import type { StatusChange } from "../resource/kind/kind";
import type { DeploymentOutputs, PausedReason } from "./arguments";
import { type Hold, holdsAfterUp, holdsOf, pausedBy, stopOf } from "./pause-mark";
import { type Deployment, deploymentSchema } from "./reply";

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

/** The oldest hold of a command because of which the deployment is paused, as far as a reply shows it. */
export function commandHold(reply: unknown): Hold | undefined {
  const deployment = deploymentSchema.safeParse(reply).data;
  return deployment && stopOf(deployment, undefined) === "holds" ? holdsOf(deployment)[0] : undefined;
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
  // A pause of a command ends with `resume`; the program that an import writes must not keep it.
  describe: (deployment: Deployment) =>
    livePause(deployment) === "by hand" && commandHold(deployment) === undefined ? true : undefined,
};

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
  mark(action, deployment: Deployment, isChanged, now) {
    const metadata = holdsAfterUp(action, deployment, isChanged, now);
    return metadata && { metadata };
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
    const text = `the service paused this deployment ${reason}. Correct the cause, then run \`npx pulumi-qoder resume --stack --paused-by-service\``;
    return [planWarning("paused-by-service", text)];
  }
  const at = outputs.updatedAt === undefined ? "" : ` (updated at ${outputs.updatedAt})`;
  const [hold] = holdsOf({ metadata: outputs.effectiveMetadata });
  const [who, how] =
    hold === undefined
      ? ["by hand", "set `paused: false`"]
      : [`by \`pulumi-qoder ${hold.who ?? "pause"}\` (${hold.id})`, `run \`npx pulumi-qoder resume ${hold.id}\``];
  const text = `this deployment was paused ${who} when the state last read it${at}, and the program leaves \`paused\` out. To start it, ${how}; if it runs already, \`pulumi refresh\` ends this note`;
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
