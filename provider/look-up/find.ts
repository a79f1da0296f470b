import { Clients } from "../account/settings";
import type { QoderClient } from "../api/client";
import { systemClock } from "../api/clock";
import {
  type Caller,
  isServerFailure,
  QoderApiError,
  QoderConnectionError,
  QoderError,
  QoderReplyError,
  reasonOf,
} from "../api/errors";
import { excerpt, harmless } from "../api/foreign-text";
import { redacted } from "../api/redacted";
import type { Remark } from "../api/remark";
import type { Find } from "../program/look-up";
import type { LookUpArgs } from "../program/look-up-arguments";
import { argumentOutputs, declarable } from "../resource/arguments";
import { type AdvisedKind, advice, changingTokenAdvice, sentences, whoAsked } from "../resource/engine/advice";
import type { ResourceKind } from "../resource/kind";
import { Objects } from "../resource/objects";
import { type BaseReply, serverOutputs } from "../resource/outputs";
import { findByName } from "./by-name";

/** The accounts that the program of this process looks into. */
const processClients = new Clients(systemClock, process.env);

/** As long as a read of a resource may take. */
const longestMs = 300_000;
const longestTime = 100;

/** What asks the API. `caller`: whose calls they are. */
type Ask<Args> = (client: QoderClient, args: Args, caller: Caller | undefined) => Promise<object>;

/**
 * Asks as the account that the program means. Every error names what was called, what the service said, and what to do in the
 * words of the kind.
 */
export function asking<Args extends object>(
  kind: AdvisedKind,
  ask: Ask<Args>,
  clients: Clients = processClients,
): Find<Args> {
  return async ({ label, args, isSecret, configuration, tell }) => {
    const secrets = new Set(isSecret ? Object.values(args).filter((value) => typeof value === "string") : []);
    const message = (text: string) => harmless(redacted(`${label}: ${text}`, secrets));
    const hear = ({ severity, text }: Remark) => tell(message(text), severity === "warning");
    try {
      const client = clients.client(configuration, { milliseconds: longestMs, tell: hear, secrets });
      return await ask(client, args, clients.account(configuration).caller);
    } catch (error) {
      throw new QoderError(message([reasonOf(error), adviceOn(error, kind)].filter(Boolean).join(". ")));
    }
  };
}

/** What looks for objects of the kind: by id with one GET, by name through the whole list. Nothing is changed. */
export function finder(kind: ResourceKind, clients?: Clients): Find {
  const find = async (client: QoderClient, { id, name }: LookUpArgs, caller: Caller | undefined) => {
    const objects = new Objects(client, kind);
    return outputsOf(kind, await (id === undefined ? findByName(objects, name, caller) : findById(objects, id)));
  };
  return asking(kind, find, clients);
}

async function findById(objects: Objects, id: string): Promise<BaseReply> {
  const { noun, idPrefix } = objects.kind;
  if (!id.startsWith(idPrefix)) {
    throw new QoderError(`the ids of ${noun}s start with ${idPrefix}`);
  }
  const found = await objects.get(id);
  if (found.archived_at != null) {
    const at = excerpt(found.archived_at, longestTime);
    throw new QoderError(`this ${noun} was archived at ${at}, which is for ever; look up another one`);
  }
  return found;
}

/** Under the names that a resource has them by; what there is none of is left out. */
function outputsOf(kind: ResourceKind, found: BaseReply): object {
  const outputs = { ...argumentOutputs(kind, declarable(kind, found)), ...serverOutputs(kind, found) };
  const held = Object.entries(outputs).filter(([, value]) => value !== null);
  return { id: found.id, ...Object.fromEntries(held) };
}

/** What the person who reads the error of a look-up can do about it; empty where the message says so itself. */
function adviceOn(error: unknown, kind: AdvisedKind): string {
  if (error instanceof QoderConnectionError) {
    return "Check the network and the base URL (qoder:baseUrl), then run the same command again";
  }
  if (error instanceof QoderReplyError) {
    return "Check that qoder:baseUrl is the API's own address";
  }
  const own = error instanceof QoderApiError ? adviceOnStatus(error, kind.noun) : undefined;
  return own ?? advice(error, "look-up", kind);
}

/** Where a resource would be told of its state, or of what its last request may have done; undefined where it would not. */
function adviceOnStatus(error: QoderApiError, noun: string): string | undefined {
  if (error.status === 401) {
    const given =
      "Set a valid one: `pulumi config set --secret qoder:pat`, QODER_ACCESS_TOKEN, or the pat of the QoderProvider";
    return sentences(whoAsked(error), error.caller?.hasChangingToken ? changingTokenAdvice : given);
  }
  if (error.isNotFound) {
    return sentences(
      whoAsked(error),
      `Check the id, and that the token belongs to the account and workspace of the ${noun} (qoder:pat, qoder:workspaceId)`,
    );
  }
  if (error.status === 404) {
    return "Check the path of the base URL (qoder:baseUrl)";
  }
  return isServerFailure(error) ? "The service failed; run the same command again later" : undefined;
}
