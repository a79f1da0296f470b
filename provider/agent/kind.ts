import { z } from "zod";
import {
  acknowledgeField,
  adoptField,
  agentId,
  archiveInUseField,
  nameField,
  textField,
} from "../resource/fields/common-fields";
import { metadataField } from "../resource/fields/metadata";
import { rowsOf, type ValuesOf } from "../resource/fields/rows";
import { type ResourceKind, replyOf } from "../resource/kind";
import { each, type NamedKind } from "../resource/named";
import { commonOutputRows, type OutputRows } from "../resource/outputs";
import { skills } from "../skill/kind";
import type { AgentOutputs, QoderAgentArgs, SkillArgs } from "./arguments";
import { mcpServersField } from "./mcp-servers";
import { modelField } from "./model";
import { multiagentField } from "./multiagent";
import { type Agent, agentSchema } from "./reply";
import { skillsField } from "./skills";
import { browserToolset, combinationProblems, serverRemarks, toolsField, verbatim } from "./tools";

/** The arguments after the program's side has written out the short forms. */
interface WrittenOut extends Omit<QoderAgentArgs, "skills"> {
  readonly skills?: readonly SkillArgs[];
}

/** "API reference: agents". */
const fields = rowsOf<WrittenOut>()({
  name: nameField(z.string().min(1).max(256)),
  model: modelField,
  system: textField({ wire: "system", schema: z.string().max(100_000), shownWhileSet: "version" }),
  description: textField({ wire: "description", schema: z.string().max(2_048), shownWhileSet: "version" }),
  tools: toolsField,
  mcpServers: mcpServersField,
  skills: skillsField,
  multiagent: multiagentField,
  metadata: metadataField(undefined),
  archiveInUse: archiveInUseField(),
  adopt: adoptField(agentId, "a new agent is created"),
  acknowledge: acknowledgeField(),
});

export const agents: NamedKind = { noun: "agent", collection: "agents" };
/** "List models": the enabled ones of the account. */
const models: NamedKind = { noun: "model", collection: "models", isCatalogue: true };

const withTools = z.looseObject({ tools: z.array(z.looseObject({ type: z.string() })) });
const namesAgent = z.looseObject({ agent: z.looseObject({ id: z.string() }) });

/** "API reference: agents". An agent names nothing that only its own account sees, so it has no witness. */
export const agentKind: ResourceKind<ValuesOf<typeof fields>> = {
  ...agents,
  label: "QoderAgent",
  references: "skills and other agents",
  idPrefix: "agent_",
  reply: replyOf(fields, agentSchema.shape),
  fields,
  outputs: {
    version: { recorded: z.number(), read: ({ version }: Agent) => version },
    ...commonOutputRows,
  } satisfies OutputRows<Omit<AgentOutputs, keyof QoderAgentArgs>>,
  locking: { member: "version", current: ({ version }: Partial<AgentOutputs>) => version },
  named: [
    { at: ["multiagent", "agents", each], kind: agents },
    { at: ["skills", each], kind: skills },
    { at: ["model"], kind: models },
  ],
  verbatim,
  namesSecrets: true,
  // "Browser tools": a request that carries them must name the beta.
  betas: (body) =>
    withTools.safeParse(body).data?.tools.some(({ type }) => type === browserToolset) ? ["browser-use-2026-07-14"] : [],
  combinationProblems,
  changeRemarks: serverRemarks,
  users: {
    kind: { noun: "deployment", collection: "deployments", idPrefix: "dep_" },
    filter: (id) => ({ agent_id: id }),
    namedBy: (deployment) => [namesAgent.safeParse(deployment).data?.agent.id ?? []].flat(),
  },
};
