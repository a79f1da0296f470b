/** A value by which items have an order, greater for newer items; undefined if the item does not show it. */
type Age<Item> = (item: Item) => number | undefined;

/** The time in milliseconds since the epoch; undefined without a readable time. */
export function timeOf(text: string | null | undefined): number | undefined {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? undefined : time;
}

/** True if no item is newer than the one before it. */
export function isDescending<Item>(items: readonly Item[], age: Age<Item>): boolean {
  const known = items.map(age).filter((value) => value !== undefined);
  return known.every((value, index) => value <= (known[index - 1] ?? value));
}

/**
 * The items from the newest to the oldest. An item without an age is the newest: the service has not dated it yet. Items of the same age
 * keep the order of the list, or take the reverse order if the list begins with its oldest item.
 */
export function newestFirst<Item>(items: readonly Item[], age: Age<Item>): Item[] {
  const ageOf = (item: Item) => age(item) ?? Number.POSITIVE_INFINITY;
  const aged = items.map((item) => ({ item, at: ageOf(item) }));
  const isAscending = (aged[0]?.at ?? 0) < (aged.at(-1)?.at ?? 0);
  return (isAscending ? aged.toReversed() : aged)
    .sort((one, other) => (one.at === other.at ? 0 : other.at - one.at))
    .map(({ item }) => item);
}
