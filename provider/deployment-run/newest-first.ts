/** A value by which items have an order, greater for newer items; undefined if the item does not show it. */
type Age<Item> = (item: Item) => number | undefined;

/** The time in milliseconds since the epoch; undefined without a readable time. */
export function timeOf(text: string | null | undefined): number | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : time;
}

/** True if the service has listed these items from the oldest to the newest. */
export function isAscending<Item>(items: readonly Item[], age: Age<Item>): boolean {
  const known = items.map(age).filter((value) => value !== undefined);
  return (known[0] ?? 0) < (known.at(-1) ?? 0);
}

/** True if no item is newer than the one before it. */
export function isDescending<Item>(items: readonly Item[], age: Age<Item>): boolean {
  const known = items.map(age).filter((value) => value !== undefined);
  return known.every((value, index) => value <= (known[index - 1] ?? value));
}

/**
 * The items from the newest to the oldest, whatever order the service gave them: no page promises one. The first of `ages`
 * that differs decides. Equal items, and items without the value, keep their places next to their neighbours.
 */
export function newestFirst<Item>(items: readonly Item[], ...ages: readonly Age<Item>[]): Item[] {
  return ages.reduceRight<Item[]>((sorted, age) => sortedBy(sorted, age), [...items]);
}

function sortedBy<Item>(items: readonly Item[], age: Age<Item>): Item[] {
  let last = Number.POSITIVE_INFINITY;
  return (isAscending(items, age) ? items.toReversed() : items)
    .map((item) => {
      last = age(item) ?? last;
      return { item, place: last };
    })
    .sort((one, other) => (one.place === other.place ? 0 : other.place - one.place))
    .map(({ item }) => item);
}
