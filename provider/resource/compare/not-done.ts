import { QoderError } from "../../api/errors";
import { type Field, shownPart } from "../kind/field";
import type { ResourceKind } from "../kind/kind";
import type { BaseReply } from "../kind/outputs";
import { type ArgumentParts, membersOfAll, partsOf, pathOf, wholeName } from "../kind/parts";
import { isObject, type Properties, same } from "../kind/program-values";
import { wireName } from "../kind/wire-case";
import { lastShown, lastWrite, looksLike, normalOf } from "./baseline";
import { type Change, carriedParts, type Patch } from "./changes";

// The service may answer an update with success and not do it. A change counts as not done if the object looks exactly as before, although
// the program wants another value.

/** The names of the parts of each argument that the update carried and that the reply shows as not done. */
export function undoneIn(kind: ResourceKind, patch: Patch, reply: BaseReply): ArgumentParts {
  const undone = patch.changes.map(
    (change) => [change.argument, partsThat("not done", kind, change, patch, reply)] as const,
  );
  return Object.fromEntries(undone.filter(([, parts]) => parts.length > 0));
}

/** The arguments of which the object keeps members that this program never sent. */
export function keepingOthers(kind: ResourceKind, patch: Patch, reply: BaseReply): string[] {
  return patch.changes
    .filter((change) => partsThat("keeps others", kind, change, patch, reply).length > 0)
    .map(({ argument }) => argument);
}

/** What the reply shows of a change: it is done, it is not, or the object keeps members that this program never sent. */
type Outcome = "done" | "not done" | "keeps others";

function partsThat(outcome: Outcome, kind: ResourceKind, change: Change, patch: Patch, reply: BaseReply): string[] {
  const { argument: name } = change;
  const field = kind.fields[name];
  if (field?.inParts === undefined) {
    return outcomeOf(kind, name, patch, reply) === outcome ? [wholeName] : [];
  }
  const { applied, wanted } = patch;
  const { inParts, byDefault = {}, filledIn = [] } = field;
  const [held, target] = [applied.arguments[name], wanted[name]].map((value) => shownPart(field, value));
  const own = membersOfAll(held, target);
  const [now = {}, before = {}, after = {}] = [field.live?.(reply, own), lastShown(field, name, applied), target].map(
    (value) => ({ ...partsOf(byDefault, inParts), ...partsOf(normalOf(field, value), inParts) }),
  );
  const ours = partsOf(lastSent(field, name, applied), inParts);
  // A reply shows each label, so one that is missing was not set.
  const isMissing = (part: string) => field.leftOut === "untouched" && now[part] === undefined;
  const ofPart = (part: string): Outcome => {
    if (same(now[part], after[part]) || !(same(now[part], before[part]) || isMissing(part))) {
      return "done";
    }
    if (after[part] !== undefined) {
      return "not done";
    }
    if (filledIn.includes(wireName(pathOf(part).at(-1) ?? ""))) {
      return "done";
    }
    return ours[part] === undefined ? "keeps others" : "not done";
  };
  return carriedParts(kind, change).filter((part) => ofPart(part) === outcome);
}

/** Before its first write a program has sent nothing: what lives beside its members is somebody's, or the service's. */
function lastSent(field: Field, name: string, applied: Patch["applied"]): unknown {
  return applied.baseline === undefined ? undefined : lastWrite(field, name, applied).sent;
}

/** What the reply shows of a value that requests carry as a whole. */
function outcomeOf(
  { fields, upload }: ResourceKind,
  name: string,
  { applied, wanted }: Patch,
  reply: BaseReply,
): Outcome {
  const field = fields[name];
  // The answer to an upload shows the number of its version, and no file.
  if (field?.live === undefined || upload?.argument === name) {
    return "done";
  }
  const shown = lastShown(field, name, applied);
  const target = shownPart(field, wanted[name]);
  const live = field.live(reply, target);
  if (looksLike(field, live, target)) {
    return "done";
  }
  if (!looksLike(field, field.live(reply, applied.arguments[name]), shown)) {
    return hasNew(live, target, shown) ? "keeps others" : "done";
  }
  const sent = lastSent(field, name, applied);
  // The normal form has a default in place of a member that the reply leaves out.
  const form = (value: unknown) => (field.omits?.(reply) ? value : normalOf(field, value));
  const [now, before, after] = [live, sent, target].map(form);
  const isContradicted = target === undefined || !showsNoOther(now, after);
  if (isContradicted || showsDropped(now, before, after, field.filledIn ?? [])) {
    return "not done";
  }
  return hasMore(now, after) ? "keeps others" : "done";
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

/** True if the live value has a member that the wanted one lacks. */
function hasMore(live: unknown, wanted: unknown): boolean {
  const left = membersIn(wanted);
  return Object.entries(membersIn(live)).some(
    ([name, member]) => left[name] === undefined || hasMore(member, left[name]),
  );
}

/** True if an object of the live value has a member that neither the wanted one has nor the one that was shown before. */
function hasNew(live: unknown, wanted: unknown, before: unknown): boolean {
  return (
    isObject(live) &&
    isObject(wanted) &&
    isObject(before) &&
    Object.entries(live).some(([name, member]) =>
      wanted[name] === undefined ? before[name] === undefined : hasNew(member, wanted[name], before[name]),
    )
  );
}

/** The members of an object, or the elements of a list by their places. */
function membersIn(value: unknown): Properties {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

export function notDoneError(kind: ResourceKind, changes: readonly Change[]): QoderError {
  const removed = changes.filter(({ value }) => value === null);
  const changed = changes.filter(({ value }) => value !== null).map(({ member }) => member);
  return new QoderError(
    [
      ...(removed.length === 0
        ? []
        : [
            `the API accepted ${removed.map(({ member }) => `${member}: null`).join(", ")} but still shows the value`,
            replaceAdvice(kind, removed),
          ]),
      ...(changed.length === 0
        ? []
        : [
            `the API answered the change of ${changed.join(", ")} with success but still shows the old value`,
            "Run `pulumi up` again, which sends the change again; if the old value stays, write it as Qoder shows it, or ask Qoder",
          ]),
    ].join(".\n"),
  );
}

/** How to remove a value that the service does not remove. */
export function replaceAdvice({ fields, noun }: ResourceKind, changes: readonly Change[]): string {
  const names = changes.map(({ argument }) => `"${argument}"`).join(", ");
  const others = changes.flatMap(({ argument }) => fields[argument]?.insteadOfRemoval ?? []);
  return [
    `To remove it, set replaceOnChanges: [${names}] for one \`pulumi up\`, which permanently archives this ${noun} and creates another`,
    ...others,
  ].join(". ");
}
