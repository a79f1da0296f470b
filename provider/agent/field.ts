import type { Field } from "../resource/fields/field";
import type { AgentOutputs } from "./outputs";
import type { Agent } from "./reply";

/** A row of the table of an agent's arguments. */
export type AgentField<Value> = Field<Value, AgentOutputs, Agent>;
