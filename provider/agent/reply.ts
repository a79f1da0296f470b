import { z } from "zod";
import { idSchema } from "../api/schema";

const list = z.array(z.looseObject({ type: z.string() })).nullish();

/** The members of an agent in a reply, except its texts; `deployment/reply.ts` says why they are optional. */
export const agentSchema = z.looseObject({
  id: idSchema,
  model: z.union([z.string(), z.looseObject({ id: z.string() })]).optional(),
  tools: list,
  mcp_servers: z.array(z.looseObject({ name: z.string(), url: z.string() })).nullish(),
  skills: list,
  multiagent: z.looseObject({ type: z.string(), agents: z.array(z.unknown()).nullish() }).nullish(),
  version: z.number().optional(),
});
export type Agent = z.infer<typeof agentSchema>;
