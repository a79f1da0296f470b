import { z } from "zod";
import type { QoderClient } from "../api/client";
import { QoderApiError, QoderConnectionError, QoderError, QoderTokenError } from "../api/errors";
import { QoderListError, tooLargeReason } from "../api/object-list";
import { shapeProblem } from "../api/schema";
import { deploymentKind } from "../deployment/kind";
import { deploymentSchema } from "../deployment/reply";
import { eachOf } from "./at-once";
import type { CommandClient } from "./client";
import type { Selection } from "./command-line";
import type { Unknown } from "./scope";
import { failureText } from "./terminal";

// Only these members: an unknown form of another member must not make the deployment unreadable.
const { id, name, status, paused_reason, archived_at, updated_at, schedule, budget } = deploymentSchema.shape;
const readSchema = z.object({
  id,
  name,
  status,
  paused_reason,
  archived_at,
  updated_at,
  schedule,
  budget: budget.catch(undefined),
});
export interface ReadDeployment extends z.infer<typeof readSchema> {
  /** The whole reply. */
  readonly reply: unknown;
}

export interface ReadDeployments {
  readonly read: readonly ReadDeployment[];
  readonly unread: readonly Unknown[];
  /** The reason for which the list could not be read completely. */
  readonly cutOff: string | undefined;
}

/** Reads the selected deployments: by id in the given order, each once, or the live ones of a list, newest first. */
export async function readDeployments(client: CommandClient, selection: Selection): Promise<ReadDeployments> {
  return selection.by === "ids"
    ? byIds(client, [...new Set(selection.ids)])
    : listed(client, selection.by === "agent" ? { agent_id: selection.agent } : {});
}

async function byIds(client: CommandClient, ids: readonly string[]): Promise<ReadDeployments> {
  const answers = new Map<string, ReadDeployment | Unknown>();
  await eachOf(ids, async (id) => {
    answers.set(id, await readDeployment(client.forObject(), id));
  });
  return sorted(
    ids.flatMap((id) => answers.get(id) ?? []),
    undefined,
  );
}

async function listed(client: CommandClient, filter: Readonly<Record<string, string>>): Promise<ReadDeployments> {
  const answers: (ReadDeployment | Unknown)[] = [];
  try {
    for await (const entry of client.forList().live(deploymentKind, filter)) {
      answers.push(parsed(entry.id, entry));
    }
  } catch (error) {
    if (!(error instanceof QoderListError)) {
      throw error;
    }
    const hidden = error.tooLarge.map((id) => ({ id, reason: tooLargeReason }));
    return sorted([...answers, ...hidden], error.cutOff);
  }
  return sorted(answers, undefined);
}

function sorted(answers: readonly (ReadDeployment | Unknown)[], cutOff: string | undefined): ReadDeployments {
  return {
    read: answers.filter((answer): answer is ReadDeployment => !isUnknown(answer)),
    unread: answers.filter(isUnknown),
    cutOff,
  };
}

function isUnknown(answer: ReadDeployment | Unknown): answer is Unknown {
  return "reason" in answer;
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
    return { id, reason: failureText(error) };
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
export function parsed(id: string, reply: unknown): ReadDeployment | Unknown {
  const read = readSchema.safeParse(reply);
  if (!read.success) {
    return { id, reason: shapeProblem(read.error) };
  }
  return read.data.id === id
    ? { ...read.data, reply }
    : { id, reason: `the service answered with another deployment, ${read.data.id}` };
}
