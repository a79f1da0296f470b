import { type Field, shownPart } from "../kind/field";
import type { PriorState, ResourceKind } from "../kind/kind";
import type { BaseReply } from "../kind/outputs";
import { type ArgumentParts, membersOfAll, partsOf, pathOf, wholeName } from "../kind/parts";
import { isObject, type Properties, same } from "../kind/program-values";
import { wireName } from "../kind/wire-case";
import { lastShown, lastWrite, looksLike, normalOf } from "./baseline";
import { carriedParts, type Patch } from "./changes";

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
  const live = (own: unknown) => field.live?.(reply, own);
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
  };
}

function partViews(
  field: Field,
  reply: BaseReply,
  { sent, shown, target, recorded }: Sides,
  prior: PriorState,
): View[] {
  const { inParts, byDefault } = field;
  const live = field.live?.(reply, membersOfAll(sent, shown, shownPart(field, recorded), target));
  const [now = {}, ours = {}, before = {}, after = {}] = [live, sent, shown, target].map((value) => ({
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
  }));
}

/**
 * The parts of each argument that the update carried and that the reply shows as not done: the service may answer an update with success
 * and not do it. A part is not done if it looks exactly as before, although the program wants another value.
 */
export function undoneIn(kind: ResourceKind, { changes, applied, wanted }: Patch, reply: BaseReply): ArgumentParts {
  const undone = changes.map((change) => {
    const { argument } = change;
    const { [argument]: field } = kind.fields;
    const carried = carriedParts(kind, change);
    const shown = views(kind, argument, applied, wanted, reply).filter(({ part }) => carried.includes(part));
    return [argument, shown.filter((view) => field && !isDone(field, view)).map(({ part }) => part)] as const;
  });
  return Object.fromEntries(undone.filter(([, parts]) => parts.length > 0));
}

function isDone({ filledIn = [], inParts, leftOut }: Field, { part, sent, live, wanted, isShown, isWanted }: View) {
  // A reply shows each label, so one that is missing was not set.
  const isMissing = inParts !== undefined && leftOut === "untouched" && live === undefined;
  if (isWanted || !(isShown || isMissing)) {
    return true;
  }
  if (inParts !== undefined) {
    return wanted === undefined && (sent === undefined || filledIn.includes(wireName(pathOf(part).at(-1) ?? "")));
  }
  return wanted !== undefined && showsNoOther(live, wanted) && !showsDropped(live, sent, wanted, filledIn);
}

/** True if the reply shows all that the changes want: a repeated request meets the version that its first try made. */
export function isAllDone(kind: ResourceKind, { changes, applied, wanted }: Patch, reply: BaseReply): boolean {
  return changes.every(({ argument }) => {
    const shown = views(kind, argument, applied, wanted, reply);
    return shown.length > 0 && shown.every(({ isWanted }) => isWanted);
  });
}

/** True if the argument lives neither as our last write sent it, nor as the service showed it last, nor as the program wants it. */
export function isForeign(kind: ResourceKind, name: string, { applied, wanted }: Patch, reply: BaseReply): boolean {
  return views(kind, name, applied, wanted, reply).some((view) => !view.isSent && !view.isShown && !view.isWanted);
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
function membersIn(value: unknown): Properties {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
