import { z } from "zod";
import { archivedAt, idSchema, timeSchema } from "../api/schema";
import type { ReplyOf } from "../resource/kind/outputs";

/**
 * The members of a deployment in a reply that more than its own row reads: the outputs, runs and commands. The API is in beta and its
 * documentation covers two generations, so the schema requires only those that decide what happens to the deployment; every other absent
 * member is empty. Unknown members and values pass through.
 */
export const deploymentSchema = z.looseObject({
  id: idSchema,
  name: z.string().optional(),
  agent: z.looseObject({ id: idSchema, version: z.number().nullish() }).optional(),
  environment_id: idSchema.optional(),
  schedule: z
    .looseObject({
      expression: z.string(),
      timezone: z.string(),
      upcoming_runs_at: z.array(z.string()).nullish(),
      last_run_at: z.string().nullish(),
    })
    .nullish(),
  initial_events: z.array(z.looseObject({ type: z.string() })).optional(),
  budget: z.looseObject({ max_credit_cost: z.union([z.string(), z.number()]) }).nullish(),
  status: z.string().min(1),
  paused_reason: z.looseObject({ type: z.string(), error: z.looseObject({ type: z.string() }).nullish() }).nullish(),
  archived_at: archivedAt,
  created_at: timeSchema,
  updated_at: timeSchema,
});
export type Deployment = ReplyOf<z.infer<typeof deploymentSchema>>;
