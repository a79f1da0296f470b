import { createHash } from "node:crypto";
import type { QoderClient } from "../../provider/api/client";
import { QoderError } from "../../provider/api/errors";
import { deploymentKind } from "../../provider/deployment/kind";
import { commandPausedKey, ownMarks } from "../../provider/deployment/paused";
import { canonical } from "../../provider/resource/idempotency";
import { isObject, without } from "../../provider/resource/program-values";
import { updateRequest } from "../../provider/resource/requests";
import { requestMs } from "../client";
import { changeStatus, type ReadDeployment } from "../deployments";
import { failureText, goOnAgain } from "../words";

/** What the mark of a pause says, in the metadata of the deployment: `2026-11-30T08:00:00.000Z 3f2a90c1d4e5b678`. */
export interface Mark {
  /** The time right before the pause by the service's clock, in milliseconds since the epoch. */
  readonly at: number;
  /** The last moment at which the pause of the mark can have changed the deployment. */
  readonly until: number;
  /** The digest of the declared content. */
  readonly content: string;
}

/** `updated_at` has whole seconds, and so has the header `Date`. */
export const resolutionMs = 2_000;
/** The pause follows its mark at once. A mark for a slower service says its seconds as a third word. */
const quickMs = 10_000;

export function markOf({ metadata }: Pick<ReadDeployment, "metadata">): Mark | undefined {
  const text = metadata?.[commandPausedKey];
  const [time = "", content = "", seconds] = typeof text === "string" ? text.split(" ") : [];
  const at = Date.parse(time);
  const until = at + (seconds === undefined ? quickMs : Number(seconds) * 1_000) + resolutionMs;
  return Number.isNaN(until) || content === "" ? undefined : { at, until, content };
}

/** True if nobody has changed the deployment after the pause of its mark. */
export function isAsMarked({ until }: Mark, { updated_at: updated }: ReadDeployment): boolean {
  return Date.parse(updated ?? "") <= until;
}

/** "Conventions: schemas". Objects, which are settings of the server, do not count. */
const mostLabels = 16;

/** False if the labels of the deployment leave no room for the mark. */
export function hasRoom({ metadata }: ReadDeployment): boolean {
  const labels = Object.entries(metadata ?? {}).filter(
    ([key, value]) => key !== commandPausedKey && typeof value === "string",
  );
  return labels.length < mostLabels;
}

export function noRoomText(id: string): string {
  return `its labels leave no room for the mark of a pause; \`npx pulumi-qoder resume ${id}\` starts it`;
}

/** The result of a pause. `unmarked`: the reason for which `resume` does not know the pause. */
export type Paused = { readonly unmarked: string | undefined } | { readonly problem: string };

/** Marks the deployment and pauses it, so that an interrupted command leaves no pause that nobody knows. */
export async function pauseWithMark(client: QoderClient, now: ReadDeployment): Promise<Paused> {
  const unmarked = await mark(client, now);
  const changed = await changeStatus(client, now.id, "pause");
  if ("problem" in changed) {
    return changed;
  }
  const { deployment, isOwn } = changed;
  const held = markOf(deployment);
  const isShown = deployment.metadata === undefined ? unmarked === undefined : held !== undefined;
  if (isShown && (held === undefined || deployment.updated_at === undefined || isAsMarked(held, deployment))) {
    return { unmarked: undefined };
  }
  // The mark was lost, or a slow service paused the deployment later than the mark says.
  return { unmarked: isOwn ? await mark(client, deployment, requestMs) : "somebody else has paused it" };
}

/** Returns the reason if the service did not take the mark: that must not keep the deployment running. */
async function mark(client: QoderClient, now: ReadDeployment, withinMs = quickMs): Promise<string | undefined> {
  if (!hasRoom(now)) {
    return noRoomText(now.id);
  }
  const at = new Date(client.serviceNow() ?? client.now()).toISOString();
  const words = [at, contentOf(now.reply), ...(withinMs === quickMs ? [] : [withinMs / 1_000])];
  return refusal(client, now.id, words.join(" "));
}

/** Takes the mark away, and returns the reason if the service did not do it. */
export async function unmark(client: QoderClient, id: string): Promise<string | undefined> {
  return refusal(client, id, null);
}

async function refusal(client: QoderClient, id: string, value: string | null): Promise<string | undefined> {
  try {
    await client.send(updateRequest(deploymentKind, id, { metadata: { [commandPausedKey]: value } }));
    return undefined;
  } catch (error) {
    if (error instanceof QoderError) {
      return failureText(error, goOnAgain);
    }
    throw error;
  }
}

/** The members that the service sets by itself, or that a pause or this package changes. */
const passing = {
  deployment: ["status", "paused_reason", "updated_at"],
  schedule: ["upcoming_runs_at", "last_run_at"],
  // `metadata.cas_config.stats` counts runs ("Create a deployment", June 2026).
  metadata: ["cas_config", ...ownMarks],
} as const;

/** A digest of the declared content of a deployment. */
export function contentOf(reply: unknown): string {
  const deployment = isObject(reply) ? without(reply, passing.deployment) : {};
  const { schedule, metadata } = deployment;
  const lasting = {
    ...deployment,
    schedule: isObject(schedule) ? without(schedule, passing.schedule) : schedule,
    metadata: without(isObject(metadata) ? metadata : {}, passing.metadata),
  };
  return createHash("sha256").update(canonical(lasting)).digest("hex").slice(0, 16);
}
