import type * as pulumi from "@pulumi/pulumi";
import type { Named } from "../program/named";
import type { Applied, CommonOutputs } from "../program/resource";
import type { RemarkKind } from "../resource/plan-remark";
import type { QoderSkill } from "../skill";
import type { GetSkillResult } from "../skill/look-up";
import type { GetAgentResult, QoderAgent } from ".";

/** A model with settings. The service chooses each setting that is left out; a later change of its choice is drift. */
export interface ModelArgs {
  /** The id of the model, such as `ultimate`. */
  readonly id: pulumi.Input<string>;
  /** How much it thinks, one of the model's `efforts`, such as `high`. */
  readonly effort?: pulumi.Input<string | undefined>;
  /** In tokens, one of the model's `available_context_windows`. */
  readonly contextWindow?: pulumi.Input<number | undefined>;
}

/** Whether the agent may use a tool, and whether a person must approve each use. */
export interface PermissionPolicyArgs {
  /**
   * `always_allow` runs the tool and asks nobody. `always_ask` stops the session until a person approves or denies the use; a pending
   * approval never times out. `always_deny` refuses every use and asks nobody.
   */
  readonly type: pulumi.Input<"always_allow" | "always_ask" | "always_deny">;
}

/** Whether a tool may be used, and whether somebody is asked before. */
export interface ToolSettingsArgs {
  /** Whether it may be used. Left out: the service decides. */
  readonly enabled?: pulumi.Input<boolean | undefined>;
  /** Whether a person must approve each use. In a scheduled run nobody answers `always_ask`, and the run waits for ever. */
  readonly permissionPolicy?: pulumi.Input<PermissionPolicyArgs | undefined>;
}

/** The settings of one tool of a set; each tool once. */
export interface ToolConfigArgs extends ToolSettingsArgs {
  /** The name of the tool, as in `enabledTools`. */
  readonly name: pulumi.Input<string>;
}

/**
 * The built-in tools: `Bash`, `Read`, `Write`, `Edit`, `Glob`, `Grep`, `WebFetch`, `WebSearch` and `DeliverArtifacts`, in this
 * spelling.
 */
export interface AgentToolsetArgs {
  /** The set and its version. */
  readonly type: "agent_toolset_20260401";
  /** These and no others; `DeliverArtifacts` must be among them to stay. Left out or empty: all. */
  readonly enabledTools?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /** All but these. */
  readonly disallowedTools?: pulumi.Input<readonly pulumi.Input<string>[] | undefined>;
  /** Settings of single tools, in any order. Left out: each has those of `defaultConfig`. */
  readonly configs?: pulumi.Input<readonly pulumi.Input<ToolConfigArgs>[] | undefined>;
  /** Settings of all tools that `configs` does not name. Left out: the service decides. */
  readonly defaultConfig?: pulumi.Input<ToolSettingsArgs | undefined>;
}

/** The tools of an MCP server. */
export interface McpToolsetArgs {
  /** Tells it from the other sets. */
  readonly type: "mcp_toolset";
  /** The name of one of `mcpServers`. */
  readonly mcpServerName: pulumi.Input<string>;
  /** Settings of single tools of the server, in any order. Left out: each has those of `defaultConfig`. */
  readonly configs?: pulumi.Input<readonly pulumi.Input<ToolConfigArgs>[] | undefined>;
  /** Settings of all tools that `configs` does not name. Left out: the service decides. */
  readonly defaultConfig?: pulumi.Input<ToolSettingsArgs | undefined>;
}

/** A tool that the client of a session answers; in a scheduled run nobody does. */
export interface CustomToolArgs {
  /** Tells it from the sets. */
  readonly type: "custom";
  /** 1 to 128 letters, digits, `_` or `-`. */
  readonly name: pulumi.Input<string>;
  /** What the agent is told about the tool. */
  readonly description: pulumi.Input<string>;
  /** The JSON schema of what the tool takes, sent as it is. */
  readonly inputSchema: pulumi.Input<Readonly<Record<string, unknown>>>;
}

/** A browser, a beta that the service may have switched off for the account. */
export interface BrowserToolsetArgs {
  /** The set and its version. */
  readonly type: "browser_toolset_20260714";
}

/** A set of tools, or one tool. */
export type ToolArgs = AgentToolsetArgs | McpToolsetArgs | CustomToolArgs | BrowserToolsetArgs;

/** A server that speaks MCP over HTTP. Its tools are there where an `mcp_toolset` names it. */
export interface McpServerArgs {
  /** The only way that is known; it may be left out. */
  readonly type?: "url";
  /** 1 to 255 characters, unique among the servers of the agent. */
  readonly name: pulumi.Input<string>;
  /** The address of the server. */
  readonly url: pulumi.Input<string>;
}

/** What an agent can do beyond its tools. */
export interface SkillArgs {
  /** `custom` for skills of the account, `qoder` for those that the service brings. */
  readonly type: pulumi.Input<"custom" | "qoder">;
  /** The skill: a {@link QoderSkill}, its id, or what `getSkill` found. */
  readonly skillId: Named<QoderSkill, GetSkillResult>;
  /** Left out: the service chooses the newest. If it then shows the version, a later version is drift. */
  readonly version?: pulumi.Input<string | undefined>;
}

/**
 * Another agent, the coordinator itself, or a model that gives advice. A {@link QoderAgent} means its id and its version, so the team moves
 * to each new version in the same `up`; what `getAgent` found means the version of then; an id alone means the newest at the time of the
 * change.
 */
export type TeamMemberArgs =
  | Named<QoderAgent, GetAgentResult>
  | {
      /** Another agent. */
      readonly type: "agent";
      /** The agent: a {@link QoderAgent}, its id (`agent_...`), or what `getAgent` found. */
      readonly id: Named<QoderAgent, GetAgentResult>;
      /** Left out: the newest at the time of the change. */
      readonly version?: pulumi.Input<number | undefined>;
    }
  | {
      /** The coordinator itself. */
      readonly type: "self";
    }
  | {
      /** A model that gives advice. */
      readonly type: "advisor";
      /** Its id, such as `ultimate`, or that with settings. */
      readonly model: pulumi.Input<string | ModelArgs>;
    };

/** The team of an agent that hands work to others. */
export interface MultiagentArgs {
  /** The only form of a team that is known. */
  readonly type: "coordinator";
  /** The members, 1 to 20, in order. */
  readonly agents: pulumi.Input<readonly pulumi.Input<TeamMemberArgs>[]>;
}

/**
 * The arguments of a {@link QoderAgent}. A change of any of them is an update in place that sends this argument alone and makes
 * a new version of the agent.
 */
export interface QoderAgentArgs {
  /** 1 to 256 characters. Left out or removed: the Pulumi resource name. */
  readonly name?: pulumi.Input<string | undefined>;
  /** The id of a model, such as `ultimate`, or that with settings. Required. */
  readonly model: pulumi.Input<string | ModelArgs>;
  /** What the agent is told before all else: at most 100,000 characters. Left out or removed: empty. */
  readonly system?: pulumi.Input<string | undefined>;
  /** Free text of at most 2,048 characters. Left out or removed: empty. */
  readonly description?: pulumi.Input<string | undefined>;
  /**
   * What the agent can do: at most 128 entries. A change sends all of them. Settings that the service fills in are no difference; a
   * later change of them is drift, such as a tool that somebody disabled at the console. Left out or removed: no tools at all;
   * `[{ type: "agent_toolset_20260401" }]` gives all that are built in.
   */
  readonly tools?: pulumi.Input<readonly pulumi.Input<ToolArgs>[] | undefined>;
  /**
   * The servers whose tools the agent may use: at most 20, by names that are unique. A change sends all of them. Left out or removed:
   * none.
   */
  readonly mcpServers?: pulumi.Input<readonly pulumi.Input<McpServerArgs>[] | undefined>;
  /**
   * The skills of the agent: at most 20. A {@link QoderSkill} (`skills: [review]`) means its id and newest version, so the agent moves to
   * each new version in the same `pulumi up`; what `getSkill` found means the version of then. A change sends all of them. Left out or
   * removed: none.
   */
  readonly skills?: pulumi.Input<readonly (QoderSkill | pulumi.Input<SkillArgs | GetSkillResult>)[] | undefined>;
  /**
   * The agents that this one hands work to; needs the tool `agent_toolset_20260401`. Left out: none. Removed: cleared with null;
   * where the API does not take that, an error says so and names `replaceOnChanges: ["multiagent"]`.
   */
  readonly multiagent?: pulumi.Input<MultiagentArgs | undefined>;
  /**
   * Labels: at most 16 keys of at most 64 characters, with values of at most 512. A change sends the changed keys alone, a removed
   * key is sent as null. Keys that others set are left alone; `effectiveMetadata` shows all.
   */
  readonly metadata?: pulumi.Input<Readonly<Record<string, pulumi.Input<string>>> | undefined>;
  /**
   * Whether a removal or a replacement archives the agent although live deployments name it. Left out or removed: false, and the
   * archive is an error that names these deployments. Those that the same command archives or moves do not count. The state keeps the
   * argument; no request carries it. It counts once `pulumi up` has recorded it.
   */
  readonly archiveInUse?: pulumi.Input<boolean | undefined>;
  /**
   * The id (`agent_...`) of an existing agent to take over instead of creating one. What differs from the arguments is sent.
   * Counts at creation only; later changes and its removal do nothing.
   */
  readonly adopt?: pulumi.Input<string | undefined>;
  /** Kinds of remarks that no preview tells of this agent, such as `["adopt"]`: docs/preview.md lists them. No request carries it. */
  readonly acknowledge?: pulumi.Input<readonly RemarkKind[] | undefined>;
}

/** A member of a team as an output has it: an agent by its id, with a version or without, the coordinator itself, or a model. */
export type TeamMember =
  | string
  | {
      /** Another agent. */
      type: "agent";
      /** Its id (`agent_...`). */
      id: string;
      /** Set where the program pins one. */
      version?: number | undefined;
    }
  | {
      /** The coordinator itself. */
      type: "self";
    }
  | {
      /** A model that gives advice. */
      type: "advisor";
      /** Its id, or that with settings. */
      model: Applied<QoderAgentArgs["model"]>;
    };

/** The team of an agent as an output has it. */
export interface Team {
  /** The only form of a team that is known. */
  type: "coordinator";
  /** The members in order. */
  agents: TeamMember[];
}

/** The outputs of a {@link QoderAgent} that the service computes, and those arguments that it always has. */
export interface AgentOutputs extends CommonOutputs {
  /** The name at Qoder; see {@link QoderAgentArgs.name}. */
  readonly name: string;
  /** The id of a model, or that with settings; see {@link QoderAgentArgs.model}. */
  readonly model: Applied<QoderAgentArgs["model"]>;
  /** Starts at 1 and rises with every change, by whomever. Not known in the preview of a change. */
  readonly version: number;
  /** See {@link QoderAgentArgs.skills}, as ids and versions. */
  readonly skills: Applied<readonly SkillArgs[]> | undefined;
  /** See {@link QoderAgentArgs.multiagent}, with the ids of the members. */
  readonly multiagent: Team | undefined;
}
