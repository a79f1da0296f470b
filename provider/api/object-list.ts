import { z } from "zod";
import { QoderReplyError } from "./errors";
import { patience } from "./patience";
import { type Listed, listedSchema, namedSchema, type Page, shapeProblem } from "./schema";
import { excerpt } from "./terminal-text";
import { requestLabel } from "./transport";

export type Query = Readonly<Record<string, string | readonly string[]>>;

/** "Conventions: pagination": the largest page. */
export const fullPage = 100;

export interface Collection {
  readonly noun: string;
  readonly collection: string;
  readonly idPrefix: string;
  /** The object that the listed objects belong to, if each parent has a list of its own. */
  readonly parent?: readonly [collection: string, id: string];
  /** The only cursor of the list, if it does not accept `after_id` ("List sessions"). */
  readonly cursor?: "page";
}

export function listPath({ collection, parent }: Collection): readonly string[] {
  return [...(parent ?? []), collection];
}

/** The object with its name, for a message about several objects: `"daily" (dep_1)`. */
export function withItsName({ id, name }: Listed): string {
  const shown = excerpt(id);
  return name === undefined ? shown : `"${excerpt(name)}" (${shown})`;
}

/** An entry of a list that is outside of its contract. */
interface Unreadable {
  readonly id: string;
  readonly reason: string;
}

export interface Reading {
  /** The size of a page, at most 100, for a caller that stops after a few objects. Such a list fails if the service ignores a filter. */
  readonly pageSize?: number | undefined;
  /**
   * Takes each unreadable entry, for a caller that acts on all others and fails at its end. Without this function such an entry is an
   * error, and the list gives no object of the same page.
   */
  unreadable?(entry: Unreadable): void;
}

type ReadPage = (size: number, cursor: Query) => Promise<Page>;
type Pause = (milliseconds: number) => Promise<unknown>;

/**
 * Every object of the list once, in the order of the service. What is outside of the contract is an error that names the member, so that
 * nothing acts on a list that is not whole. A service may ignore a filter: those that end with `_id` are compared with each object.
 */
export async function* readList(
  kind: Collection,
  readPage: ReadPage,
  pause: Pause,
  filter: Query = {},
  { pageSize, unreadable = refuse(kind) }: Reading = {},
): AsyncGenerator<Listed> {
  const given = new Set<string>();
  for await (const page of pagesOf(kind, readPage, pause, Math.min(pageSize ?? fullPage, fullPage))) {
    const entries = page.data.map((entry, place) => entryOf(kind, filter, entry, place));
    const news = entries.filter(({ id }) => !given.has(id));
    for (const { id, reason } of news) {
      given.add(id);
      if (reason !== undefined) {
        unreadable({ id, reason });
      }
    }
    const asked = news.flatMap(({ object }) => object ?? []);
    yield* asked;
    if (pageSize !== undefined && asked.length < news.length) {
      throw outside(kind, "it shows objects that it was not asked for");
    }
    if (page.has_more && news.length === 0) {
      throw leadsNowhere(kind);
    }
  }
}

/** The items as a list, up to this number of them: no more pages are read. */
export async function collected<Item>(items: AsyncIterable<Item>, most = Number.POSITIVE_INFINITY): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) {
    if (all.push(item) >= most) {
      break;
    }
  }
  return all;
}

function refuse(kind: Collection): (entry: Unreadable) => never {
  return ({ id, reason }) => {
    throw outside(kind, `${id}: ${reason}`);
  };
}

async function* pagesOf(kind: Collection, readPage: ReadPage, pause: Pause, largest: number): AsyncGenerator<Page> {
  let cursor: Query | undefined = {};
  for (let size = largest; ; ) {
    const page: Page | "too large" = await orTooLarge(readPage(size, cursor), size);
    if (page === "too large") {
      size = Math.ceil(size / 10);
      continue;
    }
    if (!page.has_more && page.next_page) {
      throw outside(kind, "has_more is false beside a next_page, so nobody knows whether more objects follow");
    }
    yield page;
    if (!page.has_more) {
      return;
    }
    cursor = cursorAfter(kind, page);
    if (cursor === undefined) {
      throw leadsNowhere(kind);
    }
    await pause(patience.betweenPagesMs);
  }
}

/** A hundred large objects may be more than a reply may have: then a tenth of them is asked for. */
function orTooLarge(page: Promise<Page>, size: number): Promise<Page | "too large"> {
  return page.catch((error: unknown) => {
    if (size > 1 && error instanceof QoderReplyError && error.isTooLarge) {
      return "too large";
    }
    throw error;
  });
}

// The older pages document `after_id`, the newer ones `page` too ("Conventions: pagination").
function cursorAfter({ cursor }: Collection, { next_page: next, last_id: last }: Page): Query | undefined {
  if (next) {
    return { page: next };
  }
  return last == null || cursor !== undefined ? undefined : { after_id: last };
}

interface Entry {
  readonly id: string;
  /** The reason for which nobody can use the entry. */
  readonly reason?: string;
  /** Undefined for an object that the list was not asked for. */
  readonly object?: Listed;
}

/** The name of an entry in an error. */
const idText = z.looseObject({ id: z.string().min(1) });

function entryOf(kind: Collection, filter: Query, entry: unknown, place: number): Entry {
  const { data: object, error } = listedSchema.safeParse(entry);
  if (error !== undefined) {
    return { id: idText.safeParse(entry).data?.id ?? `data.${place}`, reason: shapeProblem(error) };
  }
  const { id } = object;
  if (!id.startsWith(kind.idPrefix)) {
    return { id, reason: `its id does not begin with ${kind.idPrefix}` };
  }
  // The path of the list proves the parent of an object that does not show it. A filter proves nothing.
  const { parent: [collection = "", parent = ""] = [] } = kind;
  const owners = Object.entries(filter).filter(([name]) => name.endsWith("_id"));
  const named = owners.map(([name, wanted]) => ({
    name,
    wanted,
    shown: ownerOf(object, name.slice(0, -"_id".length)),
  }));
  const isOfOther =
    named.some(({ shown, wanted }) => shown !== undefined && shown !== wanted) ||
    (collection !== "" && (ownerOf(object, collection.slice(0, -"s".length)) ?? parent) !== parent);
  const unshown = named.filter(({ shown }) => shown === undefined).map(({ name }) => name);
  if (isOfOther) {
    return { id };
  }
  return unshown.length > 0 ? { id, reason: `it does not show its ${unshown.join(", ")}` } : { id, object };
}

/** The id of the owner in an object: null if it has none, undefined if it does not show that. */
function ownerOf(object: Listed, owner: string): string | null | undefined {
  const named = object[`${owner}_id`];
  return namedSchema.safeParse(named ?? object[owner] ?? named).data;
}

function leadsNowhere(kind: Collection): QoderReplyError {
  return outside(kind, "has_more is true, and the page leads to no other objects");
}

function outside(kind: Collection, reason: string): QoderReplyError {
  return new QoderReplyError(requestLabel({ method: "GET", path: listPath(kind) }), 200, reason, undefined);
}
