import { z } from "zod";
import { archivedAt } from "../api/schema";

const list = z.array(z.looseObject({ type: z.string() })).nullish();

/** An agent as the API returns it; see `deployment/reply.ts` for what is not demanded. */
export const agentSchema = z.looseObject({
  id: z.string().min(1),
  name: z.string().optional(),
  model: z.union([z.string(), z.looseObject({ id: z.string() })]).optional(),
  system: z.string().nullish(),
  description: z.string().nullish(),
  tools: list,
  mcp_servers: z.array(z.looseObject({ name: z.string(), url: z.string() })).nullish(),
  skills: list,
  multiagent: z.looseObject({ type: z.string(), agents: z.array(z.unknown()).nullish() }).nullish(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  version: z.number().optional(),
  archived_at: archivedAt,
  created_at: z.string().optional(),
  updated_at: z.string().optional(),
});
export type Agent = z.infer<typeof agentSchema>;
