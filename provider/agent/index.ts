import type * as pulumi from "@pulumi/pulumi";
import { LookUp } from "../program/look-up";
import type { LookedUp } from "../program/look-up-arguments";
import { withIds } from "../program/named";
import { questionOf } from "../program/question";
import { isOfType, type OutputNames, type ProgramKind, QoderResource, type ResourceOutputs } from "../program/resource";
import { agentSource, agentType } from "../program/source";
import type { AgentOutputs, QoderAgentArgs } from "./arguments";
import { named } from "./named";

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
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK gives the resource each of these outputs.
export class QoderAgent extends QoderResource {
  /** @internal The name by which policy packs find it. */
  static readonly __pulumiType = agentType;

  /** Whether it is one, also of another copy of this package. */
  static override isInstance(value: unknown): value is QoderAgent {
    return isOfType(value, agentType);
  }

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
    super(programKind, name, args == null ? args : withIds(named, { ...args }), options);
  }
}

export interface QoderAgent extends ResourceOutputs<QoderAgentArgs, AgentOutputs> {}

const outputs: OutputNames<QoderAgentArgs, AgentOutputs> = {
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
};

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
