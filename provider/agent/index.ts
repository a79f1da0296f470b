import type * as pulumi from "@pulumi/pulumi";
import { agents } from "../kinds/table";
import { isOfType, QoderResource } from "../program/resource";
import type { AgentResource, QoderAgentArgs } from "./arguments";

/**
 * An agent of Qoder Cloud Agents: a model with its system prompt, tools and skills.
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
 * Every change makes a new {@link version}. A deployment that has the agent's id and version as its `agent` moves to the new
 * version in the same `pulumi up`; a deployment that has the id alone stays at its version.
 *
 * Each update request names the version on which it is based. If another person has made a newer version that changes an
 * argument of this program, or a value that the update would overwrite, the update fails and shows that change.
 * `pulumi refresh` then records it.
 *
 * The provider archives the agent when the resource leaves the program, is destroyed or is replaced. Qoder cannot undo an
 * archive; the options `protect` and `retainOnDelete` prevent it. If live deployments or teams use the agent, the archive
 * fails, unless {@link archiveInUse} is true. A replacement creates the new agent before it archives the old one, unless the
 * option `deleteBeforeReplace` is true. Each operation may take 5 minutes, unless `customTimeouts` sets another limit.
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the SDK gives the resource each of these outputs.
export class QoderAgent extends QoderResource {
  /** True for a QoderAgent, also for one that another copy of this package made. */
  static override isInstance(value: unknown): value is QoderAgent {
    return isOfType(value, agents.type);
  }

  /**
   * Reads an agent that another program or a person manages. Pulumi never changes it.
   *
   * @param name The Pulumi name of the resource in this program.
   * @param id The agent's id, `agent_...`. The command fails if the token cannot see this agent.
   */
  static get(name: string, id: pulumi.Input<pulumi.ID>, options?: pulumi.CustomResourceOptions): QoderAgent {
    return new QoderAgent(name, undefined, { ...options, id });
  }

  constructor(name: string, args: QoderAgentArgs, options?: pulumi.CustomResourceOptions);
  /** @internal */
  constructor(name: string, args: undefined, options: pulumi.CustomResourceOptions);
  constructor(name: string, args: QoderAgentArgs | undefined, options?: pulumi.CustomResourceOptions) {
    super(agents, name, args, options);
  }
}

export interface QoderAgent extends AgentResource {}
