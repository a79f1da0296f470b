import { dayMs } from "../../provider/api/clock";
import { creditSum, median } from "../../provider/deployment-run/credits";

/** The runs of so many days before the window say what is usual. */
export const usualMs = 7 * dayMs;
/** Fewer runs, or days, do not say what is usual. */
const fewestUsual = 3;

/** An ended run before the window. Times are in milliseconds. */
export interface PastRun {
  readonly startedAt: number;
  /** Undefined if the service does not show it. */
  readonly credits: number | undefined;
  /** How long the agent worked; undefined if the service does not show it. */
  readonly activeMs: number | undefined;
  /** True if the session was terminated; one that failed in another way may be `false`. */
  readonly hasFailed: boolean;
}

/** What the runs of the week before the window show. Each member is undefined if they are too few. */
export interface Usual {
  /** The credits of a run, of a day with runs, and of a run in the week before that week. */
  readonly credits: number | undefined;
  readonly creditsOfDay: number | undefined;
  readonly creditsBefore: number | undefined;
  /** The time that a run works. */
  readonly milliseconds: number | undefined;
  /** The credits of the last paid run before the window. */
  readonly lastCredits: number | undefined;
  /** The ended runs of the week, newest first. */
  readonly week: readonly PastRun[];
  /** The credits of each day with paid runs. */
  readonly days: readonly number[];
}

/** The median of the runs before the window; undefined if they are too few. A window that grows does not raise it. */
export function usualOf(before: readonly number[]): number | undefined {
  return before.length < fewestUsual ? undefined : median(before);
}

export function usualIn(past: readonly PastRun[], since: number): Usual {
  const week = past.filter(({ startedAt }) => startedAt >= since - usualMs);
  const paid = paidIn(week);
  const days = new Map<number, number>();
  for (const { startedAt, credits = 0 } of week) {
    const day = Math.floor((since - startedAt) / dayMs);
    days.set(day, creditSum([days.get(day) ?? 0, credits]));
  }
  const paidDays = [...days.values()].filter((credits) => credits > 0);
  return {
    credits: usualOf(paid),
    creditsOfDay: usualOf(paidDays),
    creditsBefore: usualOf(paidIn(past.filter(({ startedAt }) => startedAt < since - usualMs))),
    milliseconds: usualOf(week.flatMap(({ activeMs }) => activeMs ?? [])),
    lastCredits: paid[0],
    week,
    days: paidDays,
  };
}

/** A session that never began has cost nothing, and says nothing about those that work. */
function paidIn(runs: readonly PastRun[]): number[] {
  return runs.flatMap(({ credits = 0 }) => (credits > 0 ? credits : []));
}
