import { wasArchived } from "../../api/archived";
import { durationText } from "../../api/clock";
import { QoderError } from "../../api/errors";
import { warning } from "../../api/remark";
import type { JsonObject } from "../../api/schema";
import { adoption } from "../adoption";
import { ageOf, creationTime, distinctAgeMs, isAsYoungAs, isProvenNew, longestInterruptionMs } from "../age";
import { liveAsRecorded } from "../arguments";
import { type Baseline, shownAfterWrite } from "../baseline";
import { CommandLists } from "../command-lists";
import { findWhenSettled } from "../gone";
import { holderIn, identityOf } from "../kind";
import type { Answer, Objects } from "../objects";
import type { BaseReply } from "../outputs";
import type { Holder, Ownership } from "../ownership";
import type { Properties } from "../program-values";
import { PartialFailure, type Written } from "../state";
import { warnOfOtherNames } from "./drawn-names";
import { idempotencyKey, mostLives } from "./idempotency";
import { type Create, createDespiteLostAnswers } from "./lost-answer";
import { type Declaration, patchBody } from "./plan";
import { startOnce } from "./run";
import { changesIn, createSteps } from "./steps";

/**
 * Creates the object, or continues with the object that an interrupted earlier try of this declaration created. Without faults
 * a create takes one request; one read more if the answer may repeat an earlier one, and one list if Pulumi's autonaming drew the name.
 */
export async function create(
  objects: Objects,
  declaration: Declaration,
  ownership: Ownership,
  lists: CommandLists = new CommandLists(),
): Promise<Written> {
  const { kind } = objects;
  const { wanted, adopt: adoptedId, origin, self, isReplacement } = declaration;
  const replaced = isReplacement ? ownership.predecessor(origin) : undefined;
  const predecessor = replaced?.id;
  const steps = createSteps(kind, wanted, { adopt: adoptedId, predecessor: replaced, isReplacement });
  const [first] = steps;
  if (first?.do === "start") {
    return startOnce(objects, first.start, declaration, ownership);
  }
  const adopted = first?.do === "adopt" ? await adopt(objects, first.id, self, isReplacement, ownership) : undefined;
  if (adopted !== undefined) {
    const { live, refusal } = await adoption(objects, adopted, wanted);
    if (refusal !== undefined) {
      throw new QoderError(refusal);
    }
    return { object: adopted, recorded: live, baseline: shownAfterWrite(kind, adopted, live) };
  }
  const own = steps.flatMap((step) => (step.do === "instead" ? step.steps : [step]));
  if (declaration.isNameDrawn) {
    await warnOfOtherNames(objects, wanted, ownership, lists);
  }
  const body = patchBody(changesIn(own));
  const obtained = await createNew(objects, declaration, body, ownership, predecessor);
  await kind.afterWrite?.(objects, obtained.object.id, wanted);
  return obtained;
}

async function createNew(
  objects: Objects,
  { wanted, origin }: Declaration,
  body: JsonObject,
  ownership: Ownership,
  predecessor: string | undefined,
): Promise<Written> {
  const { client, kind } = objects;
  const start = client.now();
  const ofOtherKeys = new Set<string>();
  const own = { body, wanted, origin, ownership, ofOtherKeys, predecessor };
  const unseen: string[] = [];
  let lastAge: number | undefined;
  for (let life = 0; life < mostLives; life += 1) {
    const key = idempotencyKey(origin, body, life, client.account.workspaceId, holderIn(kind, wanted));
    const answer = await createDespiteLostAnswers(objects, { ...own, key });
    ofOtherKeys.add(answer.object.id);
    if (!ownership.mayTake(answer.object.id)) {
      // Another resource of the stack had this declaration before and manages the object, or this command archived the object:
      // the service repeated an old answer. The next round sends another key.
      continue;
    }
    const baseline = shownAfterWrite(kind, answer.object, wanted);
    if (isProvenNew(answer, client.now())) {
      return { object: answer.object, recorded: asCreated(objects, wanted), baseline };
    }
    const standing = await lookAt(objects, answer, { wanted, body, lastAge }, start, baseline);
    lastAge = ageOf(answer);
    if (standing === "unseen") {
      unseen.push(answer.object.id);
      refuseUnseen(objects, unseen, answer.object.created_at);
    } else if (standing !== undefined) {
      await tellOrRefuse(objects, answer, start);
      return { object: standing, recorded: liveAsRecorded(kind, standing, wanted, baseline), baseline };
    }
  }
  throw new QoderError(
    `the same arguments were created and archived ${mostLives} times in the last 24 hours, and the service repeats its responses to them.\nChange one argument, such as the description, or wait 24 hours`,
  );
}

function asCreated({ kind }: Objects, wanted: Properties): Properties {
  return { ...wanted, ...kind.statusChange?.whenCreated };
}

/** How many objects a create may leave at a service that hides new objects for longer than it says. */
const mostUnseen = 3;

/**
 * An object that the service does not show is probably a deleted one of an earlier create, so the next key makes another. An object
 * without a time of creation may as well be new, and so may the last of several.
 */
function refuseUnseen({ kind }: Objects, ids: readonly string[], createdAt: unknown): void {
  if (creationTime(createdAt) === undefined || ids.length >= mostUnseen) {
    throw new QoderError(
      `the service answered the create with ${ids.join(" and ")}, and has answered 404 for it since.\nCheck in the console whether this ${kind.noun} exists: if it does, set adopt to its id; otherwise change one argument`,
    );
  }
}

/**
 * The live object behind an answer that may be a repeated one. Undefined if the object is gone or archived, or if it has another name
 * by now: then it belongs to a resource that was renamed. "unseen" if the object may be new, and the service does not show it.
 */
async function lookAt(
  objects: Objects,
  answer: Answer,
  { wanted, body, lastAge }: Pick<Create, "wanted" | "body"> & { readonly lastAge: number | undefined },
  start: number,
  baseline: Baseline,
): Promise<BaseReply | "unseen" | undefined> {
  const { client, kind } = objects;
  const { id, created_at: createdAt } = answer.object;
  const createdAs = identityOf(kind, answer.object) ?? identityOf(kind, body);
  const age = ageOf(answer);
  const mayBeNew = age === undefined || isAsYoungAs(age, client.now() - start);
  // Two clocks of the service may differ by any time. Objects that this command made have the same age, objects of earlier commands have
  // not. A kind that is archived stays visible, so only a new object answers 404, or one that somebody deleted.
  const isAsOldAsLast = age !== undefined && lastAge !== undefined && Math.abs(age - lastAge) <= distinctAgeMs;
  const isPerhapsNew = mayBeNew || isAsOldAsLast || kind.deletes?.(wanted) !== true;
  const now = await find(objects, id, isPerhapsNew ? undefined : creationTime(createdAt)).catch((error: unknown) => {
    // A new object must reach the state. An older one may belong to another resource, and the key finds it again.
    const standing = { object: answer.object, recorded: asCreated(objects, wanted), baseline };
    throw mayBeNew ? new PartialFailure(standing, error) : error;
  });
  if (now === undefined || now.archived_at != null) {
    return now === undefined && isPerhapsNew ? "unseen" : undefined;
  }
  const isCalled = identityOf(kind, now) ?? createdAs;
  if (isCalled === createdAs) {
    return now;
  }
  if (age === undefined) {
    throw new QoderError(
      `the service answered the create with ${id}, which is called ${JSON.stringify(isCalled)} now and may be an older ${kind.noun}.\nIf no stack manages it, set adopt: "${id}"; otherwise change one argument here`,
    );
  }
  return undefined;
}

async function find(objects: Objects, id: string, createdAt: number | undefined): Promise<BaseReply | undefined> {
  return (await objects.find(id)) ?? (await findWhenSettled(objects, id, createdAt));
}

async function tellOrRefuse({ client }: Objects, answer: Answer, start: number): Promise<void> {
  const { id } = answer.object;
  const age = ageOf(answer);
  if (age !== undefined && age > longestInterruptionMs) {
    throw new QoderError(
      `the service answered with ${id}, created ${durationText(age)} ago from the same arguments, perhaps by another stack.\nSet adopt: "${id}", or choose another name; for \`--replace\`, set deleteBeforeReplace: true`,
    );
  }
  if (!isAsYoungAs(age, client.now() - start)) {
    const origin =
      age === undefined
        ? "which this `up` or an interrupted one created"
        : `created ${durationText(age)} ago by an interrupted \`up\``;
    await client.remark(warning(`continues with ${id}, ${origin}, or by another stack that had this name`));
  }
}

/**
 * The existing object that the program names with `adopt`; an update sends the differences afterwards. Undefined in the replacement
 * of a resource whose object is archived: then the resource gets a new one.
 */
async function adopt(
  objects: Objects,
  id: string,
  self: Holder,
  isReplacement: boolean,
  ownership: Ownership,
): Promise<BaseReply | undefined> {
  const { noun } = objects.kind;
  if (isReplacement && ownership.isArchived(id)) {
    return undefined;
  }
  const holder = ownership.holder(id);
  if (holder !== undefined && !isReplacement) {
    throw managedBy(holder, id);
  }
  if (holder === undefined) {
    // Claim the object before the read, and keep the claim if the read fails: the resource that gives the object away in the
    // same command must not archive it.
    ownership.claim(id, self);
  }
  const object = await objects.find(id);
  if (object === undefined) {
    throw new QoderError(`no ${noun} ${id} is visible to this token.\nCheck adopt, the token and qoder:workspaceId`);
  }
  if (object.archived_at == null) {
    if (holder !== undefined) {
      throw managedBy(holder, id);
    }
    return object;
  }
  ownership.archived(id);
  if (isReplacement) {
    return undefined;
  }
  throw new QoderError(
    `${id} ${wasArchived(object.archived_at)} and cannot be adopted.\nRemove adopt to create a new ${noun}`,
  );
}

function managedBy({ description }: Holder, id: string): QoderError {
  return new QoderError(
    `${description} of this stack manages ${id} already, and an object can belong to one resource only.\nIf the resource was renamed, give it aliases instead of adopt`,
  );
}
