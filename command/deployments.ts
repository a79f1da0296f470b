import { z } from "zod";
import type { QoderClient } from "../provider/api/client";
import {
  isNotFound,
  QoderApiError,
  QoderConnectionError,
  QoderError,
  QoderReplyError,
  QoderTokenError,
} from "../provider/api/errors";
import { type Listed, shapeProblem } from "../provider/api/schema";
import { type ApiRequest, requestLabel } from "../provider/api/transport";
import { livePause } from "../provider/deployment/paused";
import { deploymentSchema } from "../provider/deployment/reply";
import { deployments } from "../provider/kinds/table";
import { suggestion } from "../provider/resource/check/suggestion";
import { settle } from "../provider/resource/write/settle";
import { type Schedule, scheduleProblem } from "../provider/schedule/schedule";
import { type CommandClient, eachOf } from "./client";
import { failedText, Misuse } from "./command";
import type { CommandAccount, UnreadObject } from "./scope";
import { type DeploymentSelection, nothingText, type Selection } from "./selection";
import { failureText, goOnAgain, printable, problemOf, shown } from "./words";

// Only these members: an unknown form of another member must not make the deployment unreadable.
const { id, name, status, paused_reason, archived_at, created_at, updated_at, agent, environment_id } =
  deploymentSchema.shape;
const scheduleText = z.string().optional().catch(undefined);
const readSchema = z.object({
  id,
  name: name.catch(undefined),
  status,
  paused_reason,
  archived_at,
  created_at: created_at.optional().catch(undefined),
  updated_at: updated_at.optional().catch(undefined),
  schedule: z
    .looseObject({
      type: scheduleText,
      expression: scheduleText,
      timezone: scheduleText,
      upcoming_runs_at: z.array(z.string()).nullish().catch(undefined),
    })
    .nullish(),
  agent: agent.catch(undefined),
  environment_id: environment_id.catch(undefined),
  metadata: z.record(z.string(), z.unknown()).nullish().catch(undefined),
});
export interface ReadDeployment extends z.infer<typeof readSchema> {
  /** The whole reply. */
  readonly reply: unknown;
}

/** What a command knows of the selected deployments of an account. */
export interface Fleet<Item> {
  readonly read: readonly Item[];
  readonly unread: readonly UnreadObject[];
  /**
   * The error that ended the requests, and the number of deployments that were not read after it; undefined if only the unread
   * list knows it.
   */
  readonly stop: { readonly error: unknown; readonly left: number | undefined } | undefined;
}

/**
 * Reads the selected deployments, each once: those of ids in the given order, then the live ones of a list, newest first. Does
 * `work` with each while the list is still being read, and calls `progress` after each.
 */
export async function readEach<Item extends object>(
  { client, scope: { selection } }: CommandAccount,
  work: (deployment: ReadDeployment) => Promise<Item>,
  progress: () => void = () => {},
): Promise<Fleet<Item>> {
  const { labels = [] } = selection;
  const hidden: UnreadObject[] = [];
  const answers: ({ readonly item: Item } | UnreadObject | undefined)[] = [];
  let handled = 0;
  const answerTo = async (target: Target): Promise<{ readonly item: Item } | UnreadObject | undefined> => {
    try {
      const { id, entry } = target;
      const listed = entry && replyOf(id, entry);
      // Not every list shows the metadata, which has the labels.
      const isShown = listed && ("reason" in listed || labels.length === 0 || listed.metadata !== undefined);
      const answer = isShown ? listed : await readDeployment(client.forObject(), id);
      if ("reason" in answer) {
        return answer;
      }
      return hasLabels(answer, labels) ? { item: await work(answer) } : undefined;
    } catch (error) {
      if (meetsAll(error)) {
        throw error;
      }
      return { id: target.id, name: target.name, reason: failureText(error) };
    }
  };
  let stop: { readonly error: unknown } | undefined;
  try {
    await eachOf(targetsOf(client, selection, hidden), async (target, place) => {
      answers[place] = await answerTo(target);
      handled += 1;
      progress();
    });
    const ids = idsIn(selection);
    for (const { target, place } of await namedLikeIds(client, selection, answers)) {
      answers[place] = ids.includes(target.id) ? undefined : await answerTo(target);
    }
  } catch (error) {
    // Only the time of the service shows that a time on the command line is still to come.
    if (error instanceof Misuse) {
      throw error;
    }
    stop = { error };
  }
  const given = answers.filter((answer) => answer !== undefined);
  return {
    read: given.flatMap((answer) => ("item" in answer ? [answer.item] : [])),
    unread: [...given.filter((answer) => "reason" in answer), ...hidden],
    stop: stop && {
      ...stop,
      left: selection.by === "ids" && !selection.names ? idsIn(selection).length - handled : undefined,
    },
  };
}

/**
 * The live deployments whose names look like ids, for the given ids that no deployment has. Each takes the place of the answer about the
 * id, or a place behind all answers if several deployments have the name.
 */
async function namedLikeIds(
  client: CommandClient,
  selection: Selection,
  answers: readonly (object | undefined)[],
): Promise<{ readonly target: Target; readonly place: number }[]> {
  const ids = idsIn(selection);
  const names = ids.filter((_, place) => Object(answers[place]).reason === unseenId);
  if (names.length === 0 || (selection.by === "ids" && selection.isRecorded)) {
    return [];
  }
  const found: Target[] = [];
  try {
    for await (const target of targetsOf(client, { by: "ids", ids: [], names }, [])) {
      found.push(target);
    }
  } catch (error) {
    // The ids stay unknown, and the other deployments are handled.
    if (meetsAll(error)) {
      throw error;
    }
  }
  return found.map((target, index) => {
    const isFirst = found.findIndex(({ name }) => name === target.name) === index;
    return { target, place: isFirst ? ids.indexOf(target.name ?? "") : answers.length + index };
  });
}

/** What could not be read, in words, and whether nothing was found; empty if everything was read. */
export function complaintsOf(
  fleets: readonly Fleet<object>[],
  unknown: readonly UnreadObject[],
  command: string,
  selection: DeploymentSelection,
): string {
  const isNothing = fleets.every(({ read }) => read.length === 0);
  const rest = (left: number | undefined) =>
    isNothing ? "" : `Not read after that: ${left === undefined ? "the other" : `${left} of the`} deployments\n`;
  const texts = [
    ...[...fleets.flatMap(({ unread }) => unread), ...unknown].map(
      (one) => `Not known: ${shown(one)}\n  ${printable(one.reason)}\n`,
    ),
    ...fleets.flatMap(({ stop = [] }) => stop).map(({ error, left }) => `${failedText(command, error)}${rest(left)}`),
  ];
  return isNothing && texts.length === 0 ? nothingText("report", selection) : texts.join("");
}

/**
 * Reads the selected deployments, for a command that acts on them or shows them as one. A later page of a list that fails must not
 * keep the deployments before it running. Throws if nothing was read before the failure, and for ids alone.
 */
export async function readDeployments(
  account: CommandAccount,
): Promise<Omit<Fleet<ReadDeployment>, "stop"> & { readonly cutOff: string | undefined }> {
  const { stop, ...fleet } = await readEach(account, async (deployment) => deployment);
  if (stop === undefined) {
    return { ...fleet, cutOff: undefined };
  }
  const { by, names } = account.scope.selection;
  if (fleet.read.length === 0 || (by === "ids" && names === undefined) || !(stop.error instanceof QoderError)) {
    throw stop.error;
  }
  return { ...fleet, cutOff: `the list ends early, because ${stop.error.message}` };
}

export function hasLabels(
  { metadata }: ReadDeployment,
  labels: readonly (readonly [key: string, value: unknown])[],
): boolean {
  return labels.every(([key, value]) => metadata != null && Object.hasOwn(metadata, key) && metadata[key] === value);
}

/** A deployment to read; the entry of a list that has already shown it. */
interface Target {
  readonly id: string;
  readonly name?: string | undefined;
  readonly entry?: Listed;
}

const idsIn = (selection: Selection) => (selection.by === "ids" ? [...new Set(selection.ids)] : []);

async function* targetsOf(client: CommandClient, selection: Selection, hidden: UnreadObject[]): AsyncGenerator<Target> {
  const ids = idsIn(selection);
  yield* ids.map((id) => ({ id }));
  const { names } = selection;
  if (selection.by === "ids" && names === undefined) {
    return;
  }
  const missing = new Set(names);
  const seen = new Set<string>();
  let reason = (_: string) => "no deployment that could be read has this name";
  try {
    for await (const entry of listed(client, selection, (one) => hidden.push(one))) {
      seen.add(entry.name ?? "");
      if (names === undefined || (entry.name !== undefined && names.includes(entry.name))) {
        missing.delete(entry.name ?? "");
        yield* ids.includes(entry.id) ? [] : [{ id: entry.id, name: entry.name, entry }];
      }
    }
    reason = (wanted) =>
      `this token sees no live deployment of this name; check the name, the account and the workspace, or write --stack ${wanted} for a stack`;
  } finally {
    const unread = [...missing].map((id) => ({ id, reason: `${reason(id)}${suggestion(id, [...seen])}` }));
    hidden.push(...unread);
  }
}

/** The live deployments of the list, newest first. One unreadable deployment must not keep the others running. */
function listed(
  client: CommandClient,
  selection: Selection,
  unreadable: (one: UnreadObject) => void,
): AsyncGenerator<Listed> {
  const list = client.forList();
  return selection.by === "all" && selection.archived === true
    ? list.list(deployments, { include_archived: "true" }, { unreadable })
    : list.live(deployments, selection.by === "agent" ? { agent_id: selection.agent } : {}, { unreadable });
}

const unseenId = "this token sees no such deployment; check the id, the account and the workspace";

/** Reads one deployment. Throws errors that would also occur for every other deployment. `again`: what to do after another error. */
export async function readDeployment(
  client: QoderClient,
  id: string,
  again?: string,
): Promise<ReadDeployment | UnreadObject> {
  try {
    const path = [deployments.collection, id];
    const { body } = await client.send({ method: "GET", path, repeat: "safe" });
    return replyOf(id, body);
  } catch (error) {
    if (meetsAll(error)) {
      throw error;
    }
    return { id, reason: isNotFound(error) ? unseenId : failureText(error, again) };
  }
}

/** The same right before an act. No error keeps the command from acting on the others. */
export function readToAct(client: QoderClient, id: string): Promise<ReadDeployment | UnreadObject> {
  return readDeployment(client, id, goOnAgain).catch((error: unknown) => ({ id, reason: problemOf(error) }));
}

/** True if the error would also occur for every other deployment. */
export function meetsAll(error: unknown): boolean {
  return (
    error instanceof QoderConnectionError ||
    error instanceof QoderTokenError ||
    (error instanceof QoderApiError && error.status === 401) ||
    !(error instanceof QoderError)
  );
}

export function replyOf(id: string, reply: unknown): ReadDeployment | UnreadObject {
  const read = readSchema.safeParse(reply);
  if (!read.success) {
    return { id, reason: shapeProblem(read.error) };
  }
  if (read.data.id !== id) {
    return { id, reason: `the service answered with another deployment, ${read.data.id}` };
  }
  return { ...read.data, reply };
}

/** The reason for which a deployment neither runs nor is paused; undefined for one that is active or paused. */
export function outOfUse({ status, archived_at: archivedAt }: ReadDeployment): string | undefined {
  if (archivedAt != null) {
    return "it is archived, and never runs again";
  }
  return status === "active" || status === "paused" ? undefined : `its status is ${status}`;
}

/** The schedule of the deployment, if this version knows it. */
export function scheduleIn({ schedule }: ReadDeployment): Schedule | undefined {
  const { type = "cron", expression, timezone } = schedule ?? {};
  const isKnown = type === "cron" && expression !== undefined && timezone !== undefined;
  return isKnown && scheduleProblem({ expression, timezone }) === undefined ? { expression, timezone } : undefined;
}

/** The result of a request to pause or to start a deployment. `isOwn`: false if the service refused it, as it was done already. */
type Changed =
  | { readonly deployment: ReadDeployment; readonly isOwn: boolean }
  /** `isConflict`: the service says that it was done already, and shows something else. */
  | { readonly problem: string; readonly isConflict: boolean };

const statusAfter = { pause: "paused", unpause: "active" } as const;

/**
 * Sends the request. If it is refused or its answer is lost, reads the status of the deployment.
 */
export async function changeStatus(
  client: QoderClient,
  id: string,
  action: keyof typeof statusAfter,
): Promise<Changed> {
  // The request can be repeated, because the service refuses the second one (409, "Pause a deployment").
  const request: ApiRequest = { method: "POST", path: [deployments.collection, id, action], repeat: "safe" };
  try {
    const settled = await settle(client, () => answerOf(client, id, action, request), {
      async look(late) {
        const now = await readDeployment(late, id);
        if ("reason" in now) {
          throw new QoderError(now.reason);
        }
        return now;
      },
      isDone: (now): now is ReadDeployment => isSo(now, action),
      mayRepeat: () => false,
      whether: `the ${action} of ${id} was done`,
    });
    return { deployment: settled.done, isOwn: settled.isOwn };
  } catch (error) {
    return { problem: problemOf(error), isConflict: error instanceof QoderApiError && error.status === 409 };
  }
}

async function answerOf(
  client: QoderClient,
  id: string,
  action: keyof typeof statusAfter,
  request: ApiRequest,
): Promise<ReadDeployment> {
  const { body, status, requestId } = await client.send(request);
  const answer = replyOf(id, body);
  if ("reason" in answer || !isSo(answer, action)) {
    const reason = "reason" in answer ? answer.reason : `it shows the status ${answer.status} afterwards`;
    throw new QoderReplyError(requestLabel(request), status, reason, requestId);
  }
  return answer;
}

function isSo(deployment: ReadDeployment, action: keyof typeof statusAfter): boolean {
  const { status, archived_at: archivedAt } = deployment;
  const isStatus = archivedAt == null && status === statusAfter[action];
  return isStatus && (action === "unpause" || livePause(deployment) === "by hand");
}
