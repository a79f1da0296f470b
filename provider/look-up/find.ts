import { Clients } from "../account/settings";
import { wasArchived } from "../api/archived";
import type { QoderClient } from "../api/client";
import { systemClock } from "../api/clock";
import {
  type Caller,
  isNotFound,
  isServerFailure,
  QoderApiError,
  QoderConnectionError,
  QoderError,
  QoderReplyError,
  reasonOf,
} from "../api/errors";
import { collected, withItsName } from "../api/object-list";
import { patience } from "../api/patience";
import { redacted } from "../api/redacted";
import type { Remark } from "../api/remark";
import type { Listed } from "../api/schema";
import { excerpt, firstOf, harmlessLines } from "../api/terminal-text";
import type { Find } from "../program/look-up";
import type { LookUpArgs } from "../program/look-up-arguments";
import { nearest } from "../resource/check/suggestion";
import { declarable } from "../resource/compare/arguments";
import { type Advised, changingTokenAdvice, messageOf, sentences, whoAsked, withAdvice } from "../resource/kind/advice";
import type { ResourceKind } from "../resource/kind/kind";
import { type BaseReply, shownOutputs } from "../resource/kind/outputs";
import { Objects } from "../resource/read/objects";

const processClients = new Clients(systemClock, process.env);

/** A function that calls the API. `caller` is the origin of the token, for messages. */
type Ask<Args> = (client: QoderClient, args: Args, caller: Caller | undefined) => Promise<object>;

/**
 * Runs a look-up with the account of the program. Every error contains the call in the program, the words of the service and
 * advice for this kind.
 */
export function asking<Args extends object>(
  kind: Advised,
  ask: Ask<Args>,
  clients: Clients = processClients,
): Find<Args> {
  return async ({ label, args, isSecret, configuration, tell }) => {
    const secrets = new Set(isSecret ? Object.values(args).filter((value) => typeof value === "string") : []);
    const message = (text: string) => harmlessLines(redacted(`${label}: ${text}`, secrets));
    const hear = ({ severity, text }: Remark) => tell(message(text), severity === "warning");
    try {
      const client = clients.client(configuration, { milliseconds: patience.callMs, tell: hear, secrets });
      return await ask(client, args, clients.account(configuration).caller);
    } catch (error) {
      throw new QoderError(message(explained(error, kind)));
    }
  };
}

/** The look-up of a kind: by id with one GET, by name through the whole list. It changes no object. */
export function finder(kind: ResourceKind, clients?: Clients): Find {
  const find = async (client: QoderClient, { id, name }: LookUpArgs, caller: Caller | undefined) => {
    const objects = new Objects(client, kind);
    return outputsOf(kind, await (id === undefined ? findByName(objects, name, caller) : findById(objects, id)));
  };
  return asking(kind, find, clients);
}

export function refuseOtherId({ noun, idPrefix }: Pick<ResourceKind, "noun" | "idPrefix">, id: string): void {
  if (!id.startsWith(idPrefix)) {
    throw new QoderError(`the ids of ${noun}s start with ${idPrefix}`);
  }
}

export async function findById(objects: Objects, id: string): Promise<BaseReply> {
  const { noun } = objects.kind;
  refuseOtherId(objects.kind, id);
  const found = await objects.get(id);
  if (found.archived_at != null) {
    throw new QoderError(`this ${noun} ${wasArchived(found.archived_at)} and cannot be restored.\nUse another one`);
  }
  return found;
}

/** The outputs under the names that a resource uses, without undefined ones. */
function outputsOf(kind: ResourceKind, found: BaseReply): object {
  return { id: found.id, ...declarable(kind, found), ...shownOutputs(kind, found) };
}

function explained(error: unknown, kind: Advised): string {
  const reason = reasonOf(error);
  if (error instanceof QoderConnectionError) {
    return messageOf(reason, "Check the network and qoder:baseUrl, then run the same command again");
  }
  if (error instanceof QoderReplyError) {
    return messageOf(reason, "Check that qoder:baseUrl is the address of the API");
  }
  const own = error instanceof QoderApiError ? explainedStatus(error, kind.noun) : undefined;
  return own ?? withAdvice(reason, error, "function", kind);
}

/** The message for a status for which a resource has advice about its state or its last request; undefined for other statuses. */
function explainedStatus(error: QoderApiError, noun: string): string | undefined {
  const { message, status } = error;
  const asked = sentences(message, whoAsked(error)) ?? "";
  if (status === 401) {
    const given = "Set a valid token: `pulumi config set --secret qoder:pat`, or the pat of the QoderProvider";
    return messageOf(asked, error.caller?.hasChangingToken ? changingTokenAdvice : given);
  }
  if (status === 404) {
    return isNotFound(error)
      ? messageOf(
          asked,
          `Check the id, and that the token belongs to the account and workspace of the ${noun} (qoder:pat, qoder:workspaceId)`,
        )
      : messageOf(message, "Check the path of the base URL (qoder:baseUrl)");
  }
  return isServerFailure(error) ? messageOf(message, "Run the same command again later") : undefined;
}

export async function findByName(objects: Objects, name: string, caller: Caller | undefined): Promise<BaseReply> {
  const live = await collected(objects.client.live(objects.kind));
  const found = live.filter((one) => one.name === name);
  return objects.listed(onlyOne(objects.kind, found, () => noneOf(name, live, objects.kind.noun, caller)));
}

/** The one object of a name. `none`: the error if there is none. */
export function onlyOne<One extends Listed>(
  { noun }: Pick<ResourceKind, "noun">,
  found: readonly One[],
  none: () => QoderError,
): One {
  const [only, ...others] = found;
  if (only === undefined) {
    throw none();
  }
  if (others.length > 0) {
    throw new QoderError(
      `${found.length} ${noun}s have this name: ${firstOf(found.map(withoutName), mostListed)}.\nGive the id of one`,
    );
  }
  return only;
}

function noneOf(name: string, live: readonly Listed[], noun: string, caller: Caller | undefined): QoderError {
  const reason =
    live.length === 0
      ? `this token sees no ${noun} that is not archived`
      : `none of the ${noun}s that this token sees has this name; ${candidates(name, live)}`;
  const remedy =
    "If it exists, it is archived or belongs to another account or workspace: check the token, the workspace and the base URL";
  return notSeen(reason, remedy, caller);
}

/** The error for an object that this caller does not see. */
export function notSeen(reason: string, remedy: string, caller: Caller | undefined): QoderError {
  return new QoderError(messageOf(sentences(reason, whoAsked({ caller })) ?? reason, remedy));
}

/** No name is longer. A longer text is cut, because a comparison takes time in proportion to the product of both lengths. */
const longestName = 300;

function candidates(name: string, live: readonly Listed[]): string {
  const names = live.flatMap((one) => (one.name !== undefined && one.name.length <= longestName ? [one.name] : []));
  const near = name.length <= longestName ? nearest(name, names) : undefined;
  const [are, shown] = near === undefined ? ["there", live] : ["nearest", live.filter((one) => one.name === near)];
  return `${are} ${shown.length === 1 ? "is" : "are"} ${firstOf(shown.map(withItsName), mostListed)}`;
}

export const mostListed = 10;

function withoutName({ id, created_at: createdAt }: Listed): string {
  return createdAt === undefined ? excerpt(id) : `${excerpt(id)} (created ${excerpt(createdAt)})`;
}
