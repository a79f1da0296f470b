import { z } from "zod";
import { adoptField, agentId, archiveInUseField, nameField, textField } from "../resource/fields/common-fields";
import { metadataField } from "../resource/fields/metadata";
import type { Fields } from "../resource/kind";
import { mcpServersField } from "./mcp-servers";
import { modelField } from "./model";
import { multiagentField } from "./multiagent";
import { skillsField } from "./skills";
import { toolsField } from "./tools";
import type { AgentArguments } from "./values";

/** "API reference: agents". One row an argument, see `deployment/fields.ts`. */
export const fields: Fields<AgentArguments> = {
  name: nameField(z.string().min(1).max(256)),
  model: modelField,
  system: textField({
    wire: "system",
    schema: z.string().max(100_000),
    shownWhileSet: "version",
  }),
  description: textField({
    wire: "description",
    schema: z.string().max(2_048),
    shownWhileSet: "version",
  }),
  tools: toolsField,
  mcpServers: mcpServersField,
  skills: skillsField,
  multiagent: multiagentField,
  metadata: metadataField(undefined),
  archiveInUse: archiveInUseField(),
  adopt: adoptField(agentId, "a new agent is created"),
};
