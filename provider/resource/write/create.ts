import { durationText } from "../../api/clock";
import { QoderError } from "../../api/errors";
import { patience } from "../../api/patience";
import { warning } from "../../api/remark";
import type { JsonObject } from "../../api/schema";
import { liveAsRecorded } from "../compare/arguments";
import { type Change, changesBetween, createBody, patchBody } from "../compare/changes";
import { shownAfterWrite } from "../compare/views";
import type { Ledger, Owner, Predecessor } from "../engine/ledger";
import { shownPart } from "../kind/field";
import { idempotencyKey } from "../kind/idempotency";
import { endOf, identityOf, type PriorState, parentIn, type ResourceKind } from "../kind/kind";
import { type BaseReply, creationTime, shownOutputs } from "../kind/outputs";
import { partsOf } from "../kind/parts";
import { type Properties, withWordsForUnknown } from "../kind/program-values";
import { createRequest } from "../kind/requests";
import { ageOf, haveSameAge, isAsYoungAs, isMadeMeanwhile } from "../read/age";
import { notVisibleYet, untilVisible } from "../read/not-visible-yet";
import { type Answer, MadeObjectError, type Objects } from "../read/objects";
import { PartialFailure, type Written } from "../state/state";
import { adopt, adoptLines } from "./adoption";
import { sendCreate } from "./lost-create";
import { asCreated } from "./own-request";
import { type Context, lineOf, shownChanges, unknownWord } from "./request-lines";
import type { Step } from "./step";
import { changeSteps, take } from "./update";

export interface NewResource {
  readonly wanted: Properties;
  /** The id of an object to take in place of a new one. */
  readonly adopt: string | undefined;
  /** The seed of the key, see `hiddenInputs`. */
  readonly origin: string;
  readonly self: Owner;
  /** True if the state holds an object of this resource, which the new one replaces. */
  readonly isReplacement: boolean;
}

/** `predecessor`: the object that the new one replaces; undefined if this command knows none. */
export function createSteps(
  kind: ResourceKind,
  wanted: Properties,
  { adopt, isReplacement }: Pick<NewResource, "adopt" | "isReplacement">,
  predecessor: Predecessor | undefined,
  unknown: readonly string[] = [],
): readonly Step[] {
  const created = { arguments: asCreated(kind, wanted), outputs: {} };
  const asked = unknown.filter((name) => name === kind.ownRequest?.argument);
  const steps = [newStep(changesBetween(kind, nothing, wanted)), ...changeSteps(kind, created, wanted, asked)];
  const id = adoptedId(adopt, predecessor);
  if (id === undefined) {
    return steps;
  }
  const instead = (context: Context) => steps.flatMap((step) => step.lines(context)).join(", then ");
  return [
    { lines: (context) => adoptLines(context, id) },
    ...(isReplacement ? [{ lines: (context: Context) => [`if ${id} is archived, instead ${instead(context)}`] }] : []),
  ];
}

/** The id of an object to take. If `adopt` names the object that is replaced, the resource needs a new one in its place. */
function adoptedId(adopt: string | undefined, predecessor: Predecessor | undefined): string | undefined {
  return adopt === predecessor?.id ? undefined : adopt;
}

const nothing: PriorState = { arguments: {}, outputs: {} };

function newStep(changes: readonly Change[]): Step {
  return {
    lines(context) {
      const { kind, wanted } = context;
      const parent = withWordsForUnknown(parentIn(kind, wanted) ?? unknownWord, unknownWord);
      return [lineOf(createRequest(kind, patchBody(shownChanges(changes, context)), parent), context)];
    },
  };
}

/**
 * Takes the steps up to an object that exists; `sendRest` takes the rest. Without faults a create takes one request; one read more if the
 * response may repeat an earlier one.
 */
export async function create(objects: Objects, resource: NewResource, ledger: Ledger): Promise<Written> {
  const { kind } = objects;
  const { wanted, origin, isReplacement } = resource;
  const predecessor = isReplacement ? ledger.predecessor(origin) : undefined;
  const id = adoptedId(resource.adopt, predecessor);
  const adopted = id === undefined ? undefined : await adopt(objects, id, resource, ledger);
  if (adopted !== undefined) {
    return adopted;
  }
  const created = await createNew(objects, resource, createBody(kind, wanted), ledger, predecessor?.id);
  await kind.afterWrite?.(objects, created.object.id, wanted);
  return created;
}

/** Sends what a create request cannot carry. The object exists by now, so every failure must carry it into the state. */
export async function sendRest(
  objects: Objects,
  { object, recorded, baseline }: Written,
  wanted: Properties,
): Promise<Written> {
  const known = { arguments: recorded, outputs: shownOutputs(objects.kind, object), baseline };
  return take(objects, object, changeSteps(objects.kind, known, wanted), known);
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
  for (let generation = 0; generation < patience.generations; generation += 1) {
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
    if (isMadeMeanwhile(answer, tookMs)) {
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
    `objects with the same arguments were created and ended ${patience.generations} times in the last 24 hours, and the service repeats its responses to them.\nChange ${changeable(kind)}, or wait 24 hours`,
  );
}

/** The argument whose change gives a create another idempotency key. */
function changeable({ fields }: ResourceKind): string {
  return "description" in fields ? "its description" : "one of its arguments";
}

/** Nobody has read what the object holds, so the next update sends every argument, apart from secrets: the create has carried these. */
function partlyMade(kind: ResourceKind, { id, cause }: MadeObjectError, recorded: Properties): PartialFailure {
  const unanswered = Object.fromEntries(
    Object.entries(kind.fields).flatMap(([name, field]) => {
      const parts = Object.keys(partsOf(shownPart(field, recorded[name]), field.inParts));
      return parts.length === 0 || field.replaces ? [] : [[name, parts] as const];
    }),
  );
  return new PartialFailure({ object: { id }, recorded, baseline: {}, unanswered }, cause, true);
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
  const mayBeDeleted = endOf(kind, created.recorded) === "deleted" && !isSecondNew;
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
  if (age !== undefined && age > patience.interruptionMs) {
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
