/** The number of connections; the client limits the requests that start in a second. */
export const atOnce = 16;

/**
 * Calls the function for each item, several at once, in the order of the items. After a failure it starts no further item,
 * and throws the first failure when the started ones have ended.
 */
export async function eachOf<Item>(
  items: Iterable<Item>,
  action: (item: Item) => Promise<void>,
  most: number = atOnce,
): Promise<void> {
  // All workers share the iterator, so each item is taken once.
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
