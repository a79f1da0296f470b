import { z } from "zod";
import { idSchema, timeSchema } from "../api/schema";
import { creationTime, type ReplyOf } from "../resource/kind/outputs";
import type { DeploymentRunError } from "./arguments";

const errorSchema = z.looseObject({ type: z.string(), message: z.string().nullish() });

/** The reason for which no session started. An unknown form of the reason must still count as a reason. */
const error = z
  .unknown()
  .transform((value): DeploymentRunError | null => {
    if (!value) {
      return null;
    }
    const { type = "unknown_error", message } = errorSchema.safeParse(value).data ?? {};
    return { type, message: message ?? JSON.stringify(value) };
  })
  .optional();

/** A run in a reply; `deployment/reply.ts` says why so little is required. */
export const deploymentRunSchema = z.looseObject({
  id: idSchema,
  deployment_id: idSchema.optional(),
  agent: z.looseObject({ version: z.number().nullish() }).optional(),
  session_id: idSchema.nullish(),
  error,
  /** Only the older generation of the API has this member. */
  status: z.string().optional(),
  trigger_context: z
    .looseObject({
      type: z.string(),
      /** An unreadable time must not make the whole trigger unreadable: a scheduled run would count as started by hand. */
      scheduled_at: z.string().nullish().catch(undefined),
    })
    .optional(),
  created_at: timeSchema,
});
export type DeploymentRunReply = ReplyOf<z.infer<typeof deploymentRunSchema>>;

/** The reason for which a run has no session; undefined if it has a session or will get one. */
export function startProblem({
  error,
  session_id: session,
  status,
}: DeploymentRunReply): DeploymentRunError | undefined {
  if (error != null) {
    return error;
  }
  // "Trigger a deployment" (June 2026): if too many runs are active, the service records the run and skips it.
  const isOver = session == null && (status === "skipped" || status === "failed");
  return isOver ? unexplained(status) : undefined;
}

export const noReason = "the service gives no reason";

export function unexplained(type: string): DeploymentRunError {
  return { type, message: noReason };
}

/** True unless the reply names another trigger: a run without a trigger may have been started by hand. */
export function isByHand({ trigger_context: trigger }: DeploymentRunReply): boolean {
  return trigger === undefined || trigger.type === "manual";
}

/**
 * The time of the start in milliseconds since the epoch, by the service's clock. A run without a time counts as the newest.
 */
export function startTime({ created_at: createdAt }: DeploymentRunReply): number {
  return creationTime(createdAt) ?? Number.POSITIVE_INFINITY;
}

export interface RunArguments {
  readonly deploymentId: string;
  readonly waitForResult?:
    | true
    | {
        readonly timeoutSeconds?: number | undefined;
        readonly satisfied?: boolean | undefined;
        readonly mustPass?: boolean | undefined;
      };
}
