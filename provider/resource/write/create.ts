import { durationText } from "../../api/clock";
import { QoderError } from "../../api/errors";
import { warning } from "../../api/remark";
import { ageOf, creationTime, isAsYoungAs, isProvenNew, longestInterruptionMs } from "../age";
import { ownedArguments, shownArguments } from "../arguments";
import { type Baseline, shownAfterWrite } from "../baseline";
import { CommandLists } from "../command-lists";
import { isReplacement } from "../diff";
import { findWhenSettled } from "../gone";
import { argumentNames, holderIn, identityOf, type ResourceKind } from "../kind";
import type { Answer, Objects } from "../objects";
import type { BaseReply } from "../outputs";
import type { Holder, Ownership } from "../ownership";
import type { Properties } from "../program-values";
import { PartialFailure } from "../state";
import { idempotencyKey, mostLives } from "./idempotency";
import { createDespiteLostAnswers } from "./lost-answer";
import { createBody } from "./plan";
import { startOnce } from "./start";
import { warnOfTwins } from "./twin";
import { withFilesHeld } from "./versions";

/** What is to be created. */
export interface Declaration {
  readonly wanted: Properties;
  /** The id of an object to take in place of a new one. */
  readonly adopt: string | undefined;
  /** The seed of the key, see `hiddenInputs`. */
  readonly origin: string;
  readonly self: Holder;
  /** The state knows the resource already. */
  readonly isReplacement: boolean;
}

export interface Obtained {
  readonly object: BaseReply;
  /** The arguments that it holds already. */
  readonly held: Properties;
  readonly baseline: Baseline;
}

/**
 * Creates the object, or goes on with the one that an interrupted earlier try of the same declaration created. One request
 * when nothing goes wrong, and a read where the answer may repeat an earlier one. What `ownership` has met cannot be new.
 */
export async function create(
  objects: Objects,
  declaration: Declaration,
  ownership: Ownership,
  lists: CommandLists = new CommandLists(),
): Promise<Obtained> {
  const { kind } = objects;
  const { wanted, adopt: adoptedId, origin, self, isReplacement } = declaration;
  const predecessor = isReplacement ? ownership.predecessor(origin)?.id : undefined;
  if (kind.start !== undefined) {
    return startOnce(objects, kind.start, declaration, ownership);
  }
  const mayAdopt = adoptedId !== undefined && adoptedId !== predecessor;
  const adopted = mayAdopt ? await adopt(objects, adoptedId, self, isReplacement, ownership) : undefined;
  if (adopted !== undefined) {
    const held = await withFilesHeld(objects, adopted, shownArguments(kind, adopted, wanted), wanted);
    refuseOthers(kind, adopted.id, held, wanted);
    return { object: adopted, held, baseline: shownAfterWrite(kind, adopted, held) };
  }
  // What this command removed before leaves no earlier try of its replacement.
  if (kind.hasNoKeys && !(predecessor !== undefined && ownership.isArchived(predecessor))) {
    await warnOfTwins(objects, wanted, ownership, lists);
  }
  const obtained = await createNew(objects, declaration, ownership, predecessor);
  await kind.afterWrite?.(objects, obtained.object.id, wanted);
  return obtained;
}

/** What no update can change must be declared as the adopted object has it. */
function refuseOthers(kind: ResourceKind, id: string, held: Properties, wanted: Properties): void {
  const others = argumentNames(kind).filter((name) => isReplacement(kind.fields[name], held[name], wanted[name]));
  if (others.length > 0) {
    throw new QoderError(
      `${id} has another ${others.join(" and another ")} than the program says, which the API cannot change in place; declare it as it is, or leave out adopt to create a new ${kind.noun}`,
    );
  }
}

async function createNew(
  objects: Objects,
  { wanted, origin }: Declaration,
  ownership: Ownership,
  predecessor: string | undefined,
): Promise<Obtained> {
  const { client, kind } = objects;
  const start = client.now();
  const body = createBody(kind, wanted);
  const ofOtherKeys = new Set<string>();
  for (let life = 0; life < mostLives; life += 1) {
    const key = idempotencyKey(origin, body, life, client.workspaceId, holderIn(kind, wanted));
    const created = await createDespiteLostAnswers(objects, {
      body,
      wanted,
      key,
      origin,
      ownership,
      ofOtherKeys,
      predecessor,
    });
    if ("found" in created) {
      // The key proves that it was made of this body, and nothing tells how the service showed it then.
      const held = ownedArguments(kind, created.found, wanted, undefined);
      return { object: created.found, held, baseline: shownAfterWrite(kind, created.found, held) };
    }
    const { answer } = created;
    ofOtherKeys.add(answer.object.id);
    if (!ownership.mayTake(answer.object.id)) {
      // Another resource of the stack was declared like this one before, and manages it; or this run archived it, and the
      // service repeats the answer that it gave then. The next life has another key.
      continue;
    }
    const baseline = shownAfterWrite(kind, answer.object, wanted);
    if (isProvenNew(answer, client.now())) {
      return { object: answer.object, held: asCreated(objects, wanted), baseline };
    }
    const standing = await lookAt(objects, answer, wanted, start, baseline);
    if (standing !== undefined) {
      await tellOrRefuse(objects, answer, start);
      return { object: standing, held: ownedArguments(kind, standing, wanted, baseline), baseline };
    }
  }
  throw new QoderError(
    `this declaration was created and archived ${mostLives} times within a day; the service still remembers each of them. Change one of its arguments, or wait`,
  );
}

function asCreated({ kind }: Objects, wanted: Properties): Properties {
  return { ...wanted, ...kind.statusChange?.whenCreated };
}

/**
 * The answer may show the object as it was created long ago; whether it still stands, only a read tells. Undefined when it
 * does not, or has another name by now: then it belongs to a resource that was renamed since.
 */
async function lookAt(
  objects: Objects,
  answer: Answer,
  wanted: Properties,
  start: number,
  baseline: Baseline,
): Promise<BaseReply | undefined> {
  const { client, kind } = objects;
  const { id, created_at: createdAt } = answer.object;
  const createdAs = identityOf(kind, answer.object) ?? identityOf(kind, createBody(kind, wanted));
  const age = ageOf(answer, client.now());
  const mayBeNew = age === undefined || isAsYoungAs(age, client.now() - start);
  const now = await find(objects, id, creationTime(createdAt)).catch((error: unknown) => {
    // What this request may have created must reach the state. What is older may be another's: the key finds it again.
    const standing = { object: answer.object, held: asCreated(objects, wanted), baseline };
    throw mayBeNew ? new PartialFailure(standing, error) : error;
  });
  if (now === undefined && mayBeNew) {
    return answer.object;
  }
  if (now === undefined || now.archived_at != null) {
    return undefined;
  }
  const isCalled = identityOf(kind, now) ?? createdAs;
  if (isCalled === createdAs) {
    return now;
  }
  if (age === undefined || answer.date === undefined) {
    throw new QoderError(
      `the answer to the create names ${id}, which is called "${isCalled}" now, and does not tell whether that one is new. If nothing manages it, set adopt: "${id}"; otherwise change one of the arguments of this one`,
    );
  }
  return undefined;
}

async function find(objects: Objects, id: string, createdAt: number | undefined): Promise<BaseReply | undefined> {
  return (await objects.find(id)) ?? (await findWhenSettled(objects, id, createdAt));
}

async function tellOrRefuse({ client }: Objects, answer: Answer, start: number): Promise<void> {
  const { id } = answer.object;
  const age = ageOf(answer, client.now());
  if (age !== undefined && age > longestInterruptionMs) {
    throw new QoderError(
      `the service answered the create with ${id}, which it created ${durationText(age)} ago for a declaration like this one, perhaps in another stack. If nothing else manages it, set adopt: "${id}"; if \`--replace\` asked for a new one, set deleteBeforeReplace: true for that command; otherwise give this one another name`,
    );
  }
  if (!isAsYoungAs(age, client.now() - start)) {
    const time = age === undefined ? "" : `, created ${durationText(age)} ago`;
    await client.remark(warning(`goes on with ${id}${time} by an earlier up of this declaration`));
  }
}

/**
 * Takes an existing object in place of a new one. What differs is sent afterwards, like any update. Undefined where a new
 * one is wanted after all: in the replacement of a resource that exists, `adopt` has done its work long ago.
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
    // Claimed before the read, and still when the read fails: the resource that gives the object away in the same run
    // must not archive it.
    ownership.claim(id, self);
  }
  const object = await objects.find(id);
  if (object === undefined) {
    throw new QoderError(
      `there is no ${noun} ${id} that this token can see; check adopt, the account and the workspace`,
    );
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
    `${id} was archived at ${object.archived_at} and cannot be adopted; leave out adopt to create a new ${noun}`,
  );
}

function managedBy({ description }: Holder, id: string): QoderError {
  return new QoderError(
    `${id} is already managed by ${description} of this stack; it can belong to one resource only. If the resource was renamed, give it aliases instead of adopt`,
  );
}
