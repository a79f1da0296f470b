import type { QoderClient } from "../api/client";
import type { Deployment } from "../api/schema";
import { absent } from "../lifecycle/gone";
import type { LeftOut } from "./takeover";

/** Which deployments to take over. */
export type Selection =
  | { readonly kind: "ids"; readonly ids: readonly string[] }
  | { readonly kind: "agent"; readonly agent: string }
  | { readonly kind: "all" };

export interface Selected {
  readonly live: readonly Deployment[];
  readonly leftOut: readonly LeftOut[];
}

/** Reads what is selected, the oldest first or in the order of the ids. `progress` gets the number of deployments read. */
export async function select(
  client: QoderClient,
  selection: Selection,
  progress: (count: number) => void,
): Promise<Selected> {
  return selection.kind === "ids"
    ? byId(client, [...new Set(selection.ids)], progress)
    : listed(client, selection.kind === "agent" ? selection.agent : undefined, progress);
}

async function byId(client: QoderClient, ids: readonly string[], progress: (count: number) => void): Promise<Selected> {
  const found: Deployment[] = [];
  const missing: LeftOut[] = [];
  for (const id of ids) {
    const deployment = await client.getDeployment(id).catch(absent);
    if (deployment === undefined) {
      missing.push({
        id,
        reasons: ["this token sees no such deployment; check the id, the account and the workspace"],
      });
    } else {
      found.push(deployment);
    }
    progress(found.length + missing.length);
  }
  const { live, leftOut } = withoutArchived(found);
  return { live, leftOut: [...missing, ...leftOut] };
}

async function listed(
  client: QoderClient,
  agent: string | undefined,
  progress: (count: number) => void,
): Promise<Selected> {
  const found: Deployment[] = [];
  for await (const deployment of client.listDeployments(agent === undefined ? {} : { agent_id: agent })) {
    found.push(deployment);
    progress(found.length);
  }
  // "List deployments": newest first. The other way round a new deployment renames no earlier one.
  return withoutArchived(found.reverse());
}

function withoutArchived(deployments: readonly Deployment[]): Selected {
  const isLive = ({ archived_at: archivedAt }: Deployment) => archivedAt == null;
  return {
    live: deployments.filter(isLive),
    leftOut: deployments
      .filter((deployment) => !isLive(deployment))
      .map(({ id, name, archived_at: at }) => ({ id, name, reasons: [`archived at ${at}, which is for ever`] })),
  };
}
