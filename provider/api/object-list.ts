import { largestReplyMb } from "./connection";
import { QoderError, QoderReplyError } from "./errors";
import type { Listed, Page } from "./schema";
import { requestLabel } from "./transport";

export type Query = Readonly<Record<string, string>>;

/** A list that could be read in part. What was read was given; that something was not among it proves nothing. */
export class QoderListError extends QoderError {
  override readonly name = "QoderListError";

  constructor(
    /** The objects that no page can show. */
    readonly tooLarge: readonly string[],
    /** Why the list ends before its end; undefined when all but these was read. */
    readonly cutOff: string | undefined,
    label: string,
  ) {
    const hidden = tooLarge.map((id) => `${label} does not show ${id}, which ${tooLargeReason}`);
    super([...hidden, ...(cutOff === undefined ? [] : [cutOff])].join("; "));
  }
}

export const tooLargeReason = `has more than ${largestReplyMb} MB by itself`;

/** "Conventions: pagination": the most objects of a page. */
const fullPage = 100;

/** "Rate limits": what the service advises between two pages of a list. */
const betweenPagesMs = 100;

/** What moves while the list is read may fill a page with what is known; a circle does it again and again. */
const mostPagesWithoutNews = 5;

/** What a list is a list of. */
export interface ListedKind {
  readonly noun: string;
  readonly collection: string;
  readonly idPrefix: string;
  /** The object that they belong to, where each has a list of its own. */
  readonly owner?: readonly [collection: string, id: string];
  /** The one cursor that the list takes, where it does not take `after_id` ("List sessions"). */
  readonly cursor?: "page";
}

export function listPath({ collection, owner }: ListedKind): readonly string[] {
  return [...(owner ?? []), collection];
}

/** One reading of a list, page by page. */
export class ObjectList {
  readonly #given = new Set<string>();
  /** Where the list may go on, the most promising last. */
  readonly #cursors: Query[] = [{}];
  /** Each is asked once: a second time it would lead round a circle. */
  readonly #known = new Set<string>();
  readonly #tooLarge: string[] = [];
  #pagesWithoutNews = 0;
  /** So many more objects are read one at a time: those of a page that was too large. */
  #singly = 0;

  constructor(
    private readonly kind: ListedKind,
    private readonly readPage: (size: number, cursor: Query) => Promise<Page>,
    private readonly pause: (milliseconds: number) => Promise<unknown>,
  ) {}

  /** Everything once. Throws a `QoderListError` after the last one that could be read, if that was not the whole list. */
  async *read(): AsyncGenerator<Listed> {
    for (let cursor = this.#cursors.pop(); cursor !== undefined; cursor = this.#nextCursor()) {
      const page = await this.#pageAt(cursor);
      if (page !== undefined) {
        const news = this.#news(page);
        yield* news;
        if (page.has_more !== true) {
          return this.#end();
        }
        this.#goOnAfter(page, news.length > 0);
      }
      await this.pause(betweenPagesMs);
    }
    throw this.#error(
      `${this.#label} says that there are more, but leads to none that are new; the list cannot be read to its end`,
    );
  }

  #end(): void {
    if (this.#tooLarge.length > 0) {
      throw this.#error(undefined);
    }
  }

  get #label(): string {
    return requestLabel({ method: "GET", path: listPath(this.kind) });
  }

  #error(cutOff: string | undefined): QoderListError {
    return new QoderListError(this.#tooLarge, cutOff, this.#label);
  }

  #nextCursor(): Query | undefined {
    return this.#pagesWithoutNews > mostPagesWithoutNews ? undefined : this.#cursors.pop();
  }

  /** Undefined when it is too large; where to go on is noted then. */
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
    // Unescaped quotes are never part of a text, and the members before it have no id of this kind.
    const [, id] = new RegExp(`"id"\\s*:\\s*"(${this.kind.idPrefix}[\\w-]+)"`).exec(beginning) ?? [];
    if (id === undefined) {
      const place =
        this.#given.size === 0
          ? `the newest ${this.kind.noun}`
          : `the ${this.kind.noun} after ${[...this.#given].at(-1)}`;
      const reason = `${this.#label} does not show which it is, but ${place} ${tooLargeReason}, before its id`;
      throw this.#error(`${reason}; the list cannot be read to its end`);
    }
    if (!this.#given.has(id)) {
      this.#given.add(id);
      this.#tooLarge.push(id);
    }
    this.#push({ after_id: id });
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

  // The older pages document `after_id` alone, the newer ones both. They exclude each other, and either may be absent
  // ("Conventions: pagination"). A service that does not know `after_id` begins at the first page again.
  #goOnAfter({ last_id: last, next_page: next }: Page, hasNews: boolean): void {
    if (next != null) {
      const isNew = this.#push({ page: next });
      if (hasNews && !isNew) {
        // Only the data has moved on.
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
