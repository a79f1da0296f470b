import type * as pulumi from "@pulumi/pulumi";
import { LookUp } from "../program/look-up";
import { type LookedUp, questionOf } from "../program/look-up-arguments";
import { type Applied, isOfType, type ProgramKind, QoderResource } from "../program/resource";
import type { QoderAgentArgs } from "./arguments";
import type { AgentOutputs } from "./outputs";
import { agentSource, agentType } from "./type";
import type { AgentArguments } from "./values";

/**
 * An agent of Qoder Cloud Agents: a model, what it is told, and what it can do.
 *
 * ```typescript
 * const reporter = new QoderAgent("reporter", {
 *   model: "ultimate",
 *   system: "You write short status reports.",
 *   tools: [{ type: "agent_toolset_20260401", enabledTools: ["Read", "Grep", "DeliverArtifacts"] }],
 * });
 * new QoderDeployment("daily-report", { ...args, agent: reporter });
 * ```
 *
 * Every change makes a new {@link version}. A deployment with `agent: reporter` moves to it in the same `pulumi up`; one with
 * `agent: reporter.id` stays at the version that it runs.
 *
 * An update names the version that it was computed from. If somebody else made a newer version that changed what this program
 * declares, or what the update would overwrite, the update is an error that shows the change, and `pulumi refresh` takes it in.
 *
 * Taking the resource out of the program, replacing or destroying it archives the agent, which is for ever: the options `protect`
 * and `retainOnDelete` keep it. A replacement is created before the old agent is archived, unless the option `deleteBeforeReplace` is
 * true. An agent that live deployments name is not archived, unless {@link archiveInUse} is true. `customTimeouts` bound each operation, 5 minutes where they say nothing. The option `import` cannot
 * work: use `adopt` or `npx pulumi-qoder import`.
 */
export class QoderAgent extends QoderResource {
  /** @internal The name by which policy packs find it. */
  static readonly __pulumiType = agentType;

  /** Whether it is one, also of another copy of this package. */
  static override isInstance(value: unknown): value is QoderAgent {
    return isOfType(value, agentType);
  }

  // Arguments, each as it was applied or, after a `refresh`, as the service holds it.

  /** The name at Qoder; see {@link QoderAgentArgs.name}. */
  declare readonly name: pulumi.Output<string>;
  /** See {@link QoderAgentArgs.model}. */
  declare readonly model: pulumi.Output<Applied<QoderAgentArgs["model"]>>;
  /** See {@link QoderAgentArgs.system}. */
  declare readonly system: pulumi.Output<string | undefined>;
  /** See {@link QoderAgentArgs.description}. */
  declare readonly description: pulumi.Output<string | undefined>;
  /** See {@link QoderAgentArgs.tools}. */
  declare readonly tools: pulumi.Output<Applied<QoderAgentArgs["tools"]>>;
  /** See {@link QoderAgentArgs.mcpServers}. */
  declare readonly mcpServers: pulumi.Output<Applied<QoderAgentArgs["mcpServers"]>>;
  /** See {@link QoderAgentArgs.skills}. */
  declare readonly skills: pulumi.Output<Applied<QoderAgentArgs["skills"]>>;
  /** See {@link QoderAgentArgs.multiagent}. */
  declare readonly multiagent: pulumi.Output<Applied<QoderAgentArgs["multiagent"]>>;
  /** See {@link QoderAgentArgs.archiveInUse}. */
  declare readonly archiveInUse: pulumi.Output<boolean | undefined>;
  /** The keys that this program set; see {@link QoderAgentArgs.metadata} and {@link effectiveMetadata}. */
  declare readonly metadata: pulumi.Output<Readonly<Record<string, string>> | undefined>;

  /** Starts at 1 and rises with every change, by whomever. Not known in the preview of a change. */
  declare readonly version: pulumi.Output<number>;
  /** RFC 3339; set once the agent is archived, which is for ever. */
  declare readonly archivedAt: pulumi.Output<string | undefined>;
  /** RFC 3339, UTC. */
  declare readonly createdAt: pulumi.Output<string>;
  /** RFC 3339, UTC. */
  declare readonly updatedAt: pulumi.Output<string>;
  /** All metadata: this program's and other people's. A secret where `metadata` may hold one. */
  declare readonly effectiveMetadata: pulumi.Output<Readonly<Record<string, unknown>>>;

  /**
   * Looks up an agent that something else manages; nothing of it is changed or taken over.
   *
   * @param name The Pulumi name to show it under.
   * @param id The agent's id, `agent_...`. An error when the token cannot see it.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): QoderAgent {
    return new QoderAgent(name, undefined, { ...options, id });
  }

  constructor(name: string, args: QoderAgentArgs, options?: pulumi.CustomResourceOptions);
  /** @internal */
  constructor(name: string, args: undefined, options: pulumi.CustomResourceOptions);
  constructor(name: string, args: QoderAgentArgs | undefined, options?: pulumi.CustomResourceOptions) {
    super(programKind, name, args, options);
  }
}

type Output = Exclude<keyof AgentArguments, "adopt"> | keyof AgentOutputs;

const outputs = {
  name: undefined,
  model: undefined,
  system: undefined,
  description: undefined,
  tools: undefined,
  mcpServers: undefined,
  skills: undefined,
  multiagent: undefined,
  metadata: undefined,
  archiveInUse: undefined,
  version: undefined,
  archivedAt: undefined,
  createdAt: undefined,
  updatedAt: undefined,
  effectiveMetadata: undefined,
} satisfies Record<Output, undefined>;

const programKind: ProgramKind = {
  label: "QoderAgent",
  noun: "agent",
  type: agentType,
  source: agentSource,
  outputs,
  secretMembers: {},
  namesSecrets: true,
};

/** The outputs of a {@link QoderAgent}, as the service holds them; `metadata` has the keys of everybody. */
export interface GetAgentResult extends LookedUp<QoderAgent> {}

const agents = new LookUp<GetAgentResult>({
  name: "getAgent",
  question: questionOf,
  type: agentType,
  secretOutputs: [],
  load() {
    const { findAgent }: typeof import("../look-ups") = require("../look-ups");
    return findAgent;
  },
});

/**
 * Looks up an agent that is managed elsewhere, by its id or by its name.
 *
 * ```typescript
 * const reporter = await getAgent({ name: "reporter" });
 * new QoderDeployment("daily-report", { ...args, agent: reporter });
 * ```
 *
 * It asks in every preview and every `up`, in the account that a resource would use. None or several of the name, and an archived
 * one by its id, are errors that say what was found.
 */
export const getAgent = agents.find;

/** {@link getAgent} for values that come later. In a preview that does not know them, what is found is not known either. */
export const getAgentOutput = agents.output;
