import { diff } from "deep-diff";
import { isObject, type Properties } from "../program-values";

export function same(one: unknown, other: unknown): boolean {
  // Most values are texts, and most are as they were.
  return one === other || diff({ value: one }, { value: other }) === undefined;
}

/**
 * Whether the live value may be what the service made of the sent one: the service may have added members, and with `mayHide` it may
 * show less than it holds.
 */
export function includes(live: unknown, sent: unknown, mayHide: boolean): boolean {
  if (isNotShown(live)) {
    return mayHide;
  }
  if (typeof sent === "string" && isObject(live)) {
    // An id alone stands for an object with nothing else.
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
 * Whether the live value still shows a member that was applied and is no longer wanted. `filledIn`: the names of members that the
 * service may have filled in with the very value that the program gave before.
 */
export function showsDropped(live: unknown, applied: unknown, wanted: unknown, filledIn: readonly string[]): boolean {
  // An id alone leaves every other member to the service.
  if ((!isObject(applied) && !Array.isArray(applied)) || typeof wanted === "string") {
    return false;
  }
  const [shown, left] = [partsOf(live), partsOf(wanted)];
  return Object.entries(applied).some(([name, member]) =>
    left[name] === undefined
      ? member !== undefined && !filledIn.includes(name) && same(shown[name], member)
      : showsDropped(shown[name], member, left[name], filledIn),
  );
}

/** In place of a member that a reply leaves out although the service holds it. */
export const notShown = { type: "not shown" } as const;

function isNotShown(value: unknown): boolean {
  return isObject(value) && value["type"] === notShown.type;
}

/**
 * The sent value with every member that somebody changed since, also one that was never sent: a member changed where the service
 * shows it otherwise than right after the write.
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

// By maps, as a reply may hold hundreds of thousands. Of several elements of one thing, the one at the same place counts.
function changedList(sent: readonly unknown[], shown: readonly unknown[], live: readonly unknown[]): unknown[] {
  const [ofSent, ofShown] = [sent.map(identity), shown.map(identity)];
  const [sentPlaces, shownPlaces] = [firstPlaces(ofSent), firstPlaces(ofShown)];
  return live.map((element, index) => {
    const own = identity(element);
    const place = ofShown[index] === own ? index : shownPlaces.get(own);
    if (place === undefined) {
      return element;
    }
    // The service may show the list in another order. What it shows in another form has its own place in the sent list alone.
    const isInOtherForm = !shownPlaces.has(ofSent[place] ?? "");
    const from = ofSent[place] === own ? place : (sentPlaces.get(own) ?? (isInOtherForm ? place : undefined));
    return from === undefined ? element : withForeignChanges(sent[from], shown[place], element);
  });
}

function firstPlaces(elements: readonly string[]): ReadonlyMap<string, number> {
  return new Map([...elements.entries()].reverse().map(([index, element]) => [element, index]));
}

const identities = ["type", "name", "id", "url", "fileId", "memoryStoreId", "skillId", "mcpServerName"];

/** What an element is of: of another thing, nothing holds that holds for this one. */
function identity(element: unknown): string {
  return JSON.stringify(isObject(element) ? identities.map((name) => element[name]) : element);
}

/** Those of a list are its elements by their places. */
function partsOf(value: unknown): Properties {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
