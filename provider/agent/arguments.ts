import type * as pulumi from "@pulumi/pulumi";
import type { LookedUp } from "../program/look-up-arguments";
import type { Applied, CommonOutputs, IdInput, ResourceOutputs } from "../program/resource";
import type { DiagnosticKind } from "../resource/kind/diagnostics";
import type { QoderSkill } from "../skill";
import type { GetSkillResult } from "../skill/arguments";

/** A model with settings. The service chooses the settings that the program leaves out. A later change by the service counts as drift. */
export interface AgentModel {
  /** The id of the model, such as `ultimate`. */
  readonly id: pulumi.Input<string>;
  /** How long the model thinks: one of its `efforts`, such as `high`. */
  readonly effort?: pulumi.Input<string | undefined>;
  /** The context window in tokens: one of the model's `available_context_windows`. */
  readonly contextWindow?: pulumi.Input<number | undefined>;
}

/** The permission to use a tool. */
export interface AgentPermissionPolicy {
  /**
   * `always_allow` runs the tool and asks nobody. `always_ask` stops the session until a person approves or denies the use; a pending
   * approval never times out. `always_deny` refuses every use and asks nobody.
   */
  readonly type: pulumi.Input<"always_allow" | "always_ask" | "always_deny">;
}

/** The settings of a tool. */
export interface AgentToolSettings {
  /** True if the agent may use the tool. Left out: the service decides. */
  readonly enabled?: pulumi.Input<boolean | undefined>;
  /** The permission to use the tool. In a scheduled run nobody answers `always_ask`, and the run waits indefinitely. */
  readonly permissionPolicy?: pulumi.Input<AgentPermissionPolicy | undefined>;
}

/** The settings of one tool of a set. Each tool may have one entry. */
export interface AgentToolConfig extends AgentToolSettings {
  /** The name of the tool, as in `enabledTools`. */
  readonly name: pulumi.Input<string>;
}

/** The built-in tools. Their names are `Bash`, `Read`, `Write`, `Edit`, `Glob`, `Grep`, `WebFetch`, `WebSearch` and `DeliverArtifacts`. */
export interface AgentToolset {
  /** The set and its version. */
  readonly type: "agent_toolset_20260401";
  /** The only tools that the agent has; without `DeliverArtifacts` in this list the agent delivers no files. Left out or empty: all. */
  readonly enabledTools?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /** The tools that the agent does not have. Left out or empty: none. */
  readonly disallowedTools?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /** Settings of single tools, in any order. Left out: every tool has the settings of `defaultConfig`. */
  readonly configs?: pulumi.Input<readonly pulumi.Input<AgentToolConfig>[] | undefined>;
  /** Settings of all tools without an entry in `configs`. Left out: the service decides. */
  readonly defaultConfig?: pulumi.Input<AgentToolSettings | undefined>;
}

/** The tools of an MCP server. */
export interface AgentMcpToolset {
  /** The kind of tool set. */
  readonly type: "mcp_toolset";
  /** The name of the server in `mcpServers`. */
  readonly mcpServerName: pulumi.Input<string>;
  /** Settings of single tools of the server, in any order. Left out: every tool has the settings of `defaultConfig`. */
  readonly configs?: pulumi.Input<readonly pulumi.Input<AgentToolConfig>[] | undefined>;
  /** Settings of all tools without an entry in `configs`. Left out: the service decides. */
  readonly defaultConfig?: pulumi.Input<AgentToolSettings | undefined>;
}

/** A tool that the client of a session runs. A scheduled run has no client, so a call of the tool waits indefinitely. */
export interface AgentCustomTool {
  /** The kind of tool. */
  readonly type: "custom";
  /** The name of the tool: 1 to 128 letters, digits, `_` or `-`. */
  readonly name: pulumi.Input<string>;
  /** The text by which the agent decides when to use the tool. */
  readonly description: pulumi.Input<string>;
  /** The JSON schema of the input of the tool, sent unchanged. */
  readonly inputSchema: pulumi.Input<Readonly<Record<string, unknown>>>;
}

/** A browser. It is a beta, which the service may not have enabled for the account. */
export interface AgentBrowserToolset {
  /** The set and its version. */
  readonly type: "browser_toolset_20260714";
}

/** A tool or a set of tools. */
export type AgentTool = AgentBrowserToolset | AgentCustomTool | AgentMcpToolset | AgentToolset;

/** A server that speaks MCP over HTTP. The agent has the tools of the server only if an `mcp_toolset` refers to it. */
export interface AgentMcpServer {
  /** The only documented type of server. Left out: `url`. */
  readonly type?: "url";
  /** The name of the server: 1 to 255 characters, unique among the servers of the agent. */
  readonly name: pulumi.Input<string>;
  /** The address of the server. */
  readonly url: pulumi.Input<string>;
}

/** A skill of an agent. */
export interface AgentSkill {
  /** `custom` for a skill of the account, `qoder` for a skill of the catalogue. */
  readonly type: pulumi.Input<"custom" | "qoder">;
  /** The skill: a {@link QoderSkill}, its id, or what `getSkill` found. */
  readonly skillId: IdInput<QoderSkill, GetSkillResult>;
  /** The version, as a text of digits. Left out: the service chooses the newest version at the time of the update. */
  readonly version?: pulumi.Input<string | undefined>;
}

/**
 * Another agent, the coordinator itself, or a model that gives advice. With the id and the version of an agent of this program, the team moves to each new version in the same `pulumi up`. In TypeScript, a {@link QoderAgent} passes both. The result of `getAgent` passes its id and current version. An id alone takes the newest
 * version at the time of the update.
 */
export type AgentTeamMember =
  | IdInput<AgentResource, GetAgentResult>
  | {
      /** Another agent. */
      readonly type: "agent";
      /** The agent: a {@link QoderAgent}, its id (`agent_...`), or what `getAgent` found. */
      readonly id: IdInput<AgentResource, GetAgentResult>;
      /** The version. Left out: the newest version at the time of the update. */
      readonly version?: pulumi.Input<number | undefined>;
    }
  | {
      /** The coordinator itself. */
      readonly type: "self";
    }
  | {
      /** A model that gives advice. */
      readonly type: "advisor";
      /** The id of the model, such as `ultimate`, or the id with settings. */
      readonly model: pulumi.Input<string | AgentModel>;
    };

/** The team of an agent that hands work to others. */
export interface AgentMultiagent {
  /** The only documented form of a team. */
  readonly type: "coordinator";
  /** The members, 1 to 20, in order. */
  readonly agents: pulumi.Input<readonly pulumi.Input<AgentTeamMember>[]>;
}

/**
 * The arguments of a {@link QoderAgent}. A changed argument updates the agent in place and makes a new version of it; the request holds
 * this argument only.
 */
export interface QoderAgentArgs {
  /** The name at Qoder: 1 to 256 characters. Left out: the Pulumi resource name. Removed: the object keeps its name. */
  readonly name?: pulumi.Input<string | undefined>;
  /** The model: its id, such as `ultimate`, or its id with settings. Required. */
  readonly model: pulumi.Input<string | AgentModel>;
  /** The system prompt: at most 100,000 characters. Left out or removed: empty. */
  readonly system?: pulumi.Input<string | undefined>;
  /** Free text of at most 2,048 characters. Left out or removed: empty. */
  readonly description?: pulumi.Input<string | undefined>;
  /**
   * The tools of the agent: at most 128 entries. `[{ type: "agent_toolset_20260401" }]` gives the agent all built-in tools. An update sends
   * the whole list. The order of tool names and of `configs` does not count. Settings that the service fills in are not drift; later
   * changes of them are, for example if a person disables a tool in the console. Left out or removed: no tools.
   */
  readonly tools?: pulumi.Input<readonly pulumi.Input<AgentTool>[] | undefined>;
  /**
   * The MCP servers whose tools the agent may use: at most 20, with unique names. An update sends the whole list. Left out or removed:
   * none.
   */
  readonly mcpServers?: pulumi.Input<readonly pulumi.Input<AgentMcpServer>[] | undefined>;
  /**
   * The skills of the agent: at most 20. With the id and the version of a skill of this program, the agent moves to each new version in the
   * same `pulumi up`. In TypeScript, `skills: [review]` passes both. The result of `getSkill` passes its id and current version. An update
   * sends the whole list. Left out or removed: none.
   */
  readonly skills?: pulumi.Input<readonly (QoderSkill | pulumi.Input<AgentSkill | GetSkillResult>)[] | undefined>;
  /**
   * The team to which this agent hands work; it needs the tool `agent_toolset_20260401`. Left out: none. Removed: the update sends null; if
   * the API keeps the team, the error names `replaceOnChanges: ["multiagent"]`.
   */
  readonly multiagent?: pulumi.Input<AgentMultiagent | undefined>;
  /**
   * Labels: at most 16 keys of at most 64 characters, with values of at most 512. An update sends only the keys that changed, and null for
   * each removed key. Keys that other people set stay; `effectiveMetadata` shows all keys.
   */
  readonly metadata?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /**
   * True if a removal or a replacement archives the agent although live deployments or teams use it. Deployments and teams that the same
   * command archives or moves are ignored. The argument is never sent; a new value takes effect after a `pulumi up` records it. Left out or
   * removed: false, so the archive fails with an error that names them.
   */
  readonly archiveInUse?: pulumi.Input<boolean | undefined>;
  /**
   * The id (`agent_...`) of an existing agent that this resource adopts instead of creating one. The provider sends the arguments that
   * differ. Only the creation of the resource reads `adopt`; later changes do nothing.
   */
  readonly adopt?: pulumi.Input<string | undefined>;
  /**
   * The kinds of warnings and notes that previews leave out for this agent, such as `["adopt"]`. A warning ends with its kind in brackets.
   * Never sent.
   */
  readonly acknowledge?: pulumi.Input<readonly DiagnosticKind[] | undefined>;
}

/** A member of a team in the output: the id of an agent, with or without a version, the coordinator itself, or a model. */
export type AgentTeamMemberOutput =
  | string
  | {
      /** Another agent. */
      type: "agent";
      /** The id of the agent (`agent_...`). */
      id: string;
      /** The pinned version; absent if the program pins none. */
      version?: number | undefined;
    }
  | {
      /** The coordinator itself. */
      type: "self";
    }
  | {
      /** A model that gives advice. */
      type: "advisor";
      /** The id of the model, alone or with settings. */
      model: Applied<QoderAgentArgs["model"]>;
    };

/** The team of an agent in the output. */
export interface AgentTeam {
  /** The only documented form of a team. */
  type: "coordinator";
  /** The members in order. */
  agents: AgentTeamMemberOutput[];
}

/** The outputs of a {@link QoderAgent} that the service computes, and the arguments that are always set. */
export interface AgentOutputs extends CommonOutputs {
  /** The name at Qoder; see {@link QoderAgentArgs.name}. */
  readonly name: string;
  /** The id of the model, alone or with settings; see {@link QoderAgentArgs.model}. */
  readonly model: Applied<QoderAgentArgs["model"]>;
  /** The newest version: 1 for a new agent, and higher after every change, whoever makes it. Unknown in the preview of a change. */
  readonly version: number;
  /** See {@link QoderAgentArgs.skills}, as ids and versions. */
  readonly skills: Applied<readonly AgentSkill[]> | undefined;
  /** See {@link QoderAgentArgs.multiagent}, with the ids of the members. */
  readonly multiagent: AgentTeam | undefined;
}

/** A {@link QoderAgent}. Its own arguments name other agents, so its type is here. */
export interface AgentResource extends pulumi.CustomResource, ResourceOutputs<QoderAgentArgs, AgentOutputs> {}

/** The outputs of a {@link QoderAgent}, as the service shows them. `metadata` holds all keys, whoever set them. */
export interface GetAgentResult extends LookedUp<AgentResource> {}
