import { waitText } from "../../api/clock";
import { mayHaveActed, QoderApiError, QoderError, QoderReplyError, reasonOf } from "../../api/errors";
import { excerpt } from "../../api/foreign-text";
import { withItsAge } from "../../api/object-list";
import { warning } from "../../api/remark";
import { isLastUnreadable, waitAfter } from "../../api/retry";
import type { JsonObject, Listed } from "../../api/schema";
import { distinctionOf } from "../engine/advice";
import { comparedIdentity, identityOf, type ResourceKind } from "../kind";
import { AnotherObjectError, type Answer, type Objects } from "../objects";
import type { BaseReply } from "../outputs";
import type { Ownership } from "../ownership";
import type { Properties } from "../program-values";
import { type Candidate, findNew, isNewSince, madeSince, waysOn } from "./duplicates";

/** A create that may be sent more than once. */
export interface Create {
  readonly body: JsonObject;
  readonly wanted: Properties;
  readonly key: string;
  /** See `Declaration`. */
  readonly origin: string;
  readonly ownership: Ownership;
  /** The ids of objects that the service returned for other keys of this declaration. */
  readonly ofOtherKeys: ReadonlySet<string>;
  readonly predecessor: string | undefined;
}

/** The answer to the create, or the live object that the create made although its answer was lost. */
export type Created = { readonly answer: Answer } | { readonly found: BaseReply };

/**
 * Sends the create. After a lost answer, sends it again until the time limit ends, but only while another try cannot make a second
 * object.
 */
export async function createDespiteLostAnswers(objects: Objects, create: Create): Promise<Created> {
  const { client } = objects;
  const { body, wanted, key } = create;
  const start = client.now();
  let lost: QoderError | undefined;
  for (let tries = 1; ; tries += 1) {
    try {
      const another = (reply: BaseReply) => namesAnother(objects.kind, create, reply);
      return { answer: await objects.create(body, key, wanted, another) };
    } catch (error) {
      const mayTryAgain =
        mayHaveActed(error) && !isLastUnreadable(error, tries) && (await client.pause(waitAfter(tries)));
      if (!mayTryAgain) {
        throw await finalError(objects, create, error, { lost, start, tries });
      }
      lost = error;
      const ours = await resolved(objects, create, error, { start, tries });
      if (ours !== undefined) {
        return { found: ours };
      }
    }
  }
}

/** The reason why this create cannot have made the object of the answer; undefined if it may have made it. */
function namesAnother(
  kind: ResourceKind,
  { body, origin, ownership, ofOtherKeys }: Create,
  reply: BaseReply,
): string | undefined {
  const { id } = reply;
  const [sent, shown] = [comparedIdentity(kind, body), comparedIdentity(kind, reply)];
  if (sent !== undefined && shown !== undefined && shown !== sent) {
    return `the reply describes ${id}, which is called ${JSON.stringify(identityOf(kind, reply))}`;
  }
  if (ofOtherKeys.has(id)) {
    return `the reply describes ${id}, which was already the reply to another create`;
  }
  return ownership.mayRepeat(id, origin)
    ? undefined
    : `the reply describes ${id}, which another resource of this stack manages or archived`;
}

/**
 * The object that the lost create made, if that is proved. Undefined if another try of the create is safe: no object fits, or the
 * service repeats its answer to the key. Otherwise throws an error that says what to do.
 */
async function resolved(
  objects: Objects,
  create: Create,
  lost: QoderError,
  { start, tries }: { readonly start: number; readonly tries: number },
): Promise<BaseReply | undefined> {
  const { client, kind } = objects;
  const find = kind.hasFreeNames ? findNew : findNamesakes;
  const [found, ...others] = await find(objects, create, lost, start).catch((error: unknown) => {
    throw error === lost
      ? lost
      : new QoderError(
          `${lost.message}. Whether it created the ${kind.noun} is open, as looking for it failed too: ${reasonOf(error)}. Run the same command again, it continues with the existing objects`,
        );
  });
  const remembers = found !== undefined && (await remembersKey(objects, create.key));
  // The service repeats its answer. If it repeats an unusable one, the object is recognised without it.
  const isRepeated = remembers && (tries === 1 || !(lost instanceof QoderReplyError));
  if (found === undefined || isRepeated || (remembers && (others.length > 0 || !found.isNew))) {
    if (lost instanceof AnotherObjectError && !isRepeated) {
      throw await undecided(objects, create, lost, start);
    }
    return undefined;
  }
  if (!remembers) {
    if (others.length > 0 || !found.isProved) {
      throw unproved(objects, create, lost, [found, ...others]);
    }
    await client.remark(
      warning(
        `${lost.message}. The up continues with ${withItsAge(found.object)}, which has the same name and content. If another stack made it at that moment, take it out of this state with \`pulumi state delete\``,
      ),
    );
  }
  return objects.get(found.object.id);
}

function unproved(
  objects: Objects,
  create: Create,
  lost: QoderError,
  found: readonly [Candidate, ...Candidate[]],
): QoderError {
  const [made, ...others] = found.flatMap(({ isNew, object }) => (isNew ? [object] : []));
  const text =
    made === undefined ? isTaken(objects.kind, found[0].object, create) : waysOn(objects, [made, ...others], create);
  return new QoderError(`${lost.message}. ${text}`);
}

async function findNamesakes(
  objects: Objects,
  { body, ownership }: Create,
  _: QoderError,
  start: number,
): Promise<Candidate[]> {
  const found = await objects.withSameIdentity(body, 2);
  return found.map((object) => ({
    object,
    isNew: ownership.mayTake(object.id) && isNewSince(objects, object, start) === true,
    isProved: false,
  }));
}

/** The time for a last look after the time limit: the person must learn of an object that no state holds. */
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
  if (lost === undefined && !mayHaveActed(error)) {
    return failure;
  }
  const [found, ...others] = await madeSince(objects.afterLimit(lastLookMs), create, start).catch(() => []);
  const ways = found === undefined ? undefined : waysOn(objects, [found, ...others], create);
  return ways === undefined ? failure : new QoderError(`${reasonOf(failure)}. ${ways}`);
}

/** The service acted and returned another object, and no read finds the new one. Another try of the create could make a second one. */
async function undecided(
  objects: Objects,
  create: Create,
  wrong: AnotherObjectError,
  start: number,
): Promise<QoderError> {
  const { noun } = objects.kind;
  const [found, ...others] = await madeSince(objects, create, start);
  return new QoderError(
    found === undefined
      ? `${wrong.message}. No live ${noun} of this ${distinctionOf(objects.kind)} is visible. Look at Qoder which ${noun} this create made: set adopt to its id, or archive it, then run \`pulumi up\` again`
      : `${wrong.message}. ${waysOn(objects, [found, ...others], create)}`,
  );
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

function otherRequest({ fields }: ResourceKind, { message }: QoderApiError): QoderError {
  const argument = "description" in fields ? "its description" : "one of its arguments";
  return new QoderError(
    `${message}. It remembers another request under the key of this declaration: change ${argument}, or wait 24 hours`,
  );
}

/** Explains a conflict by the live object that has the name, if one has it; a conflict can have other reasons. */
async function explained(
  objects: Objects,
  create: Create,
  refused: QoderApiError,
  before: { readonly lost: QoderError; readonly start: number } | undefined,
): Promise<QoderError> {
  const { body, ownership, predecessor } = create;
  const isOfName = !objects.kind.hasFreeNames && (refused.param === undefined || refused.param === "name");
  const [found] = isOfName ? await objects.withSameIdentity(body, 1).catch(() => []) : [];
  if (found === undefined) {
    return /idempotency/i.test(refused.serverMessage) ? otherRequest(objects.kind, refused) : refused;
  }
  if (found.id === predecessor) {
    return new QoderError(
      `${refused.message}. ${found.id}, which this one replaces, still has the name and is unchanged: set the resource option deleteBeforeReplace: true, which archives it before the new one is created, and archiveInUse: true before that, if live deployments name it`,
    );
  }
  const holder = ownership.holder(found.id);
  if (holder !== undefined) {
    const distinction = distinctionOf(objects.kind);
    return new QoderError(
      `${refused.message}. The ${distinction} is taken by ${found.id}, which ${holder.description} of this program manages: give one of the two another ${distinction}`,
    );
  }
  return before !== undefined && isNewSince(objects, found, before.start) !== false
    ? new QoderError(`${before.lost.message}. ${waysOn(objects, [found], create)}`)
    : new QoderError(`${refused.message}. ${isTaken(objects.kind, found, create)}. ${afterMove}`);
}

function isTaken(kind: ResourceKind, found: Listed, { origin }: Create): string {
  return `The ${distinctionOf(kind)} ${takenName(kind, found, origin)}`;
}

/** The alias of a resource that moved. The old place is not known; a resource in a component most often comes from no parent. */
export function aliasOf(origin: string): string {
  return origin.split("::")[2]?.includes("$") === true
    ? "aliases: [{ parent: pulumi.rootStackResource }], or the parent that it had"
    : 'aliases: [{ name: "...", parent: ... }]';
}

const afterMove =
  "If it moved, undo the move in the program, run `pulumi up`, which removes what the failed one has created, and then move with aliases";

const longestIdentity = 100;

/** `origin`: the URN of the resource, whose types show whether it is in a component. */
export function takenName(kind: ResourceKind, found: Listed, origin = ""): string {
  const { argument } = kind.distinction ?? { argument: "name" };
  const identity = excerpt(identityOf(kind, found) ?? "", longestIdentity);
  const example = argument === undefined ? "" : `, such as ${argument}: \`${identity}-\${pulumi.getStack()}\``;
  return `is taken by ${withItsAge(found)}: if another stack or person manages that one, choose another ${distinctionOf(kind)}${example}; to manage it here and nowhere else, set adopt: "${found.id}"; if this resource moved or was renamed, add ${aliasOf(origin)}`;
}
