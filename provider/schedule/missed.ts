/** A run counts for a fire up to this time after it; fires that are closer together than this count once. */
export const latenessMs = 10 * 60_000;
/** The clocks of the service and of its scheduler may differ by this time. */
const earlyMs = 5_000;

/**
 * The fires for which no run came, in milliseconds since the epoch, from the first to the last; of fires that count once, the first
 * one. `fires` are in order; a fire whose run may still come until `now` is not among the results.
 */
export function missedFires(fires: readonly number[], runs: readonly number[], now: number): number[] {
  const free = [...runs].sort((one, other) => one - other);
  // From the last fire to the first one, each with its latest free run: a run that comes on time is never taken for a late one.
  const came = new Set<number>();
  for (const fire of fires.toReversed()) {
    while ((free.at(-1) ?? 0) > fire + latenessMs) {
      free.pop();
    }
    if ((free.at(-1) ?? Number.NEGATIVE_INFINITY) >= fire - earlyMs) {
      came.add(fire);
      free.pop();
    }
  }
  return together(fires)
    .filter((group) => group.every((fire) => !came.has(fire) && fire + latenessMs <= now))
    .flatMap(([first = []]) => first);
}

/** The fires in groups, each of which counts once. */
function together(fires: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (const fire of fires) {
    const group = groups.at(-1);
    if (group?.[0] !== undefined && fire < group[0] + latenessMs) {
      group.push(fire);
    } else {
      groups.push([fire]);
    }
  }
  return groups;
}
