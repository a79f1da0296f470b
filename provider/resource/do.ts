import { changesIn, patchBody } from "./changes";
import { CommandLists } from "./command-lists";
import { adopt, type CreateStep, createNew, createSteps, type Declaration, startRun, warnOfOtherNames } from "./create";
import { type EndStep, endObject, endSteps, isLeftToUsers } from "./end";
import type { Known } from "./kind";
import type { Ledger } from "./ledger";
import type { Objects } from "./objects";
import { type BaseReply, shownOutputs } from "./outputs";
import type { Properties } from "./program-values";
import { PartialFailure, type Written } from "./state";
import { changeStatus } from "./status";
import { changeSteps, look, openWritten, orRead, send, type UpdateStep, updateSteps, waitForRun } from "./update";

/**
 * What one call of the engine does at the service, in order. `up` takes the steps, a diff asks which arguments they change, and a
 * preview prints them (`show.ts`). After a step that reads or creates the object, `up` plans the rest again from the response.
 */
export type Step = CreateStep | UpdateStep | EndStep;

/**
 * Takes the steps up to an object that exists; `finish` takes the rest. Without faults a create takes one request; one read more if the
 * response may repeat an earlier one, and one list if Pulumi's autonaming drew the name.
 */
export async function create(
  objects: Objects,
  declaration: Declaration,
  ownership: Ledger,
  lists: CommandLists = new CommandLists(),
): Promise<Written> {
  const { kind } = objects;
  const { wanted, origin, isReplacement } = declaration;
  const predecessor = isReplacement ? ownership.predecessor(origin) : undefined;
  const steps = createSteps(kind, wanted, declaration, predecessor);
  const [first] = steps;
  if (first?.do === "start" && kind.run !== undefined) {
    return startRun(objects, kind.run, declaration, ownership);
  }
  const adopted = first?.do === "adopt" ? await adopt(objects, first.id, declaration, ownership) : undefined;
  if (adopted !== undefined) {
    return adopted;
  }
  if (declaration.isNameDrawn) {
    await warnOfOtherNames(objects, wanted, ownership, lists);
  }
  const own = steps.flatMap((step): readonly Step[] => (step.do === "instead" ? step.steps : [step]));
  const created = await createNew(objects, declaration, patchBody(changesIn(own)), ownership, predecessor?.id);
  await kind.afterWrite?.(objects, created.object.id, wanted);
  return created;
}

/** Sends what a create request cannot carry. The object exists by now, so every failure must carry it into the state. */
export async function finish(
  objects: Objects,
  { object, recorded, baseline }: Written,
  wanted: Properties,
): Promise<Written> {
  const known = { arguments: recorded, outputs: shownOutputs(objects.kind, object), baseline };
  return take(objects, object, changeSteps(objects.kind, known, wanted), known, wanted);
}

export async function update(objects: Objects, id: string, known: Known, wanted: Properties): Promise<Written> {
  const planned = updateSteps(objects.kind, known, wanted);
  const [first] = planned;
  const applied = first?.do === "look" ? await look(objects, id, known, wanted, first.why) : known;
  const steps = first?.do === "look" ? orRead(changeSteps(objects.kind, applied, wanted)) : planned;
  try {
    return await take(objects, { id }, steps, applied, wanted);
  } catch (error) {
    const isUndone = error instanceof PartialFailure && error.written.recorded === applied.arguments;
    throw isUndone ? error.cause : error;
  }
}

/** Takes the steps for an object that exists. Throws what is done and known of it as a `PartialFailure`. */
async function take(
  objects: Objects,
  object: BaseReply,
  steps: readonly UpdateStep[],
  known: Known,
  wanted: Properties,
): Promise<Written> {
  const { id } = object;
  const { arguments: recorded, outputs, baseline } = known;
  let written: Written = { object, recorded, baseline };
  try {
    for (const step of steps) {
      if (step.do === "patch") {
        written = await send(objects, { id, changes: step.changes, applied: known, wanted });
      } else if (step.do === "status" && step.action !== undefined) {
        const reply = await changeStatus(objects, id, step.action, outputs["createdAt"]);
        written = { ...written, object: { ...written.object, ...reply } };
      } else if (step.do === "read") {
        written = { ...written, object: await objects.get(id) };
      } else if (step.do === "wait") {
        written = await waitForRun(objects, written, outputs, wanted);
      }
    }
    return written;
  } catch (error) {
    const failure = error instanceof PartialFailure ? error : new PartialFailure(written, error);
    throw failure.isOpen
      ? new PartialFailure(openWritten(objects.kind, failure.written.object, known, wanted), failure.cause, true)
      : failure;
  }
}

/** Archives or deletes the object. Does nothing for an object that is gone already, and for a run, whose end takes no steps. */
export async function remove(objects: Objects, id: string, known: Known, lists: CommandLists): Promise<void> {
  for (const step of endSteps(objects.kind, known.arguments)) {
    if (step.do === "end") {
      await endObject(objects, id, known, step.isDeleted);
    } else if (await isLeftToUsers(objects, id, known, lists, step)) {
      return;
    }
  }
}
