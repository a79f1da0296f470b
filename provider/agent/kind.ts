import { z } from "zod";
import type { ResourceKind } from "../resource/kind";
import { commonOutputRows, type OutputRows } from "../resource/outputs";
import { fields } from "./fields";
import { named } from "./named";
import type { AgentOutputs } from "./outputs";
import { type Agent, agentSchema } from "./reply";
import { browserToolset, combinationProblems, serverRemarks, verbatim } from "./tools";
import type { AgentArguments } from "./values";

const withTools = z.looseObject({ tools: z.array(z.looseObject({ type: z.string() })) });

const namesAgent = z.looseObject({ agent: z.looseObject({ id: z.string() }) });

/** "API reference: agents". */
export const agentKind: ResourceKind<AgentArguments> = {
  label: "QoderAgent",
  noun: "agent",
  references: "skills and other agents",
  collection: "agents",
  idPrefix: "agent_",
  reply: agentSchema,
  fields,
  outputs: {
    version: { recorded: z.number(), read: ({ version }: Agent) => version },
    ...commonOutputRows,
  } satisfies OutputRows<AgentOutputs>,
  locking: { member: "version", current: ({ version }: Partial<AgentOutputs>) => version },
  named,
  verbatim,
  // "Browser tools": a request that carries them must name the beta.
  namesSecrets: true,
  betas: (body) =>
    withTools.safeParse(body).data?.tools.some(({ type }) => type === browserToolset) ? ["browser-use-2026-07-14"] : [],
  combinationProblems,
  changeRemarks: serverRemarks,
  compared: () => undefined,
  users: {
    kind: { noun: "deployment", collection: "deployments", idPrefix: "dep_" },
    filter: (id) => ({ agent_id: id }),
    namedBy: (deployment) => namesAgent.safeParse(deployment).data?.agent.id,
  },
  // An agent names nothing that only its own account sees.
  witness: () => undefined,
};
