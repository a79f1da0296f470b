import { durationText } from "../api/clock";
import { QoderError, reasonOf } from "../api/errors";
import { warning } from "../api/remark";
import type { JsonObject } from "../api/schema";
import { requestLabel } from "../api/transport";
import { adopt } from "./adoption";
import { ageOf, creationTime, distinctAgeMs, isAsYoungAs, isProvenNew, longestInterruptionMs } from "./age";
import { liveAsRecorded, only } from "./arguments";
import { shownAfterWrite } from "./baseline";
import { type Change, changesBetween, changesIn, patchBody } from "./changes";
import { CommandLists } from "./command-lists";
import { idempotencyKey, mostGenerations } from "./idempotency";
import {
  argumentNames,
  type Baseline,
  identityOf,
  type PriorState,
  parentIn,
  type ResourceKind,
  type Run,
} from "./kind";
import type { Ledger, Owner, Predecessor } from "./ledger";
import { type Create, changeable, createDespiteLostAnswers, endOf, shownWithAge } from "./lost-answer";
import { findWhenConsistent } from "./not-found";
import { type Answer, MadeObjectError, type Objects } from "./objects";
import { type BaseReply, shownOutputs } from "./outputs";
import { type Properties, withWordsForUnknown } from "./program-values";
import { type Context, lineOf, shownChanges, unknownWord } from "./request-lines";
import { createRequest } from "./requests";
import { PartialFailure, type Written } from "./state";
import { asCreated } from "./status";
import { changeSteps, take, type UpdateStep } from "./update";

/** A new resource. */
interface NewResource {
  readonly wanted: Properties;
  /** The id of an object to take in place of a new one. */
  readonly adopt: string | undefined;
  /** The seed of the key, see `hiddenInputs`. */
  readonly origin: string;
  readonly self: Owner;
  /** True if the state holds an object of this resource, which the new one replaces. */
  readonly isReplacement: boolean;
  /** True if the program gives no name, and Pulumi's autonaming drew one. */
  readonly isNameDrawn: boolean;
}

interface NewStep {
  readonly do: "create";
  readonly changes: readonly Change[];
}

export type CreateStep =
  /** Reads the object that the program names with `adopt`, and sends what differs. */
  | { readonly do: "adopt"; readonly id: string }
  /** Creates another object if the one to adopt is archived. */
  | { readonly do: "instead"; readonly of: string; readonly steps: readonly (NewStep | UpdateStep)[] }
  | NewStep
  /** Starts a run, or finds the one that an earlier try started. */
  | { readonly do: "start" };

/** `predecessor`: the object that the new one replaces; undefined if this command knows none. */
export function createSteps(
  kind: ResourceKind,
  wanted: Properties,
  { adopt, isReplacement }: Pick<NewResource, "adopt" | "isReplacement">,
  predecessor: Predecessor | undefined,
  open: readonly string[] = [],
): readonly (CreateStep | UpdateStep)[] {
  const { run, statusChange } = kind;
  if (run !== undefined) {
    return [{ do: "start" }, ...changeSteps(kind, nothing, wanted)];
  }
  const created = { arguments: asCreated(kind, wanted), outputs: {} };
  const steps: readonly (NewStep | UpdateStep)[] = [
    { do: "create", changes: changesBetween(kind, nothing, wanted) },
    ...changeSteps(
      kind,
      created,
      wanted,
      open.filter((name) => name === statusChange?.argument),
    ),
  ];
  // If `adopt` names the object that is replaced, the resource needs a new one in its place.
  if (adopt === undefined || adopt === predecessor?.id) {
    return steps;
  }
  return [{ do: "adopt", id: adopt }, ...(isReplacement ? [{ do: "instead", of: adopt, steps } as const] : [])];
}

const nothing: PriorState = { arguments: {}, outputs: {} };

export function newLine(context: Context, { changes }: NewStep): string {
  const { kind, wanted } = context;
  const parent = withWordsForUnknown(parentIn(kind, wanted) ?? unknownWord, unknownWord);
  return lineOf(createRequest(kind, patchBody(shownChanges(changes, context)), parent), context);
}

export function startLines({ kind, wanted }: Context): readonly string[] {
  const requests = kind.run?.startRequests(wanted) ?? [];
  return requests.map((request) => withWordsForUnknown(requestLabel(request), unknownWord));
}

/**
 * Takes the steps up to an object that exists; `finish` takes the rest. Without faults a create takes one request; one read more if the
 * response may repeat an earlier one, and one list if Pulumi's autonaming drew the name.
 */
export async function create(
  objects: Objects,
  resource: NewResource,
  ledger: Ledger,
  lists: CommandLists = new CommandLists(),
): Promise<Written> {
  const { kind } = objects;
  const { wanted, origin, isReplacement } = resource;
  const predecessor = isReplacement ? ledger.predecessor(origin) : undefined;
  const steps = createSteps(kind, wanted, resource, predecessor);
  const [first] = steps;
  if (first?.do === "start" && kind.run !== undefined) {
    return startRun(objects, kind.run, resource, ledger);
  }
  const adopted = first?.do === "adopt" ? await adopt(objects, first.id, resource, ledger) : undefined;
  if (adopted !== undefined) {
    return adopted;
  }
  if (resource.isNameDrawn) {
    await warnOfOtherNames(objects, wanted, ledger, lists);
  }
  const own = steps.flatMap((step): readonly (CreateStep | UpdateStep)[] =>
    step.do === "instead" ? step.steps : [step],
  );
  const created = await createNew(objects, resource, patchBody(changesIn(own)), ledger, predecessor?.id);
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

/** Starts a run, or continues with the run that an interrupted earlier try of this declaration started. */
async function startRun(objects: Objects, run: Run, { wanted, origin }: NewResource, ledger: Ledger): Promise<Written> {
  const { client, kind } = objects;
  const lasting = argumentNames(kind).filter((name) => kind.fields[name]?.replaces);
  const object = await run.start({
    ...{ client, wanted, origin },
    lasting: only(wanted, lasting),
    alone: (queue, work) => ledger.alone(queue, work),
    lastChange: (ids) => ledger.lastChange(ids),
    isTaken: (id) => !ledger.mayTake(id),
    send: async (request, problem) => (await objects.send(request, problem)).object,
  });
  return { object, recorded: wanted, baseline: {} };
}

/** Creates the object, or continues with the one that an interrupted earlier try of this declaration created. */
async function createNew(
  objects: Objects,
  { wanted, origin }: NewResource,
  body: JsonObject,
  ledger: Ledger,
  predecessor: string | undefined,
): Promise<Written> {
  const { client, kind } = objects;
  const start = client.now();
  const ofOtherKeys = new Set<string>();
  const own = { body, wanted, origin, ledger, ofOtherKeys, predecessor };
  const unseen: string[] = [];
  let lastAge: number | undefined;
  for (let generation = 0; generation < mostGenerations; generation += 1) {
    const key = idempotencyKey(origin, body, generation, client.account.workspaceId, parentIn(kind, wanted));
    const answer = await createDespiteLostAnswers(objects, { ...own, key }).catch((error: unknown) => {
      throw error instanceof MadeObjectError ? partlyMade(error, asCreated(kind, wanted)) : error;
    });
    ofOtherKeys.add(answer.object.id);
    if (!ledger.mayTake(answer.object.id)) {
      // Another resource of the stack had this declaration before and manages the object, or this command archived the object:
      // the service repeated an old answer. The next round sends another key.
      continue;
    }
    const baseline = shownAfterWrite(kind, answer.object, wanted);
    if (isProvenNew(answer, client.now())) {
      return { object: answer.object, recorded: asCreated(kind, wanted), baseline };
    }
    const found = await lookAt(objects, answer, { wanted, body, lastAge }, start, baseline);
    lastAge = ageOf(answer);
    if (found === "unseen") {
      unseen.push(answer.object.id);
      refuseUnseen(objects, unseen, answer.object.created_at);
    } else if (found !== undefined) {
      await tellOrRefuse(objects, answer, start);
      return { object: found, recorded: liveAsRecorded(kind, found, wanted, baseline), baseline };
    }
  }
  throw new QoderError(
    `objects with the same arguments were created and ended ${mostGenerations} times in the last 24 hours, and the service repeats its responses to them.\nChange ${changeable(kind)}, or wait 24 hours`,
  );
}

function partlyMade({ id, cause }: MadeObjectError, recorded: Properties): PartialFailure {
  return new PartialFailure({ object: { id }, recorded, baseline: undefined }, cause, true);
}

/** How many objects a create may leave at a service that hides new objects for longer than it says. */
const mostUnseen = 3;

/**
 * The service answers 404 right after a create: either the key repeated the response of a deleted object, and the next key makes another
 * one, or the new object is not visible yet. After `mostUnseen` objects, or for one without `created_at`, nobody can tell.
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
  const isPerhapsNew = mayBeNew || isAsOldAsLast || kind.removal?.deletes?.(wanted) !== true;
  const now = await find(objects, id, isPerhapsNew ? undefined : creationTime(createdAt)).catch((error: unknown) => {
    // A new object must reach the state. An older one may belong to another resource, and the key finds it again.
    const written = { object: answer.object, recorded: asCreated(kind, wanted), baseline };
    throw mayBeNew ? new PartialFailure(written, error) : error;
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
  return (await objects.find(id)) ?? (await findWhenConsistent(objects, id, createdAt));
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
        ? "created by this `up`, by an interrupted one"
        : `created ${durationText(age)} ago by an interrupted \`up\``;
    await client.remark(warning(`continues with ${id}, ${origin}, or by another stack that had this name`));
  }
}

/**
 * Warns before a create whose name the setting `pulumi:autonaming` drew: an interrupted `up` may have made this object under another
 * name, and neither the name nor the idempotency key leads to it.
 */
async function warnOfOtherNames(
  objects: Objects,
  wanted: Properties,
  ledger: Ledger,
  lists: CommandLists,
): Promise<void> {
  const { client, kind } = objects;
  const { argument: nameArgument = "name" } = kind.distinction ?? {};
  try {
    for (const entry of await lists.live(client, objects.list)) {
      const reply = objects.readable(entry);
      if (reply === undefined || !ledger.mayTake(reply.id)) {
        continue;
      }
      const live = { arguments: liveAsRecorded(kind, reply, wanted, undefined), outputs: shownOutputs(kind, reply) };
      if (changesBetween(kind, live, wanted).every(({ argument }) => argument === nameArgument)) {
        const text = `${shownWithAge(client, reply)}, differs from this ${kind.noun} only in the name, which pulumi:autonaming drew`;
        await client.remark(warning(`${text}. If an interrupted \`pulumi up\` created it, ${endOf(kind, wanted)} it`));
      }
    }
  } catch (error) {
    const text = `it is unknown whether an interrupted \`pulumi up\` created this ${kind.noun} under another name`;
    await client.remark(warning(`${text}: ${reasonOf(error)}`));
  }
}
