import type { Metadata } from "../resource/fields/metadata";
import type { McpServer } from "./mcp-servers";
import type { Model } from "./model";
import type { Multiagent } from "./multiagent";
import type { Skill } from "./skills";
import type { Tool } from "./tools";

/** The arguments of an agent, as plain values. */
export interface AgentArguments {
  readonly name: string;
  readonly model: Model;
  readonly system: string;
  readonly description: string;
  readonly tools: readonly Tool[];
  readonly mcpServers: readonly McpServer[];
  readonly skills: readonly Skill[];
  readonly multiagent: Multiagent;
  readonly metadata: Metadata;
  readonly archiveInUse: boolean;
  readonly adopt: string;
}
