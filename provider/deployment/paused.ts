import { z } from "zod";
import { type PlanRemark, planInfo, planWarning } from "../resource/kind/diagnostics";
import type { Field } from "../resource/kind/field";
import type { DeploymentOutputs, DeploymentPausedReason } from "./arguments";
import { type Hold, holdsOf, pausedBy, stopOf } from "./holds";
import { type Deployment, deploymentSchema } from "./reply";

interface Pause {
  readonly status?: string | undefined;
  readonly pausedReason?: DeploymentPausedReason | undefined;
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
  // No update body contains `paused`: `pauseRequest` makes a request of its own.
  change: () => undefined,
  live(deployment: Deployment, own) {
    const by = livePause(deployment);
    return by === "by the service" ? own : by === "by hand";
  },
  // A pause of a command ends with `resume`; the program that an import writes must not keep it.
  describe: (deployment: Deployment) =>
    livePause(deployment) === "by hand" && commandHold(deployment) === undefined ? true : undefined,
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
      : [
          `by \`pulumi-qoder ${hold.who ?? "pause"}\` (${hold.id})`,
          `run \`npx pulumi-qoder resume ${hold.id} --stack\``,
        ];
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
