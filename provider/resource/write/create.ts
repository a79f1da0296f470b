import { durationText } from "../../api/clock";
import { QoderError } from "../../api/errors";
import { warning } from "../../api/remark";
import type { JsonObject } from "../../api/schema";
import { requestLabel } from "../../api/transport";
import { liveAsRecorded, only } from "../compare/arguments";
import { shownAfterWrite } from "../compare/baseline";
import { type Change, changesBetween, changesIn, patchBody } from "../compare/changes";
import type { Ledger, Owner, Predecessor } from "../engine/ledger";
import { shownPart } from "../kind/field";
import { idempotencyKey, mostGenerations } from "../kind/idempotency";
import { argumentNames, identityOf, type PriorState, parentIn, type ResourceKind, type Run } from "../kind/kind";
import { type BaseReply, creationTime, shownOutputs } from "../kind/outputs";
import { partsOf } from "../kind/parts";
import { type Properties, withWordsForUnknown } from "../kind/program-values";
import { createRequest } from "../kind/requests";
import { ageOf, haveSameAge, isAsYoungAs, isNew, longestInterruptionMs } from "../read/age";
import { notVisibleYet, untilVisible } from "../read/not-visible-yet";
import { type Answer, MadeObjectError, type Objects } from "../read/objects";
import { PartialFailure, type Written } from "../state/state";
import { adopt } from "./adoption";
import { sendCreate } from "./lost-create";
import { type Context, lineOf, shownChanges, unknownWord } from "./request-lines";
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
 * response may repeat an earlier one.
 */
export async function create(objects: Objects, resource: NewResource, ledger: Ledger): Promise<Written> {
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
async function startRun(objects: Objects, run: Run, resource: NewResource, ledger: Ledger): Promise<Written> {
  const { client, kind } = objects;
  const { wanted, origin, isReplacement } = resource;
  const lasting = argumentNames(kind).filter((name) => kind.fields[name]?.replaces);
  const object = await run.start({
    ...{ client, wanted, origin },
    replaced: isReplacement ? { id: ledger.predecessor(origin)?.id } : undefined,
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
  const ofOtherKeys = new Set<string>();
  let unseen: Answer | undefined;
  for (let generation = 0; generation < mostGenerations; generation += 1) {
    const key = idempotencyKey(origin, body, generation, client.account.workspaceId, parentIn(kind, wanted));
    const start = client.now();
    const create = { body, wanted, key, origin, ledger, ofOtherKeys, predecessor };
    const answer = await sendCreate(objects, create).catch((error: unknown) => {
      throw error instanceof MadeObjectError ? partlyMade(kind, error, asCreated(kind, wanted)) : error;
    });
    const tookMs = client.now() - start;
    const { object } = answer;
    ofOtherKeys.add(object.id);
    if (!ledger.mayTake(object.id)) {
      // Another resource of the stack had this declaration before and manages the object, or this command archived the object:
      // the service repeated an old answer. The next round sends another key.
      continue;
    }
    const created = { object, recorded: asCreated(kind, wanted), baseline: shownAfterWrite(kind, object, wanted) };
    if (isNew(answer, tookMs)) {
      return created;
    }
    const now = await shownNow(objects, created, answer, unseen);
    if (now === undefined) {
      unseen = answer;
    } else if (isStillThat(kind, now, object, body)) {
      await tellOrRefuse(objects, answer, tookMs);
      return { ...created, object: now, recorded: liveAsRecorded(kind, now, wanted, created.baseline) };
    }
  }
  throw new QoderError(
    `objects with the same arguments were created and ended ${mostGenerations} times in the last 24 hours, and the service repeats its responses to them.\nChange ${changeable(kind)}, or wait 24 hours`,
  );
}

/** The argument whose change gives a create another idempotency key. */
function changeable({ fields }: ResourceKind): string {
  return "description" in fields ? "its description" : "one of its arguments";
}

/** Nobody has read what the object holds, so the next update sends every argument, apart from secrets: the create has carried these. */
function partlyMade(kind: ResourceKind, { id, cause }: MadeObjectError, recorded: Properties): PartialFailure {
  const open = Object.fromEntries(
    Object.entries(kind.fields).flatMap(([name, field]) => {
      const parts = Object.keys(partsOf(shownPart(field, recorded[name]), field.inParts));
      return parts.length === 0 || field.replaces ? [] : [[name, parts] as const];
    }),
  );
  return new PartialFailure({ object: { id }, recorded, baseline: {}, open }, cause, true);
}

/**
 * The object behind an answer that may be a repeated one; undefined if it is gone. A second new object that the service does not show is
 * an error, because a third would not help. `unseen`: the answer before, if its object is gone or hidden.
 */
async function shownNow(
  objects: Objects,
  created: Written,
  answer: Answer,
  unseen: Answer | undefined,
): Promise<BaseReply | undefined> {
  const { client, kind } = objects;
  const { id, created_at: createdAt } = answer.object;
  const isSecondNew = unseen !== undefined && haveSameAge(answer, unseen);
  // A kind that is archived stays visible: only a new object answers 404, or one that somebody deleted.
  const mayBeDeleted = kind.removal?.deletes?.(created.recorded) === true && !isSecondNew;
  const time = mayBeDeleted ? creationTime(createdAt) : undefined;
  const now = await untilVisible(client, notVisibleYet(id), () => objects.find(id), time).catch((error: unknown) => {
    // An object that may be new must reach the state. The key finds an older one again.
    throw ageOf(answer) === undefined ? new PartialFailure(created, error) : error;
  });
  if (now === undefined && isSecondNew) {
    throw new QoderError(
      `the service answered the create with ${unseen.object.id} and ${id}, and has answered 404 for both since.\nCheck in the console whether these ${kind.noun}s exist: if they do, set adopt to the id of one; otherwise change one argument`,
    );
  }
  return now;
}

/** False for an object that is archived, and for one that has another name by now: it belongs to a resource that was renamed. */
function isStillThat(kind: ResourceKind, now: BaseReply, created: BaseReply, body: JsonObject): boolean {
  const createdAs = identityOf(kind, created) ?? identityOf(kind, body);
  return now.archived_at == null && (identityOf(kind, now) ?? createdAs) === createdAs;
}

async function tellOrRefuse({ client }: Objects, answer: Answer, tookMs: number): Promise<void> {
  const { id } = answer.object;
  const age = ageOf(answer);
  if (age !== undefined && age > longestInterruptionMs) {
    throw new QoderError(
      `the service answered with ${id}, created ${durationText(age)} ago from the same arguments, perhaps by another stack.\nSet adopt: "${id}", or choose another name; for \`--replace\`, set deleteBeforeReplace: true`,
    );
  }
  if (!isAsYoungAs(age, tookMs)) {
    const origin =
      age === undefined
        ? "created by this `up`, by an interrupted one"
        : `created ${durationText(age)} ago by an interrupted \`up\``;
    await client.remark(warning(`continues with ${id}, ${origin}, or by another stack that had this name`));
  }
}
