import { z } from "zod";
import { archivedAt } from "../api/schema";

/** An environment as the API returns it; see `deployment/reply.ts` for what is not demanded. */
export const environmentSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string().optional(),
  description: z.string().nullish(),
  config: z.looseObject({ type: z.string() }).optional(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  archived_at: archivedAt,
  created_at: z.string().optional(),
  updated_at: z.string().optional(),
});
export type Environment = z.infer<typeof environmentSchema>;
