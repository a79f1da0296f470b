import type { QoderClient } from "../../api/client";
import { mayHaveActed, QoderApiError, QoderError } from "../../api/errors";
import { collected } from "../../api/object-list";
import type { JsonObject, Listed } from "../../api/schema";
import type { Ledger } from "../engine/ledger";
import { distinctionOf } from "../kind/advice";
import { comparedIdentity, endOf, identityOf, type ResourceKind } from "../kind/kind";
import { type BaseReply, creationTime } from "../kind/outputs";
import type { Properties } from "../kind/program-values";
import { ageAt, isAsYoungAs, withItsAge } from "../read/age";
import { untilVisible } from "../read/not-visible-yet";
import { AnotherObjectError, type Answer, type Objects } from "../read/objects";
import { takenName } from "../read/same-name";
import { settle } from "./settle";

/** A create under one idempotency key. */
export interface Create {
  readonly body: JsonObject;
  readonly wanted: Properties;
  readonly key: string;
  /** The seed of the key, see `hiddenInputs`. */
  readonly origin: string;
  readonly ledger: Ledger;
  /** The ids of objects that the service returned for other keys of this declaration. */
  readonly ofOtherKeys: ReadonlySet<string>;
  readonly predecessor: string | undefined;
}

/**
 * Sends the create. After a lost answer, a kind with `documentsKey` is created again under the same key. Of any other kind, one list shows
 * what the lost create may have made. Nothing proves who made an object of the list: if it has one, the error names it.
 */
export async function sendCreate(objects: Objects, create: Create): Promise<Answer> {
  const { client, kind } = objects;
  const { body, wanted, key, ledger } = create;
  const start = client.now();
  let namesakes: readonly Listed[] = [];
  let isLost = false;
  try {
    const write = () => objects.create(body, key, wanted, (reply) => namesAnother(kind, create, reply));
    const { done } = await settle(client, write, {
      async look(late, failed) {
        isLost ||= mayHaveActed(failed);
        namesakes = await namesakesAfter(objects.within(late), body, failed, start);
        return namesakes;
      },
      isDone: (_): _ is never => false,
      mayRepeat(found, failed) {
        if (kind.documentsKey || failed instanceof AnotherObjectError) {
          // Of such a kind, the request itself was repeated until the time limit (`createRequest`).
          return kind.documentsKey === true && failed instanceof AnotherObjectError;
        }
        return mayHaveActed(failed) && !found.some(({ id }) => ledger.mayTake(id));
      },
      whether: `the ${kind.noun} was created`,
    });
    return done;
  } catch (error) {
    throw explained(objects, create, error, { namesakes, start: isLost ? start : undefined });
  }
}

/** The reason why this create cannot have made the object of the answer; undefined if it may have made it. */
function namesAnother(
  kind: ResourceKind,
  { body, origin, ledger, ofOtherKeys }: Create,
  reply: BaseReply,
): string | undefined {
  const { id } = reply;
  const [sent, shown] = [comparedIdentity(kind, body), comparedIdentity(kind, reply)];
  if (sent !== undefined && shown !== undefined && shown !== sent) {
    return `the response describes ${id}, which is called ${JSON.stringify(identityOf(kind, reply))}`;
  }
  if (ofOtherKeys.has(id)) {
    return `the response describes ${id}, which was already the response to another create`;
  }
  return ledger.mayRepeat(id, origin)
    ? undefined
    : `the response describes ${id}, which another resource of this stack manages or archived`;
}

/**
 * The live objects with the name of a create that is lost, or that the service refuses for its name. A free name says little: only new
 * objects count then, and the service may not list a new one yet.
 */
async function namesakesAfter(
  objects: Objects,
  body: JsonObject,
  failed: QoderError,
  start: number,
): Promise<readonly Listed[]> {
  const { client, kind } = objects;
  if (!mayHaveActed(failed)) {
    return isOfName(kind, failed) ? namesakesOf(objects, body).catch(() => []) : [];
  }
  if (!kind.naming?.isFree) {
    return namesakesOf(objects, body);
  }
  const found = await untilVisible(client, failed, async () => {
    const made = (await namesakesOf(objects, body)).filter((one) => mayBeNew(client, one, start));
    return made.length > 0 ? made : undefined;
  });
  return found ?? [];
}

async function namesakesOf(objects: Objects, body: JsonObject): Promise<readonly Listed[]> {
  const { client, kind } = objects;
  const live = await collected(client.live(objects.list));
  return live
    .filter((listed) => comparedIdentity(kind, listed) === comparedIdentity(kind, body))
    .map((listed) => objects.withParent(listed));
}

function isOfName({ naming }: ResourceKind, failed: unknown): failed is QoderApiError {
  const isConflict = failed instanceof QoderApiError && failed.status === 409;
  return isConflict && !naming?.isFree && (failed.param === undefined || failed.param === "name");
}

interface Seen {
  readonly namesakes: readonly Listed[];
  /** The time of the first try, by the clock of this machine; undefined if the service refused all tries. */
  readonly start: number | undefined;
}

/** The error of a create: what it may have made, or who has its name. */
function explained(objects: Objects, create: Create, error: unknown, { namesakes, start }: Seen): unknown {
  const { client, kind } = objects;
  if (!(error instanceof QoderError)) {
    return error;
  }
  const foreign = namesakes.filter(({ id }) => create.ledger.mayTake(id));
  const made = start === undefined ? [] : foreign.filter((one) => mayBeNew(client, one, start));
  const [owner] = isOfName(kind, error) ? namesakes : foreign;
  if (made.length === 0 && owner !== undefined) {
    return new QoderError(
      `${withoutAdvice(error)}. The ${distinctionOf(kind)} ${takenName(client, kind, owner, create)}`,
    );
  }
  if (made.length === 0 && !(error instanceof AnotherObjectError)) {
    return error;
  }
  const [one, ...others] = made;
  const shown =
    made.length === 0
      ? `a ${kind.noun} that no list shows`
      : made.map((object) => withItsAge(client, object)).join("; ");
  const setting = others.length > 0 ? "adopt to the id of one" : `adopt: "${one?.id}"`;
  const adopt = one === undefined ? "adopt to its id in the console" : setting;
  const end = endOf(kind, create.wanted) === "deleted" ? "delete" : "archive";
  return new QoderError(
    `${error.message}. It may have made ${shown}.\nTo keep it, set ${adopt}; otherwise ${end} it or choose another ${distinctionOf(kind)}. Then run \`pulumi up\` again`,
  );
}

/** What the service said of a refusal. */
function withoutAdvice(error: QoderError): string {
  return error instanceof QoderApiError ? `${error.summary}: ${error.serverMessage.replace(/\.$/, "")}` : error.message;
}

/** False if the service's clock shows that the object was created before this time of this machine's clock. */
function mayBeNew(client: QoderClient, { created_at: createdAt }: Listed, start: number): boolean {
  const age = ageAt(creationTime(createdAt), client.serviceNow());
  return age === undefined || isAsYoungAs(age, client.now() - start);
}
