import { z } from "zod";
import { creationTime } from "../resource/age";
import type { RunError } from "./arguments";

const errorSchema = z.looseObject({ type: z.string(), message: z.string().nullish() });

/** Why no session was started. A form that is new must not hide that there is such a reason. */
const error = z
  .unknown()
  .transform((value): RunError | null => {
    if (!value) {
      return null;
    }
    const { type = "unknown_error", message } = errorSchema.safeParse(value).data ?? {};
    return { type, message: message ?? JSON.stringify(value) };
  })
  .optional();

/** A run as the API returns it; see `deployment/reply.ts` for what is not demanded. */
export const deploymentRunSchema = z.looseObject({
  id: z.string().min(1),
  deployment_id: z.string().optional(),
  agent: z.looseObject({ version: z.number().nullish() }).optional(),
  session_id: z.string().nullish(),
  error,
  /** Of the older generation alone. */
  status: z.string().optional(),
  trigger_context: z
    .looseObject({
      type: z.string(),
      /** What triggered a run is known also where this cannot be read: nobody is to take a scheduled run for one by hand. */
      scheduled_at: z.string().nullish().catch(undefined),
    })
    .optional(),
  created_at: z.string().optional(),
});
export type DeploymentRunReply = z.infer<typeof deploymentRunSchema>;

/** Why it has no session; undefined where it has one, or is about to. */
export function startProblem({ error, session_id: session, status }: DeploymentRunReply): RunError | undefined {
  if (error != null) {
    return error;
  }
  // "Trigger a deployment" (June 2026): a run for which there is no place is recorded, and skipped.
  const isOver = session == null && (status === "skipped" || status === "failed");
  return isOver ? { type: status, message: "the service gives no reason" } : undefined;
}

/** What does not tell counts as started by hand: it may be. */
export function isByHand({ trigger_context: trigger }: DeploymentRunReply): boolean {
  return trigger === undefined || trigger.type === "manual";
}

/** In milliseconds since the epoch, by the service's clock. What tells no time counts as the newest. */
export function startTime({ created_at: createdAt }: DeploymentRunReply): number {
  return creationTime(createdAt) ?? Number.POSITIVE_INFINITY;
}

/** The arguments of a run, as plain values. */
export interface RunArguments {
  readonly deploymentId: string;
  readonly waitForResult?:
    | true
    | { readonly timeoutSeconds?: number | undefined; readonly satisfied?: boolean | undefined };
}
