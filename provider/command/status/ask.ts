import type { QoderClient } from "../../api/client";
import { QoderApiError, QoderError } from "../../api/errors";
import { QoderListError, tooLargeReason } from "../../api/object-list";
import { deploymentKind } from "../../deployment/kind";
import { atOnce } from "../at-once";
import type { CommandClient } from "../client";
import type { Selection } from "../command-line";
import { meetsAll } from "../deployments";
import type { Unknown } from "../scope";
import { failureText } from "../terminal";
import { NeededObjects, type RunQuestions, type Watched, watched } from "./watched";

export interface Asked {
  readonly known: readonly Watched[];
  readonly unknown: readonly Unknown[];
  /** The reasons for which lists could not be read completely. */
  readonly cutOffs: readonly string[];
  /**
   * The errors that ended the requests, and the number of deployments that were not read; undefined if only the unread list
   * knows it.
   */
  readonly stops: readonly { readonly error: unknown; readonly left: number | undefined }[];
}

/** A deployment to read; its reply, if a list has already read it. */
interface Target {
  readonly id: string;
  readonly name?: string | undefined;
  readonly reply?: unknown;
}

/**
 * Reads the selected deployments, in the order of the ids or the newest first, while the list is still being read. `progress`
 * is called for each answer.
 */
export async function ask(
  client: CommandClient,
  selection: Selection,
  questions: RunQuestions,
  progress: () => void,
): Promise<Asked> {
  const targets = targetsOf(client, selection);
  const needed = new NeededObjects(client);
  const answers: (Watched | Unknown)[] = [];
  let taken = 0;
  let stop: { readonly error: unknown } | undefined;
  let listError: QoderListError | undefined;
  const worker = async () => {
    for await (const target of shared(targets)) {
      if (stop !== undefined) {
        return;
      }
      const place = taken;
      taken += 1;
      answers[place] = await answerTo(client, target, needed, questions);
      progress();
    }
  };
  const ended = (error: unknown) => {
    if (error instanceof QoderListError) {
      listError = error;
    } else {
      stop ??= { error };
    }
  };
  await Promise.all(Array.from({ length: atOnce }, () => worker().catch(ended)));
  const given = answers.filter((answer) => answer !== undefined);
  const left = selection.by === "ids" ? new Set(selection.ids).size - given.length : undefined;
  return {
    known: given.filter((answer) => "lastFailure" in answer),
    unknown: [...given.filter((answer) => "reason" in answer), ...hiddenIn(listError)],
    cutOffs: listError?.cutOff === undefined ? [] : [listError.cutOff],
    stops: stop === undefined ? [] : [{ ...stop, left }],
  };
}

async function* targetsOf(client: CommandClient, selection: Selection): AsyncGenerator<Target> {
  if (selection.by === "ids") {
    yield* [...new Set(selection.ids)].map((id) => ({ id }));
    return;
  }
  const filter = selection.by === "agent" ? { agent_id: selection.agent } : {};
  for await (const entry of client.forList().live(deploymentKind, filter)) {
    yield { id: entry.id, name: entry.name, reply: entry };
  }
}

/** The generator for one of several readers: a reader that stops does not end the generator for the others. */
function shared<Item>(items: AsyncGenerator<Item>): AsyncIterable<Item> {
  return { [Symbol.asyncIterator]: () => ({ next: () => items.next() }) };
}

function hiddenIn(error: QoderListError | undefined): Unknown[] {
  return (error?.tooLarge ?? []).map((id) => ({ id, reason: tooLargeReason }));
}

/** Reads one deployment and its runs. Throws errors that would also occur for every other deployment. */
async function answerTo(
  client: CommandClient,
  { id, name, reply }: Target,
  needed: NeededObjects,
  questions: RunQuestions,
): Promise<Watched | Unknown> {
  try {
    return await watched(client, id, reply ?? (await read(client.forObject(), id)), needed, questions);
  } catch (error) {
    if (meetsAll(error)) {
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
