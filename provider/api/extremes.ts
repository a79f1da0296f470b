// Not `Math.max(...numbers)`: the arguments of a call go onto the stack, which a hundred thousand runs overflow.

/** The largest of the numbers, or `least` without a larger one. */
export function largest(numbers: Iterable<number>, least = Number.NEGATIVE_INFINITY): number {
  let most = least;
  for (const number of numbers) {
    most = Math.max(most, number);
  }
  return most;
}

/** The smallest of the numbers, or infinity without any. */
export function smallest(numbers: Iterable<number>): number {
  let least = Number.POSITIVE_INFINITY;
  for (const number of numbers) {
    least = Math.min(least, number);
  }
  return least;
}
