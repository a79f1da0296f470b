import { livePause } from "../../deployment/paused";
import { type ReadDeployment, readDeployments } from "../deployments";
import type { Unknown } from "../scope";
import type { CommandAccount } from "./account";
import { contentOf } from "./content";
import { idleSessions, type OpenSession, workingSessions } from "./open-sessions";
import type { PausedEntry, ReceiptContent } from "./receipt";

const dayMs = 24 * 60 * 60_000;
/** Sessions that wait for somebody longer than that are taken for forgotten, and cost nothing. */
const longestWaitMs = 7 * dayMs;
/** A run that works for days before it waits is none that anybody knows of. */
const longestWorkMs = 7 * dayMs;

/** What is to be done in one account. */
export interface AccountPlan {
  readonly account: CommandAccount;
  /** All that are selected and can be paused, or are paused. */
  readonly deployments: readonly PausedEntry[];
  readonly sessions: readonly OpenSession[];
  /** Sessions that work and that no deployment started: nothing here touches them. */
  readonly strangers: readonly OpenSession[];
  readonly unread: readonly Unknown[];
  readonly cutOff: string | undefined;
}

/** Looks what there is to do. `earlier` is what the same command did before it was interrupted. */
export async function planned(
  account: CommandAccount,
  cancel: boolean,
  earlier: ReceiptContent | undefined,
  now: number,
): Promise<AccountPlan> {
  const { client, scope } = account;
  const { read, unread, cutOff } = await readDeployments(client, scope.selection);
  const { baseUrl, workspaceId } = scope.account;
  const known = new Map(earlier?.deployments.map((entry) => [entry.id, entry]));
  const answers = read.map((deployment) =>
    entryOf(deployment, { baseUrl, workspaceId: workspaceId ?? null }, known.get(deployment.id)),
  );
  const deployments = answers.filter((answer) => "state" in answer);
  const refused = answers.filter((answer) => "reason" in answer);
  const ids = new Set(deployments.map(({ id }) => id));
  const working = cancel ? await workingSessions(client) : [];
  const since = now - longestWaitMs;
  const idle = cancel ? await idleSessions(client, (id) => ids.has(id), since, since - longestWorkMs) : [];
  return {
    account,
    deployments,
    sessions: [...working, ...idle].filter(({ deploymentId }) => deploymentId !== undefined && ids.has(deploymentId)),
    strangers: working.filter(({ deploymentId }) => deploymentId === undefined),
    unread: [...unread, ...refused],
    cutOff,
  };
}

/** What the receipt says of the deployment before anything is sent. */
function entryOf(
  deployment: ReadDeployment,
  place: Pick<PausedEntry, "baseUrl" | "workspaceId">,
  earlier: PausedEntry | undefined,
): PausedEntry | Unknown {
  const { id, name, status, archived_at: archivedAt, reply } = deployment;
  const blank = { id, name: name ?? null, ...place, updatedAt: null, content: contentOf(reply), problem: null };
  if (archivedAt != null) {
    return { id, name, reason: "it is archived, and never runs again" };
  }
  if (status === "active") {
    return { ...blank, state: "to pause" };
  }
  if (status !== "paused") {
    return { id, name, reason: `its status is ${status ?? "not told"}` };
  }
  // What the earlier command paused, or may have paused, is for `resume`; what was paused before that one is not.
  if (earlier?.state === "paused" || earlier?.state === "paused before") {
    return earlier;
  }
  return earlier?.state === "pausing" && livePause(deployment) === "by hand"
    ? pausedEntry(earlier, deployment)
    : { ...blank, state: "paused before" };
}

/** Once the deployment is paused. */
export function pausedEntry(entry: PausedEntry, { reply, updated_at: updatedAt }: ReadDeployment): PausedEntry {
  return { ...entry, state: "paused", updatedAt: updatedAt ?? null, content: contentOf(reply), problem: null };
}
