import { setImmediate as turn } from "node:timers/promises";
import { unlessAborted } from "../../api/connection";
import { fullPage, listPath } from "../../api/object-list";
import { patience } from "../../api/patience";
import type { Account } from "../../api/transport";
import type { BaseReply } from "../kind/outputs";
import { isObject, membersOf, type Properties } from "../kind/program-values";
import { ownId } from "../kind/requests";
import type { Objects } from "./objects";

/** Two pages without any use end the paging: a refresh sends at most two requests more than GETs alone. */
const mostCredit = 2 * patience.readsOfPage;

export type Found<Answer> = { readonly unchanged: Answer } | { readonly object: BaseReply | undefined };

/**
 * The reads of one list in a refresh: of a kind, or of a kind inside an object. The first three send GETs; the others wait for a page
 * next to an object that exists. The page answers for an object if its entry has the `updated_at` of the state, shows a value for each
 * recorded one and has no difference; otherwise the read sends a GET. If a GET shows another `updated_at` than the pages, the list is
 * old, and this command uses none of its pages any more. No page says that a list and a GET show one `updated_at`: where they differ, the
 * read sends a GET.
 */
export class ListReads {
  readonly #gets: Promise<unknown>[] = [];
  /** The `updated_at` that each GET showed, and the one of the state; neither for an object that is gone. */
  readonly #got = new Map<string, { readonly shown?: unknown; readonly recorded?: unknown }>();
  /** The places of objects that exist: any of them can be a cursor. */
  readonly #known = new Set<string>();
  readonly #waiting = new Set<string>();
  /** The changes that GETs found before the first page. It has to show them: an old list would not. */
  readonly #changed = new Set<string>();
  /** `from`, `to`: the places of the cursor and the last entry. An object between them that has no entry takes a GET. */
  readonly #pages: { at: number; from: string; to: string; entries: Map<unknown, Properties> }[] = [];
  #asking: Promise<boolean> | undefined;

  /** `credit`: the answered reads, less `patience.readsOfPage` a page. `isOff`: true if the list failed, or a GET proved it old. */
  constructor(readonly paging = { credit: mostCredit, isOff: false }) {}

  /** The object by a GET; or, if a page shows it and `unchanged` returns an answer for what the page shows, that answer. */
  async find<Answer>(
    objects: Objects,
    id: string,
    recorded: Properties,
    unchanged: (listed: BaseReply) => Answer | undefined,
  ): Promise<Found<Answer>> {
    const { createdAt, updatedAt } = recorded;
    // The first reads wait for nothing: the engine sends the reads together, and each must see the GETs before it.
    const mayWait = this.#gets.length >= patience.readsBeforeLists && typeof updatedAt === "string";
    const place = mayWait ? placeOf(id, createdAt) : undefined;
    const entry = place === undefined ? undefined : await this.#entryAt(place, objects);
    const object = entry?.["updated_at"] === updatedAt ? objects.parsed(entry) : undefined;
    const answer = object === undefined || object.archived_at != null ? undefined : unchanged(object);
    if (answer === undefined) {
      return { object: await this.#get(objects, id, recorded) };
    }
    this.paging.credit = Math.min(this.paging.credit + 1, mostCredit);
    objects.recorded?.saw();
    return { unchanged: answer };
  }

  async #entryAt(place: string, objects: Objects): Promise<Properties | undefined> {
    for (let waited = 0; !this.paging.isOff; waited += 1) {
      const now = objects.client.now();
      const pages = this.#pages.filter(({ at }) => now - at <= patience.pageValidMs);
      const page =
        pages.findLast(({ entries }) => entries.has(idAt(place))) ??
        pages.find(({ from, to }) => from < place && place < to);
      if (page !== undefined || waited === patience.pagesOfRead) {
        return page?.entries.get(idAt(place));
      }
      // The reads that the last page answered are counted before the others ask for the next one.
      await (waited > 0 ? turn() : undefined);
      if (this.#asking === undefined && this.paging.credit < 1) {
        break;
      }
      this.#waiting.add(place);
      this.#asking ??= this.#ask(objects).finally(() => {
        this.#asking = undefined;
        this.#waiting.clear();
      });
      if (!(await this.#asking)) {
        break;
      }
    }
    return undefined;
  }

  #get(objects: Objects, id: string, { createdAt, updatedAt: recorded }: Properties): Promise<BaseReply | undefined> {
    const [own, place] = [ownId(id), placeOf(id, createdAt)];
    const read = objects.find(id).then((object) => {
      const isLive = object !== undefined && object.archived_at == null;
      this.#got.set(own, isLive ? { shown: object["updated_at"], recorded } : {});
      this.paging.isOff ||= this.#isOlder(own);
      if (isLive && place !== undefined) {
        this.#known.add(place);
        if (this.#pages.length === 0 && object["updated_at"] !== recorded) {
          this.#changed.add(place);
        }
      }
      return object;
    });
    this.#gets.push(read.catch(() => {}));
    return read;
  }

  /** False if there is no page: the first GETs take too long or find nothing, or the list fails. */
  async #ask({ client, list }: Objects): Promise<boolean> {
    const quickly = <Result>(work: Promise<Result>) =>
      unlessAborted(client.abortAfter(patience.pageWaitMs), work).catch(() => undefined);
    // The other reads of this moment arrive, and the first GETs show which objects exist.
    const first = await quickly(Promise.all([turn(), ...this.#gets.slice(0, patience.readsBeforeLists)]));
    const [side, start] = this.#cursor(this.#changed.size > 0 ? this.#changed : this.#waiting);
    if (first === undefined || start === undefined) {
      return false;
    }
    this.paging.credit -= patience.readsOfPage;
    this.#changed.clear();
    const [at, query] = [client.now(), { limit: String(fullPage), [side]: idAt(start) }];
    const request = { method: "GET", path: listPath(list), query, repeat: "never" } as const;
    const reply = await quickly(client.briefly(patience.pageWaitMs).send(request));
    const { data } = membersOf(reply?.body);
    const entries = new Map((Array.isArray(data) ? data : []).filter(isObject).map((entry) => [entry["id"], entry]));
    const places = [...entries].flatMap(([id, { created_at: createdAt }]) => placeOf(String(id), createdAt) ?? []);
    const span = [start, ...places].sort();
    this.#pages.push({ at, from: span[0] ?? start, to: span.at(-1) ?? start, entries });
    for (const place of places) {
      this.#known.add(place);
    }
    // After a failure of the list, the GETs meet the same failure, or do without it.
    this.paging.isOff ||= reply === undefined || [...this.#got.keys()].some((own) => this.#isOlder(own));
    return !this.paging.isOff;
  }

  /** The cursor next to most of the wanted places. A page shows what is newer than `before_id`. */
  #cursor(wanted: ReadonlySet<string>): ["before_id" | "after_id", place: string | undefined] {
    const known = [...this.#known].sort();
    const [oldest = "", second] = known;
    const newer = [...wanted].filter((place) => place > oldest).sort();
    if (newer.length * 2 < wanted.size) {
      return ["after_id", wanted.has(oldest) ? second : oldest];
    }
    const older = known.filter((place) => place < (newer[0] ?? ""));
    // The first page begins next to a wanted place, as strangers' objects may lie between. The others leave no gap to earlier pages.
    const covered = older.findLast((place) => this.#pages.some(({ from, to }) => from <= place && place <= to));
    return ["before_id", covered ?? older.at(this.#pages.length === 0 ? -1 : 0)];
  }

  /** True if the pages are older than a GET. What they do not show counts as shown with the `updated_at` of the state. */
  #isOlder(own: string): boolean {
    const { shown, recorded } = this.#got.get(own) ?? {};
    const entry = this.#pages.findLast(({ entries }) => entries.has(own))?.entries.get(own);
    return this.#pages.length > 0 && (entry?.["updated_at"] ?? recorded) !== shown;
  }
}

/** The lists of one command. */
export class ListedReads {
  readonly #lists = new Map<Account, Map<string, ListReads>>();

  of({ client, list }: Objects): ListReads {
    const ofAccount = this.#lists.get(client.account) ?? new Map<string, ListReads>();
    const key = listPath(list).join("/");
    const reads = ofAccount.get(key) ?? new ListReads();
    this.#lists.set(client.account, ofAccount.set(key, reads));
    return reads;
  }

  /** Runs a write: the reads after it use no page and no GET from before its end. */
  apartFrom<Result>(write: () => Promise<Result>): Promise<Result> {
    this.#renew();
    return write().finally(() => this.#renew());
  }

  #renew(): void {
    for (const ofAccount of this.#lists.values()) {
      for (const [key, { paging }] of ofAccount) {
        ofAccount.set(key, new ListReads(paging));
      }
    }
  }
}

/** A text that sorts by creation, and by the id where times are equal: ids are in this order, too, but no page says so. */
function placeOf(id: string, createdAt: unknown): string | undefined {
  const time = Date.parse(typeof createdAt === "string" ? createdAt : "");
  return Number.isNaN(time) ? undefined : `${new Date(time).toISOString()} ${ownId(id)}`;
}

const idAt = (place: string) => place.slice(place.indexOf(" ") + 1);
