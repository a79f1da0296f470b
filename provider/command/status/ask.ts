import type { QoderClient } from "../../api/client";
import { QoderApiError, QoderError } from "../../api/errors";
import { deploymentKind } from "../../deployment/kind";
import { type CommandClient, eachOf } from "../client";
import type { Selection } from "../command-line";
import { type Gaps, listedDeployments, meetsAll } from "../deployments";
import type { CommandAccount, Unknown } from "../scope";
import { failureText } from "../words";
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
  { client, scope: { selection } }: CommandAccount,
  questions: RunQuestions,
  progress: () => void,
): Promise<Asked> {
  const needed = new NeededObjects(client);
  const gaps: Gaps = { unread: [], cutOff: undefined };
  const answers: (Watched | Unknown)[] = [];
  let stop: { readonly error: unknown } | undefined;
  try {
    await eachOf(targetsOf(client, selection, gaps), async (target, place) => {
      answers[place] = await answerTo(client, target, needed, questions);
      progress();
    });
  } catch (error) {
    stop = { error };
  }
  const given = answers.filter((answer) => answer !== undefined);
  const left = selection.by === "ids" ? new Set(selection.ids).size - given.length : undefined;
  return {
    known: given.filter((answer) => "lastFailure" in answer),
    unknown: [...given.filter((answer) => "reason" in answer), ...gaps.unread],
    cutOffs: gaps.cutOff === undefined ? [] : [gaps.cutOff],
    stops: stop === undefined ? [] : [{ ...stop, left }],
  };
}

async function* targetsOf(client: CommandClient, selection: Selection, gaps: Gaps): AsyncGenerator<Target> {
  if (selection.by === "ids") {
    yield* [...new Set(selection.ids)].map((id) => ({ id }));
    return;
  }
  for await (const entry of listedDeployments(client, selection, gaps)) {
    yield { id: entry.id, name: entry.name, reply: entry };
  }
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
