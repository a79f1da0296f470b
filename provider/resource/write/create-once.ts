import { durationText } from "../../api/clock";
import { QoderError } from "../../api/errors";
import { warning } from "../../api/remark";
import { ageOf, creationTime, isAsYoungAs, isProvenNew } from "../age";
import { ownedArguments, shownArguments } from "../arguments";
import { findWhenSettled } from "../gone";
import type { Answer, Objects } from "../objects";
import type { BaseReply } from "../outputs";
import type { Ownership } from "../ownership";
import { adopt } from "./adopt";
import type { Declaration, Obtained } from "./declaration";
import { idempotencyKey, mostLives } from "./idempotency";
import { createDespiteLostAnswers } from "./lost-answer";
import { PartialFailure } from "./partial-failure";
import { createBody } from "./patch";
import { startOnce } from "./start-once";

/** So long an interrupted `up` may lie back. What an older answer tells of may belong to another stack by now. */
export const longestInterruptionMs = 60 * 60 * 1_000;

/**
 * Creates the object, or goes on with the one that an interrupted earlier try of the same declaration created. One request
 * when nothing goes wrong, and a read where the answer may repeat an earlier one. What `ownership` has met cannot be new.
 */
export async function create<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  objects: Objects<Arguments, Outputs, Reply>,
  declaration: Declaration<Arguments>,
  ownership: Ownership,
): Promise<Obtained<Arguments, Reply>> {
  const { client, kind } = objects;
  const { wanted, adopt: adoptedId, origin, self, isReplacement } = declaration;
  if (kind.start !== undefined) {
    return startOnce(objects, kind.start, declaration, ownership);
  }
  const adopted = adoptedId === undefined ? undefined : await adopt(objects, adoptedId, self, isReplacement, ownership);
  if (adopted !== undefined) {
    return { object: adopted, held: shownArguments(kind, adopted, wanted) };
  }
  const start = client.now();
  const body = createBody(kind, wanted);
  for (let life = 0; life < mostLives; life += 1) {
    const key = idempotencyKey(origin, body, life, client.workspaceId);
    const created = await createDespiteLostAnswers(objects, { body, key, ownership });
    if ("found" in created) {
      return { object: created.found, held: ownedArguments(kind, created.found, wanted) };
    }
    const { answer } = created;
    if (!ownership.mayTake(answer.object.id)) {
      // Another resource of the stack was declared like this one before, and manages it; or this run archived it, and the
      // service repeats the answer that it gave then. The next life has another key.
      continue;
    }
    if (isProvenNew(answer, client.now())) {
      return { object: answer.object, held: asCreated(objects, wanted) };
    }
    const standing = await lookAt(objects, answer, wanted, start);
    if (standing !== undefined) {
      await tellOrRefuse(objects, answer, start);
      return { object: standing, held: ownedArguments(kind, standing, wanted) };
    }
  }
  throw new QoderError(
    `this declaration was created and archived ${mostLives} times within a day; the service still remembers each of them. Change one of its arguments, or wait`,
  );
}

function asCreated<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  { kind }: Objects<Arguments, Outputs, Reply>,
  wanted: Partial<Arguments>,
): Partial<Arguments> {
  return { ...wanted, ...kind.statusChange?.whenCreated };
}

/**
 * The answer may show the object as it was created long ago; whether it still stands, only a read tells. Undefined when it
 * does not, or has another name by now: then it belongs to a resource that was renamed since.
 */
async function lookAt<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  objects: Objects<Arguments, Outputs, Reply>,
  answer: Answer<Reply>,
  wanted: Partial<Arguments>,
  start: number,
): Promise<Reply | undefined> {
  const { client } = objects;
  const { id, created_at: createdAt } = answer.object;
  const createdAs = answer.object.name ?? createBody(objects.kind, wanted)["name"];
  const age = ageOf(answer, client.now());
  const mayBeNew = age === undefined || isAsYoungAs(age, client.now() - start);
  const now = await find(objects, id, creationTime(id, createdAt)).catch((error: unknown) => {
    // What this request may have created must reach the state. What is older may be another's: the key finds it again.
    throw mayBeNew ? new PartialFailure(answer.object, error, asCreated(objects, wanted)) : error;
  });
  if (now === undefined && mayBeNew) {
    return answer.object;
  }
  if (now === undefined || now.archived_at != null) {
    return undefined;
  }
  if ((now.name ?? createdAs) === createdAs) {
    return now;
  }
  if (age === undefined || answer.date === undefined) {
    throw new QoderError(
      `the answer to the create names ${id}, which is called "${now.name}" now, and does not tell whether that one is new. If nothing manages it, set adopt: "${id}"; otherwise change one of the arguments of this one`,
    );
  }
  return undefined;
}

async function find<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  objects: Objects<Arguments, Outputs, Reply>,
  id: string,
  createdAt: number | undefined,
): Promise<Reply | undefined> {
  return (await objects.find(id)) ?? (await findWhenSettled(objects, id, createdAt));
}

async function tellOrRefuse<Arguments extends object, Outputs extends object, Reply extends BaseReply>(
  { client }: Objects<Arguments, Outputs, Reply>,
  answer: Answer<Reply>,
  start: number,
): Promise<void> {
  const { id } = answer.object;
  const age = ageOf(answer, client.now());
  if (age !== undefined && age > longestInterruptionMs) {
    throw new QoderError(
      `the service answered the create with ${id}, which it created ${durationText(age)} ago for a declaration like this one, perhaps in another stack. If nothing else manages it, set adopt: "${id}"; otherwise give this one another name`,
    );
  }
  if (!isAsYoungAs(age, client.now() - start)) {
    const time = age === undefined ? "" : `, created ${durationText(age)} ago`;
    await client.remark(warning(`goes on with ${id}${time} by an earlier up of this declaration`));
  }
}
