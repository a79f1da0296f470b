import { largestReplyMb } from "./connection";
import { QoderError, QoderReplyError } from "./errors";
import { type Listed, namedSchema, type Page } from "./schema";
import { excerpt } from "./terminal-text";
import { requestLabel } from "./transport";

export type Query = Readonly<Record<string, string | readonly string[]>>;

/** An object that a list does not give, and the reason. */
interface Withheld {
  readonly id: string;
  readonly reason: string;
}

/**
 * The error for a list that could be read in part only. The caller has received the objects that were read; an object that
 * was not among them may still exist.
 */
export class QoderListError extends QoderError {
  override readonly name = "QoderListError";

  constructor(
    /** The objects that are too large for any page, or that do not show whether the list was asked for them. */
    readonly withheld: readonly Withheld[],
    /** The reason for which the list ends early; undefined if all other objects were read. */
    readonly cutOff: string | undefined,
    label: string,
  ) {
    const hidden = withheld.map(({ id, reason }) => `${label}: ${id} ${reason}`);
    super([...hidden, ...(cutOff === undefined ? [] : [cutOff])].join("; "));
  }
}

const tooLargeReason = `has more than ${largestReplyMb} MB by itself`;

/** "Conventions: pagination": the largest page. */
export const fullPage = 100;

/** "Rate limits": the recommended pause between two pages of a list. */
const betweenPagesMs = 100;

/**
 * Objects that move while the list is read may fill a page with known objects. If that happens more often, the cursors lead
 * in a circle.
 */
const mostPagesWithoutNews = 5;

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

/** True if the object belongs to the parent with this id; undefined if it does not show that. */
function isOf(object: Listed, parent: string, id: string): boolean | undefined {
  const named = object[`${parent}_id`];
  const shown = namedSchema.safeParse(named ?? object[parent] ?? named).data;
  return shown === undefined ? undefined : shown === id;
}

const longestPart = 100;

/** The object for a message about others of its name: `dep_1, created 2026-11-25T00:00:00Z`. */
export function withItsAge({ id, created_at: createdAt }: Listed): string {
  return excerpt(createdAt == null ? id : `${id}, created ${createdAt}`, longestPart);
}

/** The object with its name, for a message about several objects: `"daily" (dep_1)`. */
export function withItsName({ id, name }: Listed): string {
  const shown = excerpt(id, longestPart);
  return name === undefined ? shown : `"${excerpt(name, longestPart)}" (${shown})`;
}

/** One reading of a list, page by page. */
export class ObjectList {
  readonly #given = new Set<string>();
  /** The cursors of possible next pages, the most promising one last. */
  readonly #cursors: Query[] = [{}];
  /** The cursors that were used. A second use would lead in a circle. */
  readonly #known = new Set<string>();
  readonly #withheld: Withheld[] = [];
  #pagesWithoutNews = 0;
  /** The number of objects that are still to be read one by one, after a page that was too large. */
  #singly = 0;

  constructor(
    private readonly kind: Collection,
    private readonly readPage: (size: number, cursor: Query) => Promise<Page>,
    private readonly pause: (milliseconds: number) => Promise<unknown>,
    /** The filter that the request for each page carries. */
    private readonly filter: Query = {},
    /** True if the caller needs a few objects only. The list then ends with an error if the service ignores the filter. */
    private readonly isShort: boolean = false,
  ) {}

  /** Every object once. Throws a `QoderListError` after the last readable object if the list could not be read completely. */
  async *read(): AsyncGenerator<Listed> {
    for (let cursor = this.#cursors.pop(); cursor !== undefined; cursor = this.#nextCursor()) {
      const page = await this.#pageAt(cursor);
      if (page !== undefined) {
        const news = this.#news(page);
        const asked = news.filter((object) => this.#isAskedFor(object));
        yield* asked;
        if (this.isShort && news.length > asked.length) {
          throw this.#error(`${this.#label} shows objects that it was not asked for`);
        }
        if (page.has_more !== true) {
          return this.#end();
        }
        this.#goOnAfter(page, news.length > 0);
      }
      await this.pause(betweenPagesMs);
    }
    throw this.#error(
      `${this.#label} says that there are more objects, but its next pages show no new ones; the list cannot be read to its end`,
    );
  }

  #end(): void {
    if (this.#withheld.length > 0) {
      throw this.#error(undefined);
    }
  }

  get #label(): string {
    return requestLabel({ method: "GET", path: listPath(this.kind) });
  }

  #error(cutOff: string | undefined): QoderListError {
    return new QoderListError(this.#withheld, cutOff, this.#label);
  }

  #nextCursor(): Query | undefined {
    return this.#pagesWithoutNews > mostPagesWithoutNews ? undefined : this.#cursors.pop();
  }

  /** The page at this cursor. Undefined if the page is too large; the method has then noted the next cursors. */
  async #pageAt(cursor: Query): Promise<Page | undefined> {
    const isSingle = this.#singly > 0;
    try {
      const page = await this.readPage(isSingle ? 1 : fullPage, cursor);
      this.#singly -= isSingle ? 1 : 0;
      return page;
    } catch (error) {
      if (!(error instanceof QoderReplyError) || error.beginningOfTooLarge === undefined) {
        throw error;
      }
      if (isSingle) {
        this.#singly -= 1;
        this.#passOver(error.beginningOfTooLarge);
      } else {
        this.#singly = fullPage;
        this.#cursors.push(cursor);
      }
      return undefined;
    }
  }

  #passOver(beginning: string): void {
    // A text contains no unescaped quotes, and no earlier member contains an id of this kind.
    const [, id] = new RegExp(`"id"\\s*:\\s*"(${this.kind.idPrefix}[\\w-]+)"`).exec(beginning) ?? [];
    if (id === undefined) {
      const place =
        this.#given.size === 0
          ? `the newest ${this.kind.noun}`
          : `the ${this.kind.noun} after ${[...this.#given].at(-1)}`;
      const reason = `${this.#label} does not show its id, but ${place} ${tooLargeReason}, before its id`;
      throw this.#error(`${reason}; the list cannot be read to its end`);
    }
    if (!this.#given.has(id)) {
      this.#given.add(id);
      this.#withheld.push({ id, reason: tooLargeReason });
    }
    this.#push({ after_id: id });
  }

  /** True if the list was asked for this object: a service may ignore a filter, and nothing may act on the objects of others. */
  #isAskedFor(object: Listed): boolean {
    const { parent: [collection = "", parentId = ""] = [] } = this.kind;
    const filtered = Object.entries(this.filter).filter(([name]) => name.endsWith("_id"));
    const answers = [
      ...filtered.map(([name, id]) => isOf(object, name.slice(0, -"_id".length), String(id))),
      // The path of the list proves the parent of an object that does not show it. A filter proves nothing.
      collection === "" || (isOf(object, collection.slice(0, -"s".length), parentId) ?? true),
    ];
    if (answers.includes(undefined) && !answers.includes(false)) {
      this.#withheld.push({ id: object.id, reason: `does not show its ${filtered.map(([name]) => name).join(", ")}` });
    }
    return answers.every((answer) => answer === true);
  }

  #news(page: Page): Listed[] {
    const news = page.data.filter(({ id }) => {
      const isNew = !this.#given.has(id);
      this.#given.add(id);
      return isNew;
    });
    this.#pagesWithoutNews = news.length > 0 ? 0 : this.#pagesWithoutNews + 1;
    return news;
  }

  // The older pages document `after_id` only, the newer ones both cursors. A request may have one of them, and a reply may
  // lack either ("Conventions: pagination"). A service that ignores `after_id` returns the first page again.
  #goOnAfter({ last_id: last, next_page: next }: Page, hasNews: boolean): void {
    if (next != null) {
      const isNew = this.#push({ page: next });
      if (hasNews && !isNew) {
        // No new cursor: objects have only moved.
        return;
      }
    }
    if (last != null && this.kind.cursor === undefined) {
      this.#push({ after_id: last });
    }
  }

  #push(cursor: Query): boolean {
    const key = JSON.stringify(cursor);
    const isNew = !this.#known.has(key);
    if (isNew) {
      this.#known.add(key);
      this.#cursors.push(cursor);
    }
    return isNew;
  }
}
