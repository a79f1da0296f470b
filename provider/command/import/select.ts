import type { QoderClient } from "../../api/client";
import { QoderReplyError } from "../../api/errors";
import { QoderListError, tooLargeReason } from "../../api/object-list";
import { shapeProblem } from "../../api/schema";
import { deploymentKind } from "../../deployment/kind";
import { type Deployment, deploymentSchema } from "../../deployment/reply";
import { Objects } from "../../resource/objects";
import type { LeftOut } from "./takeover";

/** Which deployments to take over. */
export type Selection =
  | { readonly kind: "ids"; readonly ids: readonly string[] }
  | { readonly kind: "agent"; readonly agent: string }
  | { readonly kind: "all" };

export interface Selected {
  readonly live: readonly Deployment[];
  readonly leftOut: readonly LeftOut[];
  /** Why the list could not be read to its end. */
  readonly cutOff?: string | undefined;
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
  const read: Selected[] = [];
  for (const id of ids) {
    read.push(await one(client, id));
    progress(read.length);
  }
  return joined(read);
}

async function one(client: QoderClient, id: string): Promise<Selected> {
  try {
    const deployment = await new Objects(client, deploymentKind).find(id);
    return deployment === undefined
      ? leftOut({ id }, "this token sees no such deployment; check the id, the account and the workspace")
      : sorted(deployment);
  } catch (error) {
    if (error instanceof QoderReplyError) {
      return leftOut({ id }, error.message);
    }
    throw error;
  }
}

async function listed(
  client: QoderClient,
  agent: string | undefined,
  progress: (count: number) => void,
): Promise<Selected> {
  const read: Selected[] = [];
  try {
    for await (const entry of client.list(deploymentKind, agent === undefined ? {} : { agent_id: agent })) {
      if (entry.archived_at != null) {
        // Nobody asked for it by its id, and it is nothing that could be managed.
        continue;
      }
      const deployment = deploymentSchema.safeParse(entry);
      read.push(deployment.success ? sorted(deployment.data) : leftOut(entry, shapeProblem(deployment.error)));
      progress(read.length);
    }
  } catch (error) {
    if (!(error instanceof QoderListError)) {
      throw error;
    }
    const hidden = error.tooLarge.map((id) => leftOut({ id }, tooLargeReason));
    return { ...joined([...read.reverse(), ...hidden]), cutOff: error.cutOff };
  }
  // "List deployments": newest first. The other way round a new deployment renames no earlier one.
  return joined(read.reverse());
}

function sorted(deployment: Deployment): Selected {
  const { archived_at: archivedAt } = deployment;
  return archivedAt == null
    ? { live: [deployment], leftOut: [] }
    : leftOut(deployment, `archived at ${archivedAt}, which is for ever`);
}

function leftOut({ id, name }: Pick<Deployment, "id" | "name">, reason: string): Selected {
  return { live: [], leftOut: [{ id, name, reasons: [reason] }] };
}

function joined(parts: readonly Selected[]): Selected {
  return { live: parts.flatMap(({ live }) => live), leftOut: parts.flatMap((part) => part.leftOut) };
}
