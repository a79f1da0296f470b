import { z } from "zod";
import { archivedAt, idSchema } from "../api/schema";

/**
 * The members of a deployment in a reply that more than its own row reads: the outputs, runs and commands. The API is in beta and its
 * documentation covers two generations, so the schema requires the id only. An absent member means that the service does not show it,
 * never that it is empty. Unknown members and values pass through.
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
  status: z.string().optional(),
  paused_reason: z.looseObject({ type: z.string(), error: z.looseObject({ type: z.string() }).nullish() }).nullish(),
  archived_at: archivedAt,
  created_at: z.string().optional(),
  updated_at: z.string().optional(),
});
export type Deployment = z.infer<typeof deploymentSchema>;
