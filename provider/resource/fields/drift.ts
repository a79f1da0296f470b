import type { z } from "zod";
import { isObject, type Properties, same } from "../program-values";
import { wireName } from "./wire-case";

/**
 * The basis of a comparison with the live value:
 * - `shown`: the value that the service showed right after our last write.
 * - "first look": no version with baselines wrote the state. A member that the service adds or hides is no difference.
 * - "proof": the answer to a write was lost. A member that the service adds is no difference; a member that it hides is absent.
 */
export type Basis<Value> = { readonly shown: Value | undefined } | "first look" | "proof";

/** How the values of an argument compare. */
interface Comparing<Value> {
  readonly recorded: z.ZodType<Value>;
  readonly meansTheSame: (one: Value | undefined, other: Value | undefined) => boolean;
  /** The part of a value that replies show. */
  readonly shown: (value: Value | undefined) => Value | undefined;
  /** The normal form of that part. */
  readonly visible: (value: Value | undefined) => unknown;
  /** True if the live value, in its normal form, is the other one with the defaults that the service may fill in after its answer. */
  readonly isResolved: (live: unknown, value: Value | undefined) => boolean;
}

/**
 * The value that a refresh records: what we sent, with each member that somebody changed since. A live value that means the same, or
 * that has documented defaults in addition, is no drift.
 */
export function withDrift<Value>(
  sent: Value | undefined,
  basis: Basis<Value>,
  live: Value | undefined,
  { recorded, meansTheSame, shown, visible, isResolved }: Comparing<Value>,
): Value | undefined {
  if (typeof basis === "string") {
    return includes(visible(live), visible(sent), basis === "first look") ? sent : live;
  }
  const before = shown(basis.shown);
  if (meansTheSame(shown(live), before) || isResolved(visible(live), basis.shown)) {
    return sent;
  }
  const changed = recorded.safeParse(withForeignChanges(sent, before, live));
  return changed.success ? changed.data : live;
}

/**
 * True if the service can have made the live value from the sent one: the service may add members, and with `mayHide` it may
 * leave out members that it holds.
 */
export function includes(live: unknown, sent: unknown, mayHide: boolean): boolean {
  if (isNotShown(live)) {
    return mayHide;
  }
  if (typeof sent === "string" && isObject(live)) {
    // A program may write the id alone for an object without other members.
    return mayHide && live["id"] === sent;
  }
  if (Array.isArray(sent)) {
    return (
      Array.isArray(live) &&
      live.length === sent.length &&
      sent.every((element, index) => includes(live[index], element, mayHide))
    );
  }
  if (!isObject(sent)) {
    return same(live, sent);
  }
  return (
    isObject(live) &&
    Object.entries(sent).every(([name, member]) =>
      live[name] === undefined ? mayHide || member === undefined : includes(live[name], member, mayHide),
    )
  );
}

/**
 * True if the live value still shows a member of `applied` that `wanted` no longer has: a member of `sent`, or one that the service did
 * not show in answer to it. Any other member the service may have filled in with the same value, as it may those named in `filledIn`.
 */
export function showsDropped(
  live: unknown,
  applied: unknown,
  wanted: unknown,
  { sent, shown }: { readonly sent?: unknown; readonly shown?: unknown },
  filledIn: readonly string[],
): boolean {
  // A wanted id alone leaves all other members to the service.
  if ((!isObject(applied) && !Array.isArray(applied)) || typeof wanted === "string") {
    return false;
  }
  const [now, left, given, before] = [partsOf(live), partsOf(wanted), partsOf(sent), partsOf(shown)];
  const isSameThing = Array.isArray(applied) || identity(applied) === identity(shown);
  const isForeign = (name: string, member: unknown) => isSameThing && !same(before[name], member);
  return Object.entries(applied).some(([name, member]) =>
    left[name] === undefined
      ? (given[name] !== undefined || isForeign(name, member)) && !filledIn.includes(name) && same(now[name], member)
      : showsDropped(now[name], member, left[name], { sent: given[name], shown: before[name] }, filledIn),
  );
}

/** The live value without members of these API names, at any depth, that the sent value does not have. */
export function withoutFilledIn(live: unknown, sent: unknown, names: readonly string[]): unknown {
  const given = partsOf(sent);
  if (Array.isArray(live)) {
    return live.map((element, index) => withoutFilledIn(element, given[index], names));
  }
  return isObject(live)
    ? Object.fromEntries(
        Object.entries(live)
          .filter(([name]) => given[name] !== undefined || !names.includes(wireName(name)))
          .map(([name, member]) => [name, withoutFilledIn(member, given[name], names)]),
      )
    : live;
}

/** Replaces a member that the service holds and the reply leaves out. */
export const notShown = { type: "not shown" } as const;

function isNotShown(value: unknown): boolean {
  return isObject(value) && value["type"] === notShown.type;
}

/**
 * The sent value, with the live value of each member that somebody changed since the write, even of a member that was never
 * sent. A member counts as changed if `live` differs from `shown`, its value right after the write.
 */
export function withForeignChanges(sent: unknown, shown: unknown, live: unknown): unknown {
  if (same(shown, live)) {
    return sent;
  }
  if (Array.isArray(sent) && Array.isArray(shown) && Array.isArray(live) && sent.length === shown.length) {
    return changedList(sent, shown, live);
  }
  if (!isObject(sent) || !isObject(shown) || !isObject(live)) {
    return live;
  }
  const names = [...new Set([...Object.keys(sent), ...Object.keys(live)])];
  const members = names.map((name) => [name, withForeignChanges(sent[name], shown[name], live[name])] as const);
  return Object.fromEntries(members.filter(([, member]) => member !== undefined));
}

// Uses maps, because a reply may hold hundreds of thousands of elements. Of several elements with one identity, the one at the
// same place counts.
function changedList(sent: readonly unknown[], shown: readonly unknown[], live: readonly unknown[]): unknown[] {
  const [ofSent, ofShown] = [sent.map(identity), shown.map(identity)];
  const [sentPlaces, shownPlaces] = [firstPlaces(ofSent), firstPlaces(ofShown)];
  return live.map((element, index) => {
    const own = identity(element);
    const place = ofShown[index] === own ? index : shownPlaces.get(own);
    if (place === undefined) {
      return element;
    }
    // The service may show the elements in another order. If it shows a sent element in another form, the element at the same
    // place counts as that one.
    const isInOtherForm = !shownPlaces.has(ofSent[place] ?? "");
    const from = ofSent[place] === own ? place : (sentPlaces.get(own) ?? (isInOtherForm ? place : undefined));
    return from === undefined ? element : withForeignChanges(sent[from], shown[place], element);
  });
}

function firstPlaces(elements: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...elements.entries()].reverse().map(([index, element]) => [element, index]));
}

/** The members that say what an element describes, such as `type` and `fileId`. */
const identifying = /^(?:type|name|id|url)$|(?:Id|Name)$/;

/** Equal for two elements that describe the same thing, such as the same file. */
function identity(element: unknown): string {
  return JSON.stringify(
    isObject(element)
      ? Object.entries(element)
          .filter(([name, value]) => value != null && identifying.test(name))
          .toSorted()
      : element,
  );
}

/** The members of an object, or the elements of a list by their places. */
function partsOf(value: unknown): Properties {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
