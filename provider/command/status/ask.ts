import type { QoderClient } from "../../api/client";
import { QoderApiError, QoderConnectionError, QoderError } from "../../api/errors";
import { QoderListError, tooLargeReason } from "../../api/object-list";
import { deploymentKind } from "../../deployment/kind";
import { failureText } from "../failure";
import type { Selection } from "../selection";
import { type Watched, watched } from "./watched";

/** A deployment of which the service did not tell, and why. */
export interface Unknown {
  readonly id: string;
  readonly name?: string | undefined;
  readonly reason: string;
}

export interface Asked {
  readonly known: readonly Watched[];
  readonly unknown: readonly Unknown[];
  /** Why the list could not be read to its end. */
  readonly cutOff?: string | undefined;
  /** What ended the questions, and how many deployments were not asked about any more. */
  readonly stopped?: { readonly error: unknown; readonly left: number } | undefined;
}

/** What is to be asked about; a list has read the deployment already. */
interface Target {
  readonly id: string;
  readonly name?: string | undefined;
  readonly reply?: unknown;
}

/** As many as there are connections; how many requests start in a second, the client decides. */
const atOnce = 16;

/** Asks about what is selected, in the order of the ids or the newest first. `progress` gets how many of how many are done. */
export async function ask(
  client: QoderClient,
  selection: Selection,
  progress: (done: number, all: number) => void,
): Promise<Asked> {
  if (selection.by === "ids") {
    return askAll(
      client,
      [...new Set(selection.ids)].map((id) => ({ id })),
      progress,
    );
  }
  const targets: Target[] = [];
  try {
    const filter = selection.by === "agent" ? { agent_id: selection.agent } : {};
    for await (const entry of client.list(deploymentKind, filter)) {
      if (entry.archived_at == null) {
        targets.push({ id: entry.id, name: entry.name, reply: entry });
      }
    }
  } catch (error) {
    if (!(error instanceof QoderListError)) {
      throw error;
    }
    const { unknown, ...asked } = await askAll(client, targets, progress);
    const hidden = error.tooLarge.map((id) => ({ id, reason: tooLargeReason }));
    return { ...asked, unknown: [...unknown, ...hidden], cutOff: error.cutOff };
  }
  return askAll(client, targets, progress);
}

async function askAll(
  client: QoderClient,
  targets: readonly Target[],
  progress: (done: number, all: number) => void,
): Promise<Asked> {
  const answers: (Watched | Unknown)[] = [];
  let stop: { readonly error: unknown } | undefined;
  let done = 0;
  const queue = targets.entries();
  const worker = async () => {
    for (const [index, target] of queue) {
      if (stop !== undefined) {
        return;
      }
      try {
        answers[index] = await answerTo(client, target);
        done += 1;
        progress(done, targets.length);
      } catch (error) {
        stop ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  const given = answers.filter((answer) => answer !== undefined);
  return {
    known: given.filter((answer) => "lastFailure" in answer),
    unknown: given.filter((answer) => "reason" in answer),
    ...(stop === undefined ? {} : { stopped: { ...stop, left: targets.length - given.length } }),
  };
}

/** Throws what would meet every other deployment too. */
async function answerTo(client: QoderClient, { id, name, reply }: Target): Promise<Watched | Unknown> {
  try {
    return await watched(client, id, reply ?? (await read(client, id)));
  } catch (error) {
    const meetsAll = error instanceof QoderConnectionError || (error instanceof QoderApiError && error.status === 401);
    if (meetsAll || !(error instanceof QoderError)) {
      throw error;
    }
    return { id, name, reason: failureText(error) };
  }
}

async function read(client: QoderClient, id: string): Promise<unknown> {
  const path = [deploymentKind.collection, id];
  try {
    return (await client.send({ method: "GET", path, repeat: "safe" })).body;
  } catch (error) {
    throw error instanceof QoderApiError && error.isNotFound
      ? new QoderError("this token sees no such deployment; check the id, the account and the workspace")
      : error;
  }
}
