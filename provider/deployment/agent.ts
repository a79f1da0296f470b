import { z } from "zod";
import { agentKind } from "../agent/kind";
import { versionDifference, withNewest } from "../agent/versions";
import { agents } from "../kinds/table";
import { namedId } from "../resource/kind/common-fields";
import { type PlanRemark, planInfo } from "../resource/kind/diagnostics";
import { type Field, Reference } from "../resource/kind/field";
import type { Asking, ProgramChange } from "../resource/kind/kind";
import { containsUnknown, type Properties, same } from "../resource/kind/program-values";
import type { DeploymentOutputs } from "./arguments";
import type { Deployment } from "./reply";

/** The id of an agent, alone or with the version to run. */
export type AgentReference = string | { readonly id: string; readonly version?: number | undefined };

function idOf(agent: AgentReference): string {
  return typeof agent === "string" ? agent : agent.id;
}

function versionOf(agent: AgentReference): number | undefined {
  return typeof agent === "string" ? undefined : agent.version;
}

function normal(agent: AgentReference | undefined): AgentReference | undefined {
  return agent === undefined || versionOf(agent) !== undefined ? agent : idOf(agent);
}

const agentId = namedId(agents);

export const agentField: Field<AgentReference> = {
  wire: "agent",
  leftOut: "refused",
  schema: z.union([agentId, z.strictObject({ id: agentId, version: z.int().min(1).optional() })]),
  recorded: z.union([z.string(), z.object({ id: z.string(), version: z.number().optional() })]),
  change(applied, wanted, { agentVersion }: Partial<DeploymentOutputs>, sending) {
    if (wanted === undefined) {
      return undefined;
    }
    const version = versionOf(wanted);
    if (sending?.isAgain !== true && applied !== undefined && idOf(applied) === idOf(wanted)) {
      // "Update a deployment": a request that names the agent without a version moves the deployment to the newest version.
      // An unchanged agent without a version is therefore never sent.
      if (version === undefined || version === (versionOf(applied) ?? agentVersion)) {
        return undefined;
      }
    }
    return version === undefined ? idOf(wanted) : { id: idOf(wanted), type: "agent", version };
  },
  live: ({ agent }: Deployment, own) =>
    agent === undefined || (own !== undefined && versionOf(own) === undefined) ? agent?.id : pinned(agent),
  describe: (deployment: Deployment) => (deployment.agent === undefined ? undefined : pinned(deployment.agent)),
  import: {
    // In the imported program `agent: reporter` would move the deployment to the newest version, so a deployment of an older
    // version names this version.
    referring(agent, outputsOf) {
      const [id, version] = [idOf(agent), versionOf(agent)];
      const outputs = outputsOf(id);
      if (outputs === undefined) {
        return agent;
      }
      const reference = new Reference(id, "id");
      if (version === undefined) {
        return reference;
      }
      if (version === outputs["version"]) {
        return new Reference(id);
      }
      return withNewest({ id: reference, version }, id, outputs, (called) => `agent: ${called}`);
    },
  },
  normal,
  meansTheSame: (one, other) => same(normal(one), normal(other)),
};

function pinned(agent: NonNullable<Deployment["agent"]>): AgentReference {
  return agent.version == null ? agent.id : { id: agent.id, version: agent.version };
}

const namedAgent = z.union([z.string(), z.object({ id: z.string() })]);

/** The id of the agent in the inputs, also while its version is unknown. */
export function agentIdIn(inputs: Properties): string | undefined {
  return agentIdOf(namedAgent.safeParse(inputs["agent"]).data);
}

const namedAlone = z.union([
  z.string(),
  z.object({ id: z.string(), version: z.null().optional() }).transform(({ id }) => id),
]);

/** The id of an agent that a program names without a version, so that the deployment keeps the version that it runs. */
export function idAlone(agent: unknown): string | undefined {
  return namedAlone.safeParse(agent).data;
}

export function agentIdOf(agent: AgentReference | undefined): string | undefined {
  return agent === undefined ? undefined : idOf(agent);
}

/** What differs if the deployment moves to another version of its agent. Deployments with the same move share the remark. */
export async function movedVersion(
  { version, secretsOf }: Asking,
  { before, after, inputs }: Pick<ProgramChange<{ readonly agent: AgentReference }>, "before" | "after" | "inputs">,
): Promise<PlanRemark[]> {
  const id = agentIdOf(after.agent);
  const [from, to] = [before.agent, after.agent].map((agent) => (agent === undefined ? undefined : versionOf(agent)));
  const isMoved = id !== undefined && id === agentIdOf(before.agent) && from !== to;
  if (!isMoved || from === undefined || to === undefined || containsUnknown(inputs["agent"])) {
    return [];
  }
  const [old, now] = await Promise.all([version(agents, id, from), version(agents, id, to)]);
  if (old.is !== "live" || now.is !== "live") {
    return [];
  }
  const lines = versionDifference(agentKind, old.object, now.object, secretsOf(agents));
  const what = lines.length === 0 ? "the two do not differ" : "the difference follows";
  return [{ ...planInfo("version", `moves from version ${from} to ${to} of agent ${id}; ${what}`), lines }];
}
