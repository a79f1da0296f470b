import { z } from "zod";
import { type Field, shownPart } from "../kind/field";
import type { Baseline, PriorState, ResourceKind } from "../kind/kind";
import type { BaseReply } from "../kind/outputs";
import {
  type ArgumentParts,
  joined,
  membersOfAll,
  partsOf,
  pathOf,
  wholeName,
  withParts,
  withSecretsOf,
} from "../kind/parts";
import { isObject, type Properties, same, without } from "../kind/program-values";
import { writable } from "../kind/unknown-members";
import { wireName } from "../kind/wire-case";
import { carriedParts, type Patch } from "./changes";

// The service may show an argument in another form than the sent one: with defaults, sorted, resolved, or without hidden members. So an
// update remembers how the service showed the whole argument right after it. Whatever looks like that later is unchanged, and anything
// else is what somebody made of it.

const entriesSchema = z.record(z.string(), z.object({ sent: z.unknown(), shown: z.unknown() }).partial());

/**
 * Reads the baseline from the output that holds it. The output is a text, so that the engine drops no member of it. Undefined for an
 * object that no write of a program has touched, such as an imported one.
 */
export function baselineIn({ __shown: text }: { readonly __shown?: string | undefined }): Baseline | undefined {
  try {
    return entriesSchema.safeParse(JSON.parse(text ?? "")).data;
  } catch {
    return undefined;
  }
}

/** The live value. A member of it that no program can write takes part in no comparison and in no baseline. */
export function liveIn(field: Field, reply: BaseReply, own: unknown): unknown {
  return writable(field.schema, field.live?.(reply, own));
}

/** What our last write sent of an argument, and how the service showed it right after that. Without an entry, both are the recorded value. */
function lastWrite(field: Field, name: string, { arguments: recorded, baseline = {} }: Known) {
  const entry = Object.hasOwn(baseline, name) ? baseline[name] : undefined;
  if (entry === undefined) {
    const value = shownPart(field, recorded[name]);
    return { sent: value, shown: value };
  }
  const parsed = (value: unknown) => writable(field.schema, field.recorded.safeParse(value).data);
  return { sent: parsed(entry.sent), shown: parsed(entry.shown) };
}
type Known = Pick<PriorState, "arguments" | "baseline">;

/** How the service showed the recorded value last: a foreign change is recorded as the service showed it. */
function lastShown(field: Field, name: string, known: Known): unknown {
  const { sent, shown } = lastWrite(field, name, known);
  const recorded = shownPart(field, known.arguments[name]);
  return isSame(field, sent, recorded) ? shown : recorded;
}

function isSame(field: Field, one: unknown, other: unknown): boolean {
  return same(one, other) || same(normalOf(field, one), normalOf(field, other));
}

function normalOf({ normal }: Field, value: unknown): unknown {
  return normal === undefined ? value : normal(value);
}

/** True if the live value is this one, or this one with its documented defaults, which the service may fill in at any time. */
export function looksLike(field: Field, live: unknown, value: unknown): boolean {
  const isResolved = () =>
    value !== undefined && field.resolved !== undefined && isSame(field, live, field.resolved(value));
  return isSame(field, live, value) || isResolved();
}

/** True for an argument that the program leaves to everybody. */
export function isNobodys({ leftOut }: Field, value: unknown): boolean {
  return value === undefined && leftOut === "untouched";
}

/** The value to record for the live object: the sent one where the object looks as right after the last write, else the live one. */
export function recordedAfterRead(field: Field, name: string, known: Known, reply: BaseReply): unknown {
  const recorded = known.arguments[name];
  const { inParts, secretMembers = [] } = field;
  const { sent, shown } = lastWrite(field, name, known);
  if (field.live === undefined) {
    return recorded;
  }
  if (isNobodys(field, sent)) {
    return undefined;
  }
  const live = liveIn(field, reply, sent);
  const taken =
    inParts === undefined ? wholeTaken(field, live, shown, sent) : partsTaken(field, inParts, live, shown, sent);
  return same(taken, shownPart(field, recorded)) ? recorded : withSecretsOf(taken, recorded, secretMembers);
}

function wholeTaken(field: Field, live: unknown, shown: unknown, sent: unknown): unknown {
  return looksLike(field, live, shown) || looksLike(field, live, sent) ? sent : live;
}

function partsTaken(field: Field, inParts: readonly string[], live: unknown, shown: unknown, sent: unknown): unknown {
  const [now, ours] = [partsOf(live, inParts), partsOf(sent, inParts)];
  const [normalNow, normalBefore, normalSent] = [live, shown, sent].map((one) =>
    partsOf(normalOf(field, one), inParts),
  );
  const parts = Object.keys({ ...ours, ...now }).map((part) => {
    const isOurs = [normalBefore, normalSent].some((one) => same(one?.[part], normalNow?.[part]));
    return [part, isOurs ? ours[part] : now[part]] as const;
  });
  return joined(Object.fromEntries(parts), inParts);
}

/** The baseline of the arguments with these names after a write that the service answered with this reply. */
export function shownAfterWrite(
  { fields }: ResourceKind,
  reply: BaseReply,
  sent: Properties,
  names: readonly string[] = Object.keys(fields),
): Baseline {
  const entries = names.flatMap((name) => {
    const field = fields[name];
    const value = field === undefined ? undefined : shownPart(field, sent[name]);
    return field?.live === undefined || field.wire === undefined || isNobodys(field, value)
      ? []
      : entryOf(field, name, { sent: value, shown: liveIn(field, reply, value) });
  });
  return Object.fromEntries(entries);
}

/** The baseline of an object that a program declares with these inputs as it was found; undefined if a reply shows it in the same form. */
export function shownAsFound(kind: ResourceKind, reply: BaseReply, inputs: Properties): Baseline | undefined {
  const shown = shownAfterWrite(kind, reply, inputs, Object.keys(inputs));
  return Object.keys(shown).length === 0 ? undefined : shown;
}

function entryOf(field: Field, name: string, entry: Baseline[string]): [string, Baseline[string]][] {
  return looksLike(field, entry.shown, entry.sent) ? [] : [[name, entry]];
}

/** The baseline after a refresh: it keeps what our last write sent of each argument that the state now records in another way. */
export function baselineAfterRead({ fields }: ResourceKind, prior: PriorState, live: Properties): Baseline | undefined {
  const { baseline } = prior;
  if (baseline === undefined) {
    return undefined;
  }
  const entries = Object.entries(fields).flatMap(([name, field]): [string, Baseline[string]][] => {
    const written = lastWrite(field, name, prior);
    const hasMemory = field.live !== undefined && field.wire !== undefined;
    const isForeign = hasMemory && !isSame(field, shownPart(field, live[name]), written.sent);
    return isForeign ? [[name, written]] : Object.hasOwn(baseline, name) ? entryOf(field, name, written) : [];
  });
  return Object.fromEntries(entries);
}

/** One part of an argument as our last write sent it, as the service showed it last, as a reply shows it, and as the program wants it. */
interface View {
  readonly part: string;
  /** Undefined before the first write of a program: what lives beside its members is somebody's, or the service's. */
  readonly sent: unknown;
  readonly live: unknown;
  readonly wanted: unknown;
  /** The values which the live one looks like. */
  readonly isSent: boolean;
  readonly isShown: boolean;
  readonly isWanted: boolean;
  /** True if only members that no reply shows can differ from what the state records. */
  readonly isAsRecorded: boolean;
}

/** The parts of an argument; none if no reply shows it. The answer to an upload shows the number of its version, and no file. */
function views(
  { fields, upload }: ResourceKind,
  name: string,
  prior: PriorState,
  wanted: Properties,
  reply: BaseReply,
) {
  const field = fields[name];
  if (field?.live === undefined || upload?.argument === name) {
    return [];
  }
  const { sent } = lastWrite(field, name, prior);
  const shown = lastShown(field, name, prior);
  const target = shownPart(field, wanted[name]);
  return field.inParts === undefined
    ? [wholeView(field, reply, { sent, shown, target, recorded: prior.arguments[name] }, prior)]
    : partViews(field, reply, { sent, shown, target, recorded: prior.arguments[name] }, prior);
}

interface Sides {
  readonly sent: unknown;
  readonly shown: unknown;
  readonly target: unknown;
  readonly recorded: unknown;
}

function wholeView(field: Field, reply: BaseReply, { sent, shown, target, recorded }: Sides, prior: PriorState): View {
  // An argument may show other parts for each value, such as a pinned version.
  const live = (own: unknown) => liveIn(field, reply, own);
  // The normal form has a default in place of a member that the reply leaves out.
  const form = (value: unknown) => (field.omits?.(reply) ? value : normalOf(field, value));
  return {
    part: wholeName,
    sent: prior.baseline === undefined ? undefined : form(sent),
    live: form(live(target)),
    wanted: target === undefined ? undefined : form(target),
    isSent: looksLike(field, live(sent), sent),
    isShown: looksLike(field, live(recorded), shown),
    isWanted: looksLike(field, live(target), target),
    isAsRecorded: false,
  };
}

function partViews(
  field: Field,
  reply: BaseReply,
  { sent, shown, target, recorded }: Sides,
  prior: PriorState,
): View[] {
  const { inParts, byDefault } = field;
  const live = liveIn(field, reply, membersOfAll(sent, shown, shownPart(field, recorded), target));
  const sides = [live, sent, shown, target, shownPart(field, recorded)];
  const [now = {}, ours = {}, before = {}, after = {}, known = {}] = sides.map((value) => ({
    ...partsOf(byDefault, inParts),
    ...partsOf(normalOf(field, value), inParts),
  }));
  return Object.keys(membersOfAll(now, ours, before, after)).map((part) => ({
    part,
    sent: prior.baseline === undefined ? undefined : ours[part],
    live: now[part],
    wanted: after[part],
    isSent: same(now[part], ours[part]),
    isShown: same(now[part], before[part]),
    isWanted: same(now[part], after[part]),
    isAsRecorded: same(known[part], after[part]),
  }));
}

/** What a reply shows of an update. */
interface Outcome {
  /** False if the reply leaves out what the update carried: it does not say how the service shows it. */
  readonly isShown: boolean;
  /**
   * The parts that are not done: the service may answer an update with success and not do it. Such a part looks exactly as before,
   * although the program wants another value.
   */
  readonly undone: ArgumentParts;
  /** The baseline after the update. */
  readonly baseline: Baseline;
}

export function outcomeOf(kind: ResourceKind, patch: Patch, reply: BaseReply): Outcome {
  const { changes, applied, wanted } = patch;
  const undone = changes.map((change) => {
    const { argument } = change;
    const { [argument]: field } = kind.fields;
    const carried = carriedParts(kind, change);
    const shown = views(kind, argument, applied, wanted, reply).filter(({ part }) => carried.includes(part));
    return [argument, shown.filter((view) => field && !isDone(field, view)).map(({ part }) => part)] as const;
  });
  const left = Object.fromEntries(undone.filter(([, parts]) => parts.length > 0));
  const isShown = changes.every(({ argument }) => {
    const { live, wire = "", shownIn = wire } = kind.fields[argument] ?? {};
    return live === undefined || wanted[argument] === undefined || reply[shownIn] !== undefined;
  });
  return { isShown, undone: left, baseline: rebased(kind, patch, reply, left) };
}

function isDone({ filledIn = [], inParts, leftOut }: Field, view: View) {
  const { part, sent, live, wanted, isShown, isWanted, isAsRecorded } = view;
  // A reply shows each label, so one that is missing was not set.
  const isMissing = inParts !== undefined && leftOut === "untouched" && live === undefined;
  if (isWanted || !(isShown || isMissing) || (isAsRecorded && !isMissing)) {
    return true;
  }
  if (inParts !== undefined) {
    return wanted === undefined && (sent === undefined || filledIn.includes(wireName(pathOf(part).at(-1) ?? "")));
  }
  return wanted !== undefined && showsNoOther(live, wanted) && !showsDropped(live, sent, wanted, filledIn);
}

/** What an object shows of an update that was refused because it has another version. */
interface Meeting {
  /** The arguments that live neither as our last write sent them, nor as the service showed them last, nor as the program wants them. */
  readonly foreign: readonly string[];
  /** True if all that the update wants lives: a repeated request meets the version that its first try made. */
  readonly isDone: boolean;
}

/** `asked`: the arguments that somebody else must not have changed. */
export function metBy(
  kind: ResourceKind,
  { changes, applied, wanted }: Patch,
  now: BaseReply,
  asked: readonly string[],
): Meeting {
  const shown = new Map(Object.keys(kind.fields).map((name) => [name, views(kind, name, applied, wanted, now)]));
  const partsOfAll = (name: string) => shown.get(name) ?? [];
  const isForeign = (name: string) => partsOfAll(name).some((view) => !view.isSent && !view.isShown && !view.isWanted);
  const isWanted = (name: string) => partsOfAll(name).length > 0 && partsOfAll(name).every((view) => view.isWanted);
  return { foreign: asked.filter(isForeign), isDone: changes.every(({ argument }) => isWanted(argument)) };
}

/** The baseline after an update with these changes. Of a value in parts, only the parts that the update carried take a new one. */
function rebased(
  kind: ResourceKind,
  { applied: prior, changes, wanted }: Patch,
  reply: BaseReply,
  undone: ArgumentParts,
): Baseline {
  const isWhole = (name: string) => kind.fields[name]?.inParts === undefined;
  const names = changes.map(({ argument }) => argument).filter((name) => !isWhole(name) || undone[name] === undefined);
  const partly = changes.flatMap((change) => {
    const { argument: name } = change;
    const field = kind.fields[name];
    if (field?.live === undefined || field.inParts === undefined) {
      return [];
    }
    const { inParts } = field;
    const before = lastWrite(field, name, prior);
    const own = shownPart(field, wanted[name]);
    const now = { sent: own, shown: liveIn(field, reply, own) };
    const done = carriedParts(kind, change).filter((part) => !undone[name]?.includes(part));
    const merged = (side: "sent" | "shown") => withParts(before[side], now[side], done, inParts);
    return entryOf(field, name, { sent: merged("sent"), shown: merged("shown") });
  });
  return {
    ...without(prior.baseline ?? {}, names),
    ...shownAfterWrite(kind, reply, wanted, names.filter(isWhole)),
    ...Object.fromEntries(partly),
  };
}

/**
 * The baseline after an update. Where the program has followed somebody else's change, no request was sent, and the earlier value, which
 * may be a secret that no argument marks any more, is forgotten.
 */
export function followed({ fields }: ResourceKind, baseline: Baseline, wanted: Properties): Baseline {
  const entries = Object.entries(fields).flatMap(([name, field]): [string, Baseline[string]][] => {
    if (!Object.hasOwn(baseline, name)) {
      return [];
    }
    const { inParts } = field;
    const { sent, shown } = lastWrite(field, name, { arguments: {}, baseline });
    const target = shownPart(field, wanted[name]);
    const [ours = {}, now = {}] = [sent, target].map((value) => partsOf(normalOf(field, value), inParts));
    const left = Object.keys(membersOfAll(ours, now)).filter((part) => !same(ours[part], now[part]));
    const taken = (side: unknown) => withParts(side, target, left, inParts);
    return left.length === 0
      ? [[name, { sent, shown }]]
      : entryOf(field, name, { sent: taken(sent), shown: taken(shown) });
  });
  return Object.fromEntries(entries);
}

/** True if the live value shows no other value for a member of the wanted one. A member that it does not show proves nothing. */
function showsNoOther(live: unknown, wanted: unknown): boolean {
  if (live === undefined) {
    return true;
  }
  if (typeof wanted === "string" && isObject(live)) {
    // A program may write the id alone for an object without other members.
    return live["id"] === wanted;
  }
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(live) &&
      live.length === wanted.length &&
      wanted.every((element, index) => showsNoOther(live[index], element))
    );
  }
  return isObject(wanted)
    ? isObject(live) && Object.entries(wanted).every(([name, member]) => showsNoOther(live[name], member))
    : same(live, wanted);
}

/** True if the live value still shows a member that we sent and `wanted` no longer has, other than those that the service fills in. */
function showsDropped(live: unknown, sent: unknown, wanted: unknown, filledIn: readonly string[]): boolean {
  // A wanted id alone leaves all other members to the service.
  if ((!isObject(sent) && !Array.isArray(sent)) || typeof wanted === "string") {
    return false;
  }
  const [now, left] = [membersIn(live), membersIn(wanted)];
  return Object.entries(sent).some(([name, member]) =>
    left[name] === undefined
      ? member !== undefined && !filledIn.includes(wireName(name)) && same(now[name], member)
      : showsDropped(now[name], member, left[name], filledIn),
  );
}

/** The members of an object, or the elements of a list by their places. */
export function membersIn(value: unknown): Properties {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
