import { setImmediate as turn } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { unlessAborted } from "../api/connection";
import { listPath, type Query } from "../api/object-list";
import type { Account } from "../api/transport";
import type { Objects } from "./objects";
import type { BaseReply } from "./outputs";
import { isObject, membersOf, type Properties } from "./program-values";
import { ownId } from "./requests";

/** "Conventions: pagination": the largest page. */
const fullPage = "100";
/** After this many GETs, sent or answered, a read asks for a page: a stack with three objects of a kind sends three GETs. */
const mostDirect = 3;
/** A read that waited for this many pages sends a GET. */
const mostPages = 4;
/** Objects that a stack creates at the recommended rate of 20 writes a second fill a page in this time ("Rate limits"). */
const pageSpanMs = 5_000;
/** The objects that are read only to prove a list. */
const mostProofs = 2;
/** An older page proves nothing about the present. */
const validMs = 10_000;
/** The reads that wait for a page then send GETs, which give the same answers. */
const longestWaitMs = 2_000;

/** An object of the state, before it is read. */
export interface ReadSubject {
  readonly id: string;
  readonly createdAt: unknown;
  readonly updatedAt: unknown;
}

export type Found<Answer> = { readonly unchanged: Answer } | { readonly object: BaseReply | undefined };

/**
 * The reads of one list in a refresh: of a kind, or of a kind inside an object. The engine sends several reads at once, mostly the
 * oldest first. The first three are GETs; the others wait for a page around the oldest of them.
 *
 * A list may lag behind, and it may show less than a GET. So nothing is taken from it before it has shown an object exactly as the GET
 * of that object did, and each difference takes a GET. Each page but the first is paid for by a GET that earlier pages saved.
 */
export class ListReads {
  readonly #shown = new Map<string, { readonly entry: Properties; readonly at: number }>();
  readonly #waiting = new Map<ReadSubject, Objects>();
  /** The GETs in flight, and the number of all. */
  readonly #direct = new Set<Promise<unknown>>();
  #sent = 0;
  /** The answered GETs. */
  readonly #got = new Map<string, BaseReply>();
  /** The GETs that proved the list, until their reads take them. */
  readonly #proofs = new Map<string, Promise<BaseReply | undefined>>();
  /** The places of objects that exist: any of them can be a cursor. */
  readonly #known = new Set<string>();
  readonly #asked = new Map<string, number>();
  /** The members that each GET showed. */
  #shape: unknown;
  #page: Promise<void> | undefined;
  #isProved = false;
  /** True if the list failed, or does not show objects as a GET does. */
  #isOff = false;
  #credit = 1;
  #pagesWithoutUse = 0;
  #writes = 0;

  /** The object by a GET; or, if a page shows it and `unchanged` returns an answer for what the page shows, that answer. */
  async find<Answer>(
    objects: Objects,
    subject: ReadSubject,
    unchanged: (listed: BaseReply) => Answer | undefined,
  ): Promise<Found<Answer>> {
    const own = ownId(subject.id);
    // Nothing may wait before the first decision: the engine sends the reads together, and each must see those before it. The GET of
    // an object that proved the list is sent, so a page cannot save it.
    for (let pages = 0; !this.#proofs.has(own); pages += 1) {
      const shown = this.#shownNow(objects, subject);
      if (shown !== undefined) {
        const object = this.#usable(objects, subject, shown);
        const answer = object === undefined ? undefined : unchanged(object);
        if (answer === undefined) {
          break;
        }
        this.#credit += 1;
        this.#pagesWithoutUse = 0;
        this.#know(subject);
        objects.recorded?.saw();
        return { unchanged: answer };
      }
      if (pages > 0) {
        // The reads that the last page answered pay for the next one.
        await turn();
      }
      if (pages === mostPages || !this.#mayWait()) {
        break;
      }
      this.#waiting.set(subject, objects);
      this.#page ??= this.#ask(objects).finally(() => {
        this.#page = undefined;
      });
      await this.#page;
      this.#waiting.delete(subject);
    }
    const read = this.#proofs.get(own) ?? this.#get(objects, subject);
    this.#proofs.delete(own);
    return { object: await read };
  }

  /** Forgets the pages, also one that is on its way. */
  forget(): void {
    this.#writes += 1;
    this.#shown.clear();
    this.#asked.clear();
  }

  #mayWait(): boolean {
    const mayAsk = this.#credit >= 1 && this.#pagesWithoutUse < mostPages;
    return !this.#isOff && (this.#page !== undefined || (mayAsk && this.#sent >= mostDirect));
  }

  #shownNow({ client }: Objects, { id }: ReadSubject): Properties | undefined {
    const found = this.#isProved ? this.#shown.get(ownId(id)) : undefined;
    return found === undefined || client.now() - found.at > validMs ? undefined : found.entry;
  }

  #usable(objects: Objects, { updatedAt }: ReadSubject, entry: Properties): BaseReply | undefined {
    const object = objects.readable(entry);
    const isUsable =
      object?.archived_at == null &&
      showsAll(this.#shape, object) &&
      !(timeOf(object?.["updated_at"]) < timeOf(updatedAt));
    return isUsable ? object : undefined;
  }

  #get(objects: Objects, subject: ReadSubject): Promise<BaseReply | undefined> {
    const read = objects.find(subject.id).then((object) => {
      if (object !== undefined) {
        this.#got.set(ownId(subject.id), object);
        this.#compare(objects, ownId(subject.id), object);
        this.#shape = this.#shape === undefined ? object : commonMembers(this.#shape, object);
        this.#know({ id: subject.id, createdAt: object.created_at ?? subject.createdAt });
      }
      return object;
    });
    const ended = read.then(
      () => {},
      () => {},
    );
    this.#direct.add(ended);
    this.#sent += 1;
    void ended.then(() => this.#direct.delete(ended));
    return read;
  }

  #know(subject: Pick<ReadSubject, "id" | "createdAt">): void {
    const place = placeOf(subject);
    if (place !== undefined) {
      this.#known.add(place);
    }
  }

  async #ask(objects: Objects): Promise<void> {
    this.#credit -= 1;
    try {
      await unlessAborted(objects.client.abortAfter(longestWaitMs), this.#read(objects));
    } catch {
      // The GETs that follow meet the same failure, or do without the list. If the first GETs are slow, no page was asked for.
      this.#isOff = this.#asked.size > 0;
    }
  }

  async #read(objects: Objects): Promise<void> {
    const { client } = objects;
    // The other reads of this moment arrive, and the first GETs show which objects exist.
    await turn();
    if (!this.#isProved) {
      await Promise.all(this.#direct);
    }
    const at = client.now();
    const cursor = this.#cursor(at);
    if (cursor === undefined) {
      this.#credit += 1;
      return;
    }
    this.#asked.set(JSON.stringify(cursor), at);
    this.#pagesWithoutUse += 1;
    const writes = this.#writes;
    const request = { method: "GET", path: listPath(objects.list), query: { limit: fullPage, ...cursor } } as const;
    const { body } = await client.briefly(longestWaitMs).send({ ...request, repeat: "never" });
    if (writes !== this.#writes) {
      return;
    }
    const { data } = membersOf(body);
    for (const entry of Array.isArray(data) ? data : []) {
      if (isObject(entry) && typeof entry["id"] === "string") {
        this.#shown.set(entry["id"], { entry, at });
        this.#know({ id: entry["id"], createdAt: entry["created_at"] });
      }
    }
    for (const [own, object] of this.#got) {
      this.#compare(objects, own, object);
    }
    await this.#readToProve();
    this.#isOff = !this.#isProved && [...this.#got.keys()].some((own) => this.#shown.has(own));
  }

  /** The cursor of the next page; undefined if no known object leads to a waiting one. */
  #cursor(now: number): Query | undefined {
    const known = [...this.#known].sort();
    const waiting = [...this.#waiting.keys()].flatMap((subject) => placeOf(subject) ?? []).sort();
    const isOld = (cursor: Query) =>
      now - (this.#asked.get(JSON.stringify(cursor)) ?? Number.NEGATIVE_INFINITY) > validMs;
    return waiting.length === 0
      ? undefined
      : (this.#isProved ? usefulCursors : provingCursors)(known, waiting).find(isOld);
  }

  /** Reads up to two of the waiting objects that the page shows, until one of them proves the list. */
  async #readToProve(): Promise<void> {
    const listed = [...this.#waiting].filter(([{ id }]) => this.#shown.has(ownId(id)));
    for (const [subject, objects] of listed.slice(0, mostProofs)) {
      // After the longest wait, the read sends a GET of its own.
      if (this.#isProved || !this.#waiting.has(subject)) {
        return;
      }
      const read = this.#get(objects, subject);
      this.#proofs.set(ownId(subject.id), read);
      await read.catch(() => {});
    }
  }

  /** Records that the list is proved if it shows the object as its GET did. */
  #compare(objects: Objects, own: string, got: BaseReply): void {
    const entry = this.#shown.get(own)?.entry;
    this.#isProved ||= entry !== undefined && isDeepStrictEqual(objects.readable(entry), got);
  }
}

/** The lists of one command. */
export class ListedReads {
  readonly #accounts = new WeakMap<Account, Map<string, ListReads>>();
  readonly #all: ListReads[] = [];

  of({ client, list }: Objects): ListReads {
    const ofAccount = this.#accounts.get(client.account) ?? new Map<string, ListReads>();
    this.#accounts.set(client.account, ofAccount);
    const key = listPath(list).join("/");
    const known = ofAccount.get(key);
    if (known !== undefined) {
      return known;
    }
    const reads = new ListReads();
    ofAccount.set(key, reads);
    this.#all.push(reads);
    return reads;
  }

  /** Runs a write: what a page shows from before its end is not used. */
  apartFrom<Result>(write: () => Promise<Result>): Promise<Result> {
    this.#forget();
    return write().finally(() => this.#forget());
  }

  #forget(): void {
    for (const reads of this.#all) {
      reads.forget();
    }
  }
}

/** A text that sorts by creation, and by the id where times are equal: ids are in this order, too, but no page says so. */
function placeOf({ id, createdAt }: Pick<ReadSubject, "id" | "createdAt">): string | undefined {
  const time = timeOf(createdAt);
  return Number.isNaN(time) ? undefined : `${new Date(time).toISOString()} ${ownId(id)}`;
}

/** The cursors whose pages show most of the waiting objects, from the oldest on. A page shows what is newer than `before_id`. */
function usefulCursors([first = "", ...others]: readonly string[], waiting: readonly string[]): Query[] {
  const newer = waiting.filter((place) => place > first);
  const older = others.filter((place) => place < (newer[0] ?? ""));
  const [backward, forward] = [{ before_id: idAt(older.at(-1) ?? first) }, { after_id: idAt(first) }];
  return newer.length * 2 >= waiting.length ? [backward, forward] : [forward, backward];
}

/**
 * The cursors whose pages prove a list, the best first: the page shows a waiting object, and one that a GET has read already, so that no
 * further GET is necessary. Then many waiting objects lie on the side of the page, and few on the other one. The places are sorted.
 */
function provingCursors(known: readonly string[], waiting: readonly string[]): Query[] {
  const side = (cursor: Query, place: string, saved: number, nearest: string | undefined, nearestKnown?: string) => {
    const pages = pagesTo(nearest, place);
    return { cursor, pages, gets: pagesTo(nearestKnown, place) > pages ? 1 : 0, saved };
  };
  const newerThan = (place: string) => {
    const isNewer = (other: string) => other > place;
    const shown = waiting.filter(isNewer);
    return side({ before_id: idAt(place) }, place, shown.length, shown[0], known.find(isNewer));
  };
  const olderThan = (place: string) => {
    const isOlder = (other: string) => other < place;
    const shown = waiting.filter(isOlder);
    return side({ after_id: idAt(place) }, place, shown.length, shown.at(-1), known.findLast(isOlder));
  };
  return [...known.map(newerThan), ...known.toReversed().map(olderThan)]
    .filter(({ saved }) => saved > 0)
    .sort((one, other) => one.pages - other.pages || one.gets - other.gets || other.saved - one.saved)
    .map(({ cursor }) => cursor);
}

/** The full pages between two places, at the recommended rate of creates. */
function pagesTo(other: string | undefined, place: string): number {
  return other === undefined
    ? Number.POSITIVE_INFINITY
    : Math.floor(Math.abs(timeAt(other) - timeAt(place)) / pageSpanMs);
}

function timeAt(place: string): number {
  return timeOf(place.split(" ")[0]);
}

function idAt(place: string): string {
  return place.slice(place.indexOf(" ") + 1);
}

function timeOf(text: unknown): number {
  return Date.parse(typeof text === "string" ? text : "");
}

/** The members, also of inner objects, that both values have. */
function commonMembers(one: unknown, other: unknown): unknown {
  if (!isObject(one) || !isObject(other)) {
    return null;
  }
  const names = Object.keys(one).filter((name) => Object.hasOwn(other, name));
  return Object.fromEntries(names.map((name) => [name, commonMembers(one[name], other[name])]));
}

/** True if the value has all members of the shape. */
function showsAll(shape: unknown, value: unknown): boolean {
  return (
    !isObject(shape) ||
    !isObject(value) ||
    Object.entries(shape).every(([name, inner]) => Object.hasOwn(value, name) && showsAll(inner, value[name]))
  );
}
