import { dayMs } from "../../provider/api/clock";
import { creditSum, median } from "../../provider/deployment-run/credits";
import type { RunResult } from "../../provider/deployment-run/result";

/** The runs of so many days before the window say what is usual. */
export const usualMs = 7 * dayMs;
/** Fewer runs do not say what is usual. */
const fewestUsual = 3;
/** Two runs in a row that cost more than this number of times the usual are a problem. */
const mostOfTwo = 3;
/** The runs of the window may cost this number of times what they usually cost. */
const mostOfAll = 2;

/** The median of the runs before the window; undefined if they are too few. A window that grows does not raise it. */
export function usualOf(before: readonly number[]): number | undefined {
  return before.length < fewestUsual ? undefined : median(before);
}

/**
 * The costs that grow, in a sentence with both figures. `runs`: the results of the window, newest first. `previous`: the cost of the run
 * before them, so that no pair falls between two windows.
 */
export function growingCost(runs: readonly RunResult[], usual: number | undefined, previous = 0): string[] {
  if (usual === undefined) {
    return [];
  }
  // A run without a cost says nothing. One that still works does so only once it costs more than it may at its end.
  const credits = runs.flatMap(({ state, credits: cost = 0 }) =>
    cost === 0 || (state === "running" && cost <= mostOfAll * usual) ? [] : cost,
  );
  const isHigh = (cost: number) => cost > creditSum([mostOfTwo * usual]);
  const newer = credits.findIndex((cost, place) => isHigh(cost) && isHigh(credits[place + 1] ?? previous));
  if (newer >= 0) {
    const [last, before = previous] = credits.slice(newer);
    return [`Two runs in a row cost ${before} and ${last} credits, more than three times the usual ${usual}`];
  }
  const [all, usually] = [creditSum(credits), creditSum([credits.length * usual])];
  return all > creditSum([mostOfAll * usually])
    ? [`The runs cost ${all} credits, more than twice the usual ${usually} (${usual} each)`]
    : [];
}
