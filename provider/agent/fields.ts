import { z } from "zod";
import { adoptField } from "../resource/adopt-field";
import { wholeValue } from "../resource/field";
import { agentId } from "../resource/id";
import type { Fields } from "../resource/kind";
import { metadataField } from "../resource/metadata";
import type { AgentField } from "./field";
import { mcpServersField } from "./mcp-servers";
import { modelField } from "./model";
import { multiagentField } from "./multiagent";
import type { AgentOutputs } from "./outputs";
import type { Agent } from "./reply";
import { skillsField } from "./skills";
import { toolsField } from "./tools";
import type { AgentArguments } from "./values";

const identical = <Value>(value: Value) => value;

/** A text that may be empty, which is the same as none. */
function textField(wire: "system" | "description", longest: number): AgentField<string> {
  return wholeValue({
    wire,
    leftOut: "cleared",
    schema: z.string().max(longest),
    recorded: z.string(),
    // "Update an agent": the empty string clears; only the types of a client say that null does as well.
    cleared: "",
    empty: "",
    normal: identical,
    toWire: identical,
    shownWhileSet: "version",
    fromWire: (agent) => agent[wire] || undefined,
    meaning: { leftOut: "empty", removed: '`""`', sameWhen: '`""`, null and absent are one' },
  });
}

/** "API reference: agents". One row an argument, see `deployment/fields.ts`. */
export const fields: Fields<AgentArguments, AgentOutputs, Agent> = {
  name: wholeValue({
    wire: "name",
    leftOut: "refused",
    schema: z.string().min(1).max(256),
    recorded: z.string(),
    normal: identical,
    toWire: identical,
    fromWire: ({ name }) => name,
    meaning: { leftOut: "the Pulumi resource name", removed: "the Pulumi resource name", sameWhen: "equal" },
  }),
  model: modelField,
  system: textField("system", 100_000),
  description: textField("description", 2_048),
  tools: toolsField,
  mcpServers: mcpServersField,
  skills: skillsField,
  multiagent: multiagentField,
  metadata: metadataField(undefined),
  adopt: adoptField(agentId, "a new agent is created"),
};
