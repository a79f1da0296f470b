/** As many as there are connections; how many requests start in a second, the client decides. */
export const atOnce = 16;

/**
 * Does the same with each item, several at once, and in the order of the items where the number of those allows one only. After a
 * failure none is begun any more; the first failure is thrown when those that were begun have ended.
 */
export async function eachOf<Item>(
  items: Iterable<Item>,
  action: (item: Item) => Promise<void>,
  most: number = atOnce,
): Promise<void> {
  // All workers take from the same one, so each item is taken once.
  const iterator = items[Symbol.iterator]();
  let failure: { readonly error: unknown } | undefined;
  const worker = async () => {
    for (let next = iterator.next(); next.done !== true && failure === undefined; next = iterator.next()) {
      await action(next.value);
    }
  };
  await Promise.all(
    Array.from({ length: most }, () =>
      worker().catch((error: unknown) => {
        failure ??= { error };
      }),
    ),
  );
  if (failure !== undefined) {
    throw failure.error;
  }
}
