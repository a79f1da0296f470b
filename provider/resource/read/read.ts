import type * as pulumi from "@pulumi/pulumi";
import { wasArchived } from "../../api/archived";
import { QoderError } from "../../api/errors";
import { info, warning } from "../../api/remark";
import { declarable, liveAsRecorded, undeclarable } from "../compare/arguments";
import { isOlder } from "../compare/older";
import { isUnanswered, withUnanswered } from "../compare/unanswered";
import { baselineAfterRead, shownAsFound } from "../compare/views";
import type { PriorState, ResourceKind } from "../kind/kind";
import { type BaseReply, shownOutputs } from "../kind/outputs";
import { type Properties, same } from "../kind/program-values";
import { sealed } from "../state/hidden-texts";
import { hiddenInputs, hiddenOutputs, priorStateIn, shownMemory, stateOf } from "../state/state";
import type { Found, ListReads } from "./listed-reads";
import { findUnlessGone } from "./not-found";
import type { Objects } from "./objects";

/**
 * The answer to a refresh, a `.get()` or an import: the state of the live object, and its inputs if these differ from the
 * recorded ones. `warnings` returns the problems of other objects that the live object names.
 */
export async function read(
  objects: Objects,
  reads: ListReads | undefined,
  state: State,
  warnings: (live: Properties) => Promise<readonly string[]>,
): Promise<pulumi.dynamic.ReadResult> {
  const { client, kind } = objects;
  const { id, properties, prior } = state;
  if (isNew(prior)) {
    const shown = await get(objects, id);
    const undeclared = undeclarable(kind, shown);
    if (undeclared !== undefined) {
      await client.remark(warning(undeclared));
    }
    return described(kind, shown, state);
  }
  const found = await firstLook(reads, objects, state);
  let answer = "unchanged" in found ? found.unchanged : undefined;
  if (answer === undefined) {
    const look = "object" in found ? async () => found.object : undefined;
    const shown = await refresh(objects, id, prior, look);
    if (shown === undefined || shown === "older") {
      return shown === "older" ? { id, props: properties } : { id: "" };
    }
    answer = answerAbout(objects, shown, state);
  }
  const { result, live } = answer;
  for (const text of await warnings(live)) {
    await client.remark(warning(text));
  }
  return result;
}

/** True for `.get()` and imports, which come without arguments. */
export function isNew({ arguments: recorded }: PriorState): boolean {
  return Object.keys(recorded).length === 0;
}

/** An object that the state did not have: a program declares it as it was found. */
export function described(kind: ResourceKind, found: BaseReply, { id, maker }: State): pulumi.dynamic.ReadResult {
  const inputs = declarable(kind, found);
  const baseline = shownAsFound(kind, found, inputs);
  const hidden = { __maker: maker, __unfinished: "update, refreshed", ...shownMemory(baseline) } as const;
  const props = stateOf(kind, found, inputs, {}, hidden);
  return { id, props, inputs };
}

/** A resource of the state. */
export interface State {
  readonly id: string;
  readonly properties: Properties;
  readonly prior: PriorState;
  /** The name of the present QoderProvider; undefined for the stack's own account. */
  readonly account: string | undefined;
  /** The maker (see `__maker`) of an object that the state gets by this read. */
  readonly maker: string;
}

interface Refreshed {
  readonly result: pulumi.dynamic.ReadResult;
  readonly live: Properties;
}

/** Uploads and objects with an unfinished write are read one by one. */
async function firstLook(
  reads: ListReads | undefined,
  objects: Objects,
  state: State,
): Promise<Found<Refreshed> | object> {
  const { kind } = objects;
  const { id, properties } = state;
  const isUnfinished = hiddenOutputs(properties).__unfinished !== undefined;
  if (reads === undefined || kind.upload !== undefined || isUnfinished) {
    return {};
  }
  return reads.find(objects, id, properties, (listed) => {
    if (!showsRecorded(kind, listed, state.prior)) {
      return undefined;
    }
    const answer = answerAbout(objects, listed, state);
    return answer.result.inputs === undefined ? answer : undefined;
  });
}

/** True if the entry shows a value for each recorded one. */
function showsRecorded(kind: ResourceKind, listed: BaseReply, { arguments: recorded, outputs }: PriorState): boolean {
  const shown = shownOutputs(kind, listed);
  const members = Object.entries(kind.fields).flatMap(([name, { wire, shownIn = wire }]) =>
    recorded[name] === undefined || shownIn === undefined ? [] : [shownIn],
  );
  return members.every((name) => listed[name] !== undefined) && Object.keys(outputs).every((name) => name in shown);
}

/** The answer about an object that exists, and its live arguments. */
export function answerAbout(objects: Objects, now: BaseReply, { id, properties, prior, account }: State): Refreshed {
  const { kind } = objects;
  const { __account, __entry, __maker, __name, __unfinished } = hiddenOutputs(properties);
  const { arguments: recorded, unanswered } = prior;
  const live = withUnanswered(kind, prior, liveAsRecorded(kind, now, recorded, prior.baseline));
  // The outputs belong to the arguments that the state keeps.
  const shown = isUnanswered(prior) ? { id: now.id } : now;
  // The object is visible in the present account. A refresh adds no output to a state that names none.
  const present = __account === undefined ? {} : { __account: account };
  const kept = { __entry, __maker, __name };
  const hidden = { ...kept, ...present, ...shownMemory(baselineAfterRead(kind, prior, live), unanswered) };
  if (__unfinished?.startsWith("update")) {
    const after = { ...hidden, __unfinished: "update, refreshed" } as const;
    return { live, result: { id, props: stateOf(kind, shown, live, properties, after, properties) } };
  }
  const props = stateOf(kind, shown, live, properties, hidden, properties);
  const { __name: _, ...others } = hiddenInputs(properties);
  // If nothing changed, return no inputs: the outputs may still hold an argument that the program has dropped.
  return __unfinished === undefined && same(live, recorded) && hasComparedOutputs(kind, now, prior.outputs)
    ? { live, result: { id, props } }
    : {
        live,
        result: { id, props, inputs: { ...live, ...others, ...nameBefore(kind, hidden, live) } },
      };
}

/**
 * The arguments that a refresh would record anew, because somebody has changed them since these outputs were recorded. Nobody can say so
 * of a sealed output, nor of any argument after an unfinished write, without the baseline, or of a reply that shows an earlier time.
 */
export function changedSince(kind: ResourceKind, outputs: Properties, reply: unknown): string[] {
  const shown = kind.reply.safeParse(reply).data;
  const prior = priorStateIn(kind, outputs);
  const now = shown === undefined || isOlder(kind, shown, prior.outputs) ? undefined : shown;
  const { arguments: recorded, baseline } = prior;
  const isSealed = (name: string) => outputs[name] === sealed;
  const isOpen = hiddenOutputs(outputs).__unfinished !== undefined || isUnanswered(prior);
  if (now === undefined || isOpen || Object.keys(outputs).some((name) => name.startsWith("__") && isSealed(name))) {
    return [];
  }
  // A resource that was only read comes without arguments.
  const live = Object.keys(recorded).length === 0 ? {} : liveAsRecorded(kind, now, recorded, baseline);
  return Object.keys({ ...recorded, ...live }).filter((name) => !isSealed(name) && !same(live[name], recorded[name]));
}

/** The name of an object to which no program gave one, if somebody has given it another name since. */
function nameBefore(
  { nameArgument = "" }: ResourceKind,
  { __name }: { __name?: string | undefined },
  live: Properties,
) {
  return __name === undefined || __name === live[nameArgument] ? {} : { __name };
}

/** The live object; undefined if it is archived or deleted, "older" if the service shows it as it was before the recorded state. */
async function refresh(
  objects: Objects,
  id: string,
  prior: PriorState,
  look: (() => Promise<BaseReply | undefined>) | undefined,
): Promise<BaseReply | "older" | undefined> {
  const found = await findUnlessGone(objects, id, prior, look);
  const object = found && (await objects.againIfOlder(found, prior.outputs));
  if (object !== undefined && isOlder(objects.kind, object, prior.outputs)) {
    return "older";
  }
  if (object?.archived_at == null && object !== undefined) {
    return object;
  }
  const end = object === undefined ? "is gone from Qoder" : wasArchived(object.archived_at);
  await objects.client.remark(info(`${end}, so this refresh takes it out of the state`));
  return undefined;
}

function hasComparedOutputs(kind: ResourceKind, object: BaseReply, recorded: Properties): boolean {
  return same(kind.compared?.(shownOutputs(kind, object)), kind.compared?.(recorded));
}

/** Throws for an absent object: the engine takes an empty answer to `.get()` for an empty resource (pulumi issue 16886). */
export async function get(objects: Objects, id: string): Promise<BaseReply> {
  const object = await objects.find(id);
  if (object === undefined) {
    throw new QoderError(`no ${objects.kind.noun} ${id} is visible to this token`);
  }
  return object;
}
