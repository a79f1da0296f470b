import { waitText } from "../../api/clock";
import { mayHaveActed, QoderApiError, QoderError, QoderReplyError, reasonOf } from "../../api/errors";
import { excerpt } from "../../api/foreign-text";
import { waitAfter } from "../../api/retry";
import type { JsonObject, Listed } from "../../api/schema";
import { ageOf, isAsYoungAs } from "../age";
import { identityOf, type ResourceKind } from "../kind";
import { AnotherObjectError, type Answer, type Objects } from "../objects";
import type { BaseReply } from "../outputs";
import type { Ownership } from "../ownership";
import type { Properties } from "../program-values";
import { findNew } from "./new-object";

/** Of answers that cannot be read: waiting mends no service that answers so. */
const mostUnreadableAnswers = 3;

/** A create that may be sent more than once. */
export interface Create {
  readonly body: JsonObject;
  /** What the body was made of. */
  readonly wanted: Properties;
  readonly key: string;
  /** See `Declaration`. */
  readonly origin: string;
  readonly ownership: Ownership;
  /** The ids that the service answered to other keys of this declaration. */
  readonly ofOtherKeys: ReadonlySet<string>;
  /** The object that it replaces, where that is known. */
  readonly predecessor: string | undefined;
}

/** What the create was answered with, or the object that it made although its answer was lost, as it is now. */
export type Created = { readonly answer: Answer } | { readonly found: BaseReply };

/**
 * Sends the create, and where an answer is lost again and again, as long as the time limit allows, but only while that
 * cannot make a second object.
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
      const mayTryAgain = mayHaveActed(error) && !isLastOf(tries, error) && (await client.pause(waitAfter(tries)));
      if (!mayTryAgain) {
        throw isConflict(error)
          ? await explained(objects, create, error, lost)
          : triedAgain(error, tries, client.now() - start);
      }
      lost = error;
      const ours = await resolved(objects, create, error, start);
      if (ours !== undefined) {
        return { found: ours };
      }
    }
  }
}

function isLastOf(tries: number, error: QoderError): boolean {
  return error instanceof QoderReplyError && tries >= mostUnreadableAnswers;
}

/** What is wrong where an answer tells of an object that this create cannot have made; undefined where it may have. */
function namesAnother(
  kind: ResourceKind,
  { body, origin, ownership, ofOtherKeys }: Create,
  reply: BaseReply,
): string | undefined {
  const { id } = reply;
  const [sent, told] = [identityOf(kind, body), identityOf(kind, reply)];
  if (sent !== undefined && told !== undefined && told !== sent) {
    return `it tells of ${id}, which is called ${JSON.stringify(told)}`;
  }
  if (ofOtherKeys.has(id)) {
    return `it tells of ${id}, as the answer to another create did`;
  }
  return ownership.mayRepeat(id, origin)
    ? undefined
    : `it tells of ${id}, which another resource of this stack manages or archived`;
}

/** What `findOurs` finds. An answer about another object leaves nothing to try again. */
async function resolved(
  objects: Objects,
  create: Create,
  lost: QoderError,
  start: number,
): Promise<BaseReply | undefined> {
  const find = objects.kind.hasFreeNames ? findNew : findOurs;
  const ours = await find(objects, create, lost, start);
  if (ours === undefined && lost instanceof AnotherObjectError) {
    throw await undecided(objects, create.body, lost);
  }
  return ours;
}

/** The service acted and told of another object, and no look tells of its own. Sending the create again could make a second one. */
async function undecided(objects: Objects, body: JsonObject, wrong: AnotherObjectError): Promise<QoderError> {
  const { noun } = objects.kind;
  const found = await objects.alike(body, mostNamed);
  const standing =
    found.length === 0
      ? `No live ${noun} of this name is visible`
      : `Of this name stand ${found.map(identified).join("; ")}, and nothing proves which one is new`;
  return new QoderError(
    `${wrong.message}. ${standing}. Look at Qoder which ${noun} this create made: set adopt to its id, or archive it, then run \`pulumi up\` again`,
  );
}
const mostNamed = 5;

/** The error of the last try, which says how much was tried. */
function triedAgain(error: unknown, tries: number, tookMs: number): unknown {
  if (error instanceof QoderError && tries > 1) {
    error.message += ` (tried ${tries} times in ${waitText(tookMs)})`;
  }
  return error;
}

function isConflict(error: unknown): error is QoderApiError {
  return error instanceof QoderApiError && error.status === 409;
}

/**
 * The object that the lost create made, where that is proved: the service remembers the key, and it alone has the name, nobody
 * of this stack has it, and it is no older than this call. Undefined where sending the create once more makes no second one: none
 * has the name, or the service repeats its answer to the key, which tells ours from what others made. Otherwise says what to do.
 */
async function findOurs(
  objects: Objects,
  { body, key, ownership }: Create,
  lost: QoderError,
  start: number,
): Promise<BaseReply | undefined> {
  const [found, another] = await objects.alike(body, 2).catch((error: unknown) => {
    throw new QoderError(
      `${lost.message}. Whether it created the ${objects.kind.noun} is open, as looking for it failed too: ${reasonOf(error)}. Run the same command again, it goes on from what is there`,
    );
  });
  if (found === undefined) {
    return undefined;
  }
  if (!(await remembersKey(objects, key))) {
    throw perhapsCreated(objects.kind.noun, lost, found);
  }
  if (another !== undefined || !ownership.mayTake(found.id)) {
    return undefined;
  }
  const answer = await objects.ask(found.id);
  const now = objects.client.now();
  return isAsYoungAs(ageOf(answer, now), now - start) ? answer.object : undefined;
}

function perhapsCreated(noun: string, lost: QoderError, found: Listed): QoderError {
  const one = `${/^[aeiou]/.test(noun) ? "An" : "A"} ${noun}`;
  return new QoderError(
    `${lost.message}. ${one} of this name stands, ${identified(found)}: if it is this one, set adopt: "${found.id}" and run \`pulumi up\` again; if it is another's, choose another name`,
  );
}

// "Conventions: idempotency": a key that is used again with another body is refused with 409. An empty body can create
// nothing (400), so the question is free of effects.
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

function otherRequest({ message }: QoderApiError): QoderError {
  return new QoderError(
    `${message}. It remembers another request under the key of this declaration: change its description, or wait 24 hours`,
  );
}

/** A conflict may have other reasons than the name: it is explained by an object that has the name, if there is one. */
async function explained(
  objects: Objects,
  { body, predecessor }: Create,
  refused: QoderApiError,
  lost: QoderError | undefined,
): Promise<QoderError> {
  const isOfName = !objects.kind.hasFreeNames && (refused.param === undefined || refused.param === "name");
  const [found] = isOfName ? await objects.alike(body, 1).catch(() => []) : [];
  if (found === undefined) {
    return /idempotency/i.test(refused.serverMessage) ? otherRequest(refused) : refused;
  }
  if (found.id === predecessor) {
    return new QoderError(
      `${refused.message}. ${found.id}, which this one replaces, still has the name and stands as it was: set the resource option deleteBeforeReplace: true, which archives it before the new one is created, and archiveInUse: true before that, if live deployments name it`,
    );
  }
  return lost === undefined
    ? new QoderError(`${refused.message}. The name ${takenName(found)}`)
    : perhapsCreated(objects.kind.noun, lost, found);
}

const longestIdentity = 100;

/** Which object it is, in words. */
export function identified({ id, created_at: createdAt }: Listed): string {
  return excerpt(createdAt == null ? id : `${id}, created ${createdAt}`, longestIdentity);
}

/** What to do about a name that another object has. */
export function takenName(found: Listed): string {
  const example = `${excerpt(found.name ?? "", longestIdentity)}-\${pulumi.getStack()}`;
  return `is taken by ${identified(found)}: if another stack or person manages that one, choose another name, such as name: \`${example}\`; to manage it here and nowhere else, set adopt: "${found.id}"; if it is this resource under another Pulumi name, give it aliases: [{ name: "the old one" }]`;
}
