import type { QoderClient } from "../api/client";
import { durationText, waitText } from "../api/clock";
import { mayHaveActed, QoderApiError, QoderError, QoderReplyError, reasonOf } from "../api/errors";
import { withItsAge } from "../api/object-list";
import { isLastUnreadable, waitAfter } from "../api/retry";
import type { JsonObject, Listed } from "../api/schema";
import { excerpt } from "../api/terminal-text";
import { ageAt, creationTime, isAsYoungAs } from "./age";
import { distinctionOf } from "./engine/advice";
import { comparedIdentity, identityOf, type ResourceKind } from "./kind";
import type { Ledger } from "./ledger";
import { takenName } from "./names";
import { AnotherObjectError, type Answer, type Objects } from "./objects";
import type { BaseReply } from "./outputs";
import type { Properties } from "./program-values";
import { untilVisible } from "./visible";

/** A create that may be sent more than once. */
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
 * Sends the create. After a lost answer, sends it again until the time limit ends, but only while another try cannot make a second
 * object.
 */
export async function createDespiteLostAnswers(objects: Objects, create: Create): Promise<Answer> {
  const { client } = objects;
  const { body, wanted, key } = create;
  const start = client.now();
  let lost: QoderError | undefined;
  for (let tries = 1; ; tries += 1) {
    try {
      const another = (reply: BaseReply) => namesAnother(objects.kind, create, reply);
      return await objects.create(body, key, wanted, another);
    } catch (error) {
      const mayTryAgain =
        mayHaveActed(error) && !isLastUnreadable(error, tries) && (await client.pause(waitAfter(tries)));
      if (!mayTryAgain) {
        throw await finalError(objects, create, error, { lost, start, tries });
      }
      lost = error;
      await assureSafe(objects, create, error, start);
    }
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

/** Throws unless another try of the create is safe: the service repeats its answer to the key, or the first try has made nothing. */
async function assureSafe(objects: Objects, create: Create, lost: QoderError, start: number): Promise<void> {
  const { client, kind } = objects;
  // Of unique names, also an old object counts: two clocks of the service may differ by any time.
  const since = kind.naming?.isFree ? start : Number.NEGATIVE_INFINITY;
  const look = async () => {
    const found = await madeSince(objects, create, since);
    return found[0] === undefined ? undefined : ([found[0], ...found.slice(1)] as const);
  };
  const made = await (kind.naming?.isFree ? untilVisible(client, lost, look) : look()).catch((error: unknown) => {
    throw error === lost
      ? lost
      : new QoderError(
          `${lost.message}. It is unknown whether the ${kind.noun} was created: ${reasonOf(error)}.\nRun the same command again: it continues with the existing objects`,
        );
  });
  // After an answer about another object, the service has acted.
  const isSafe = made === undefined ? !(lost instanceof AnotherObjectError) : await remembersKey(objects, create.key);
  if (!isSafe) {
    const recent = made?.filter((one) => mayBeNew(client, one, start)) ?? [];
    throw made === undefined || recent.length > 0
      ? withWaysOn(objects, create, lost, recent)
      : new QoderError(`${lost.message}. ${isTaken(kind, made[0], create)}`);
  }
}

/**
 * The live objects that a create since this time may have made: they have its name, may be new, and no resource of the stack has them.
 * No fact proves who made them, so an error names them, and nothing else is done with them.
 */
async function madeSince(objects: Objects, { body, ledger }: Create, start: number): Promise<readonly Listed[]> {
  const found: Listed[] = [];
  for await (const listed of namesakes(objects, body)) {
    if (ledger.mayTake(listed.id) && mayBeNew(objects.client, listed, start)) {
      found.push(listed);
    }
  }
  return found;
}

async function* namesakes(objects: Objects, body: JsonObject): AsyncGenerator<Listed> {
  const { client, kind } = objects;
  for await (const listed of client.live(objects.list)) {
    if (comparedIdentity(kind, listed) === comparedIdentity(kind, body)) {
      yield objects.withParent(listed);
    }
  }
}

/** False if the service's clock shows that the object was created before this time of this machine's clock. */
function mayBeNew(client: QoderClient, { created_at: createdAt }: Listed, start: number): boolean {
  const age = ageAt(creationTime(createdAt), client.serviceNow());
  return age === undefined || isAsYoungAs(age, client.now() - start);
}

/** The error of a lost create, with what it may have made and the two ways to continue. */
function withWaysOn(
  { client, kind }: Objects,
  { wanted }: Create,
  lost: QoderError,
  made: readonly Listed[],
): QoderError {
  const [first, ...others] = made;
  if (first === undefined) {
    const look = `Find the new ${kind.noun} in the console: set adopt to its id, or ${endOf(kind, wanted)} it, then run \`pulumi up\` again`;
    return lost instanceof AnotherObjectError ? new QoderError(`${lost.message}.\n${look}`) : lost;
  }
  const shown = made.map((object) => shownWithAge(client, object)).join("; ");
  const adoption = others.length === 0 ? `set adopt: "${first.id}"` : "set adopt to the id of one";
  return new QoderError(
    `${lost.message}. It may have made ${shown}.\nTo keep it, ${adoption}; otherwise ${endOf(kind, wanted)} it or choose another ${distinctionOf(kind)}. Then run \`pulumi up\` again`,
  );
}

export function shownWithAge(client: QoderClient, object: Listed): string {
  const age = ageAt(creationTime(object.created_at), client.serviceNow());
  return age === undefined ? withItsAge(object) : `${excerpt(object.id, longestId)}, created ${durationText(age)} ago`;
}
const longestId = 100;

export function endOf(kind: ResourceKind, wanted: Properties): string {
  return kind.removal?.deletes?.(wanted) === true ? "delete" : "archive";
}

/** The time for a last look after a default time limit: the person must learn of an object that no state holds. */
const lastLookMs = 10_000;

/** The error of the last try, with the objects that this create may have made, if some are visible. */
async function finalError(
  objects: Objects,
  create: Create,
  error: unknown,
  { lost, start, tries }: { readonly lost: QoderError | undefined; readonly start: number; readonly tries: number },
): Promise<unknown> {
  if (isConflict(error)) {
    return explained(objects, create, error, lost && { lost, start });
  }
  const failure = triedAgain(error, tries, objects.client.now() - start);
  if (!(failure instanceof QoderError) || (lost === undefined && !mayHaveActed(error))) {
    return failure;
  }
  const late = objects.within(objects.client.atLeast(lastLookMs));
  const made = (await late.client.pause(0)) ? await madeSince(late, create, start).catch(() => []) : [];
  return withWaysOn(objects, create, failure, made);
}

function triedAgain(error: unknown, tries: number, tookMs: number): unknown {
  if (error instanceof QoderError && tries > 1) {
    error.message += ` (tried ${tries} times in ${waitText(tookMs)})`;
  }
  return error;
}

function isConflict(error: unknown): error is QoderApiError {
  return error instanceof QoderApiError && error.status === 409;
}

// "Conventions: idempotency": the service refuses a used key with another body by 409. An empty body creates nothing (400), so this
// question has no effect.
async function remembersKey(objects: Objects, key: string): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      await objects.create({}, key);
      return false;
    } catch (error) {
      const isUnanswered = mayHaveActed(error) && !(error instanceof QoderReplyError);
      if (!isUnanswered || !(await objects.client.pause(waitAfter(tries)))) {
        return isConflict(error);
      }
    }
  }
}

function otherRequest(kind: ResourceKind, { message }: QoderApiError): QoderError {
  return new QoderError(
    `${message}. The service has seen this idempotency key with other arguments.\nChange ${changeable(kind)}, or wait 24 hours`,
  );
}

/** The argument whose change gives a create another idempotency key. */
export function changeable({ fields }: ResourceKind): string {
  return "description" in fields ? "its description" : "one of its arguments";
}

const none = { value: undefined };

/** Explains a conflict by the live object that has the name, if one has it; a conflict can have other reasons. */
async function explained(
  objects: Objects,
  create: Create,
  refused: QoderApiError,
  before: { readonly lost: QoderError; readonly start: number } | undefined,
): Promise<QoderError> {
  const { body, ledger, predecessor } = create;
  const isOfName = !objects.kind.naming?.isFree && (refused.param === undefined || refused.param === "name");
  const { value: found } = isOfName
    ? await namesakes(objects, body)
        .next()
        .catch(() => none)
    : none;
  if (found === undefined) {
    return /idempotency/i.test(refused.serverMessage) ? otherRequest(objects.kind, refused) : refused;
  }
  if (found.id === predecessor) {
    const { endsInUse } = objects.kind.removal ?? {};
    const inUse =
      endsInUse === undefined
        ? ""
        : `. If live deployments use ${found.id}, set ${endsInUse}: true before, and run \`pulumi up\``;
    return new QoderError(
      `${refused.message}. ${found.id}, which this one replaces, still has the name.\nSet the resource option deleteBeforeReplace: true${inUse}`,
    );
  }
  const owner = ledger.owner(found.id);
  if (owner !== undefined) {
    const distinction = distinctionOf(objects.kind);
    return new QoderError(
      `${refused.message}. The ${distinction} is taken by ${found.id}, which ${owner.description} of this program manages.\nGive one of them another ${distinction}`,
    );
  }
  return before !== undefined && mayBeNew(objects.client, found, before.start)
    ? withWaysOn(objects, create, before.lost, [found])
    : new QoderError(
        `${refused.summary}: ${refused.serverMessage.replace(/\.$/, "")}. ${isTaken(objects.kind, found, create, afterMove)}`,
      );
}

function isTaken(kind: ResourceKind, found: Listed, { origin }: Create, move?: string): string {
  return `The ${distinctionOf(kind)} ${takenName(kind, found, origin, move)}`;
}

/** The failed `up` has created the new components of the resource, so their aliases come too late. */
const afterMove = "undo that, run `pulumi up`, then move it with";
