import { z } from "zod";
import { agents } from "../kinds/table";
import {
  acknowledgeField,
  adoptField,
  archiveInUseField,
  idOf,
  nameField,
  textField,
} from "../resource/kind/common-fields";
import { type ResourceKind, replyOf } from "../resource/kind/kind";
import { metadataField } from "../resource/kind/metadata";
import { type BaseReply, commonOutputRows, type OutputRows } from "../resource/kind/outputs";
import { rowsOf, type ValuesOf } from "../resource/kind/rows";
import type { AgentOutputs, QoderAgentArgs } from "./arguments";
import { mcpServersField } from "./mcp-servers";
import { modelField } from "./model";
import { multiagentField } from "./multiagent";
import { skillsField } from "./skills";
import { browserToolset, combinationProblems, serverRemarks, toolNameRemarks, toolsField } from "./tools";
import { olderVersionWarnings } from "./versions";

const system = 'write system: "..."';
const ofDeployment = "it is an argument of a QoderDeployment";
const team = 'write multiagent: { type: "coordinator", agents: [...] }';

/** Wrong names that people try for arguments of an agent, each with the text to write instead. */
const insteadOf: Readonly<Record<string, string>> = {
  prompt: system,
  instructions: system,
  systemPrompt: system,
  message: "initialEvents of a QoderDeployment has what a run starts with, system the instructions of the agent",
  messages: "initialEvents of a QoderDeployment has what a run starts with, system the instructions of the agent",
  agents: team,
  team,
  environment: "environmentId of a QoderDeployment is the environment of its runs",
  environmentId: ofDeployment,
  env: "environmentVariables of a QoderDeployment has the variables of each run",
  environmentVariables: ofDeployment,
  schedule: ofDeployment,
  cron: "schedule of a QoderDeployment says when the agent runs",
  initialEvents: ofDeployment,
  budget: ofDeployment,
  vaultIds: ofDeployment,
  resources: ofDeployment,
};

/** "API reference: agents". */
const fields = rowsOf<QoderAgentArgs>()({
  name: nameField(z.string().min(1).max(256)),
  model: modelField,
  system: textField({ wire: "system", schema: z.string().max(100_000) }),
  description: textField({ wire: "description", schema: z.string().max(2_048) }),
  tools: toolsField,
  mcpServers: mcpServersField,
  skills: skillsField,
  multiagent: multiagentField,
  metadata: metadataField(undefined),
  archiveInUse: archiveInUseField,
  adopt: adoptField(idOf(agents)),
  acknowledge: acknowledgeField,
});

const shape = { version: z.number() };
type Agent = BaseReply & Readonly<z.infer<z.ZodObject<typeof shape>>>;

const withTools = z.looseObject({ tools: z.array(z.looseObject({ type: z.string() })) });

/** "API reference: agents". */
export const agentKind: ResourceKind<ValuesOf<typeof fields>> = {
  ...agents,
  references: "skills and other agents",
  reply: replyOf(fields, shape),
  fields,
  insteadOf,
  outputs: {
    version: { recorded: z.number(), read: ({ version }: Agent) => version },
    ...commonOutputRows,
  } satisfies OutputRows<Omit<AgentOutputs, keyof QoderAgentArgs>>,
  removal: { endsInUse: "archiveInUse" },
  // "Create an agent", June 2026: the header prevents a second agent.
  documentsKey: true,
  // "Browser tools": each write of an agent with them must name the beta. No page says whether this depends on the body alone.
  betas: (values) =>
    withTools.safeParse(values).data?.tools.some(({ type }) => type === browserToolset)
      ? ["browser-use-2026-07-14"]
      : [],
  combinationProblems,
  remarks: {
    change: (change) => [...serverRemarks(change), ...toolNameRemarks(change)],
    asked: ({ client }, id, change) => olderVersionWarnings(client, agentKind, id, change),
  },
};
