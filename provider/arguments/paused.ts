import { z } from "zod";
import type { Deployment } from "../api/schema";
import type { Field, Live } from "./field";

/**
 * By whom a deployment with this status and this type of reason was paused, if at all. A reason that this version does not
 * know is the service's own: it is reported and never undone.
 */
export function pausedBy(status: string | undefined, reason: string | undefined): Live["paused"] {
  if (status !== "paused") {
    return undefined;
  }
  return reason === undefined || reason === "manual" ? "by hand" : "by the service";
}

export function livePause({ status, paused_reason: reason }: Deployment): Live["paused"] {
  return pausedBy(status, reason?.type);
}

export const pausedField: Field<boolean> = {
  wire: undefined,
  leftOut: "untouched",
  schema: z.boolean(),
  recorded: z.boolean(),
  // Pausing is a request of its own: see `pauseChange` in `patch.ts`.
  change: () => undefined,
  read(deployment, asked) {
    if (asked === undefined || deployment.status === undefined) {
      return asked;
    }
    const by = livePause(deployment);
    return by === "by the service" ? asked : by === "by hand";
  },
  describe: (deployment) => (livePause(deployment) === "by hand" ? true : undefined),
  meaning: {
    leftOut: "not managed",
    removed: "not managed",
    sameWhen: "equal; a pause by hand is drift, a pause by the service is reported and left alone",
  },
};
