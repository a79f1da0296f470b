import { z } from "zod";

const list = z.array(z.looseObject({ type: z.string() })).nullish();

/** What an agent tells beside its texts; see `deployment/reply.ts` for what is not demanded. */
export const agentSchema = z.looseObject({
  id: z.string(),
  model: z.union([z.string(), z.looseObject({ id: z.string() })]).optional(),
  tools: list,
  mcp_servers: z.array(z.looseObject({ name: z.string(), url: z.string() })).nullish(),
  skills: list,
  multiagent: z.looseObject({ type: z.string(), agents: z.array(z.unknown()).nullish() }).nullish(),
  version: z.number().optional(),
});
export type Agent = z.infer<typeof agentSchema>;
