import { creditSum, median } from "../../deployment-run/credits";
import { runsWithin } from "../../schedule/window";
import type { Scheduled } from "./fleet";

const dayMs = 24 * 60 * 60_000;
const monthDays = 30;

/** The cost of the runs of the next 30 days, in credits. */
export interface Cost {
  /** The expected cost; undefined if the cost of every deployment is unknown. */
  readonly expected: number | undefined;
  /** The largest cost; undefined if a deployment has no budget. */
  readonly ceiling: number | undefined;
  /**
   * The names of deployments that run in this time and are not included in `expected`; `withoutBudget` names those without a
   * budget.
   */
  readonly withoutCredits: readonly string[];
  readonly withoutBudget: readonly string[];
}

export function costOf(scheduled: readonly Scheduled[], from: number): Cost {
  const running = scheduled
    .map((one) => ({
      name: one.name,
      runs: runsWithin(one.schedule, from, from + monthDays * dayMs).length,
      usual: median(one.past ?? []),
      budget: one.budget,
    }))
    .filter(({ runs }) => runs > 0);
  const known = running.flatMap(({ runs, usual }) => (usual === undefined ? [] : [runs * usual]));
  const limits = running.flatMap(({ runs, budget }) => (budget === undefined ? [] : [runs * budget]));
  return {
    expected: known.length === 0 && running.length > 0 ? undefined : creditSum(known),
    ceiling: limits.length < running.length ? undefined : creditSum(limits),
    withoutCredits: running.filter(({ usual }) => usual === undefined).map(({ name }) => name),
    withoutBudget: running.filter(({ budget }) => budget === undefined).map(({ name }) => name),
  };
}
