import { z } from "zod";
import type { QoderClient } from "../api/client";
import { mayHaveActed, QoderApiError, QoderConnectionError, QoderError, QoderTokenError } from "../api/errors";
import { QoderListError } from "../api/object-list";
import { type Listed, shapeProblem } from "../api/schema";
import { deploymentKind } from "../deployment/kind";
import { livePause } from "../deployment/paused";
import { deploymentSchema } from "../deployment/reply";
import { type CommandClient, eachOf } from "./client";
import type { Selection } from "./command-line";
import type { Unknown } from "./scope";
import { failureText, goOnAgain } from "./words";

// Only these members: an unknown form of another member must not make the deployment unreadable.
const { id, name, status, paused_reason, archived_at, updated_at } = deploymentSchema.shape;
const readSchema = z.object({
  id,
  name: name.catch(undefined),
  status,
  paused_reason,
  archived_at,
  updated_at: updated_at.catch(undefined),
});
export interface ReadDeployment extends z.infer<typeof readSchema> {
  /** The whole reply. */
  readonly reply: unknown;
}

/** The deployments that a command cannot read. */
export interface Gaps {
  readonly unread: Unknown[];
  /** The reason for which the list could not be read completely. */
  cutOff: string | undefined;
}

interface ReadDeployments extends Readonly<Gaps> {
  readonly read: readonly ReadDeployment[];
}

/** The sessions of an account, for lists of them. */
export const sessionKind = { noun: "session", collection: "sessions", idPrefix: "sess_" };

/** The sum of credits. The service shows two decimals ("Usage"), which a sum of binary numbers would not keep. */
export function creditSum(credits: readonly number[]): number {
  return Math.round(credits.reduce((sum, one) => sum + one, 0) * 100) / 100;
}

/** Reads the selected deployments: by id in the given order, each once, or the live ones of a list, newest first. */
export async function readDeployments(client: CommandClient, selection: Selection): Promise<ReadDeployments> {
  const gaps: Gaps = { unread: [], cutOff: undefined };
  const answers =
    selection.by === "ids"
      ? await eachOf(new Set(selection.ids), (id) => readDeployment(client.forObject(), id))
      : await eachOf(readableDeployments(client, selection, gaps), async (entry) => parsed(entry.id, entry));
  return {
    read: answers.filter((answer) => "reply" in answer),
    unread: [...answers.filter((answer) => "reason" in answer), ...gaps.unread],
    cutOff: gaps.cutOff,
  };
}

/** The live deployments of a list, newest first. `gaps` receives those that the list did not show. */
export async function* listedDeployments(
  client: CommandClient,
  selection: Exclude<Selection, { readonly by: "ids" }>,
  gaps: Gaps,
): AsyncGenerator<Listed> {
  const filter = selection.by === "agent" ? { agent_id: selection.agent } : {};
  try {
    yield* client.forList().live(deploymentKind, filter);
  } catch (error) {
    if (!(error instanceof QoderListError)) {
      throw error;
    }
    gaps.unread.push(...error.withheld);
    gaps.cutOff = error.cutOff;
  }
}

/**
 * The deployments of a list as far as it can be read: a later page that fails must not keep the deployments before it running.
 * Throws if no deployment was read before.
 */
async function* readableDeployments(
  client: CommandClient,
  selection: Exclude<Selection, { readonly by: "ids" }>,
  gaps: Gaps,
): AsyncGenerator<Listed> {
  let last: string | undefined;
  try {
    for await (const entry of listedDeployments(client, selection, gaps)) {
      last = entry.id;
      yield entry;
    }
  } catch (error) {
    if (last === undefined || !(error instanceof QoderError)) {
      throw error;
    }
    gaps.cutOff = `the list ends after ${last}, because ${error.message}`;
  }
}

/** Reads one deployment. Throws errors that would also occur for every other deployment. */
export async function readDeployment(client: QoderClient, id: string): Promise<ReadDeployment | Unknown> {
  try {
    const { collection } = deploymentKind;
    const { body } = await client.send({ method: "GET", path: [collection, id], repeat: "safe" });
    return parsed(id, body);
  } catch (error) {
    if (meetsAll(error)) {
      throw error;
    }
    const isUnseen = error instanceof QoderApiError && error.isNotFound;
    return { id, reason: failureText(error), ...(isUnseen ? { isUnseen } : {}) };
  }
}

/** Whether the error would also occur for every other deployment. */
export function meetsAll(error: unknown): boolean {
  return (
    error instanceof QoderConnectionError ||
    error instanceof QoderTokenError ||
    (error instanceof QoderApiError && error.status === 401) ||
    !(error instanceof QoderError)
  );
}

/** The deployment in this reply. */
function parsed(id: string, reply: unknown): ReadDeployment | Unknown {
  const read = readSchema.safeParse(reply);
  if (!read.success) {
    return { id, reason: shapeProblem(read.error) };
  }
  return read.data.id === id
    ? { ...read.data, reply }
    : { id, reason: `the service answered with another deployment, ${read.data.id}` };
}

/** The reason for which a deployment neither runs nor is paused; undefined for one that is active or paused. */
export function outOfUse({ status, archived_at: archivedAt }: ReadDeployment): string | undefined {
  if (archivedAt != null) {
    return "it is archived, and never runs again";
  }
  return status === "active" || status === "paused" ? undefined : `its status is ${status ?? "unknown"}`;
}

/** The result of a request to pause or to start a deployment. */
export type Changed = {
  /** The end of the request, by the clock of the service, in milliseconds since the epoch. */
  readonly endedAt: number;
  /** Whether the service did it, or may have done it without an answer, or may do it yet. */
  readonly does: "did" | "may have" | "did not";
} & ({ readonly deployment: ReadDeployment } | { readonly problem: string });

const statusAfter = { pause: "paused", unpause: "active" } as const;

/**
 * Sends the request. If it is refused or its answer is lost, reads the status of the deployment. Throws errors that would
 * also occur for every other deployment.
 */
export async function changeStatus(
  client: QoderClient,
  id: string,
  action: keyof typeof statusAfter,
): Promise<Changed> {
  const path = [deploymentKind.collection, id, action];
  let failure: unknown;
  const ended = () =>
    ({
      endedAt: client.serviceNow() ?? client.now(),
      does: failure === undefined ? "did" : mayHaveActed(failure) ? "may have" : "did not",
    }) as const;
  try {
    // The request can be repeated, because the service refuses the second one (409, "Pause a deployment").
    const answer = parsed(id, (await client.send({ method: "POST", path, repeat: "safe" })).body);
    if (!("reason" in answer) && isSo(answer, action)) {
      return { ...ended(), deployment: answer };
    }
  } catch (error) {
    failure = error;
    const isConflict = error instanceof QoderApiError && error.status === 409;
    if (!isConflict && !mayHaveActed(error)) {
      return { ...ended(), problem: failureText(error, goOnAgain) };
    }
  }
  const end = ended();
  const now = await readDeployment(client, id);
  if ("reason" in now) {
    return { ...end, problem: now.reason };
  }
  if (!isSo(now, action)) {
    const problem =
      failure === undefined
        ? `it shows the status ${now.status ?? "nothing"} afterwards`
        : failureText(failure, goOnAgain);
    return { ...end, problem };
  }
  return { ...end, deployment: now };
}

function isSo(deployment: ReadDeployment, action: keyof typeof statusAfter): boolean {
  const { status, archived_at: archivedAt } = deployment;
  const isStatus = archivedAt == null && status === statusAfter[action];
  return isStatus && (action === "unpause" || livePause(deployment) === "by hand");
}
