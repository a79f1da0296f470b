import { type Limits, limitOf, type Period, periods } from "../../provider/deployment/limits";
import { creditSum } from "../../provider/deployment-run/credits";
import type { Schedule } from "../../provider/schedule/schedule";
import { runsWithin, spanOf } from "../../provider/schedule/window";
import type { CostJson } from "../json";

/** A session, and what it has cost so far. */
export type PaidSession = {
  /** In milliseconds since the epoch; undefined if the service does not show it. */
  readonly startedAt: number | undefined;
  /** Undefined if the session has ended and the service does not show its cost. */
  readonly credits: number | undefined;
} & ({ readonly isWorking: false } | { readonly isWorking: true; readonly credits: number });

/** The sessions of one deployment, and what follows them. */
interface Paid {
  readonly sessions: readonly PaidSession[];
  /** The median of the credits of the newest runs. */
  readonly usual: number | undefined;
  /** Undefined for a deployment that starts no run by itself; `unreadable` for one whose schedule this version cannot read. */
  readonly schedule: Schedule | "unreadable" | undefined;
  /** False if it starts none now, as it is paused. */
  readonly isActive: boolean;
}

/** The credits of a day or a month. */
export interface Cost extends Omit<CostJson, "from" | "until"> {
  readonly from: number;
  readonly until: number;
  /** The runs at the end of the period if the deployment were active. */
  readonly startedRuns: number;
}

export type Costs = Readonly<Record<Period, Cost>>;

/** The costs of the day and the month of this moment in this time zone. `isOver`: nothing of the month is still to come. */
export function costsOf(
  { sessions: all, usual, schedule: own, isActive }: Paid,
  now: number,
  timezone: string,
  limits: Limits | undefined,
  isOver = false,
): Costs {
  const schedule = isActive && !isOver ? own : undefined;
  const ofPeriod = (period: Period): Cost => {
    const { from, until } = spanOf(period, now, timezone);
    const sessions = all.filter(({ startedAt = from }) => startedAt >= from && startedAt < until);
    const spent = creditSum(sessions.map(({ credits = 0 }) => credits));
    const unknownCosts = sessions.filter(({ credits }) => credits === undefined).length;
    const due = own === undefined || own === "unreadable" ? 0 : runsWithin(own, now, until).length;
    const left = schedule === undefined ? 0 : due;
    const working = sessions.flatMap((one) => (one.isWorking ? [one.credits] : []));
    const rest = [left * (usual ?? 0), ...working.map((credits) => Math.max((usual ?? 0) - credits, 0))];
    const isKnown = schedule !== "unreadable" && (usual !== undefined || left + working.length === 0);
    const expected = isKnown ? creditSum([spent, ...rest]) : undefined;
    const unknownExpected = isKnown && unknownCosts === 0 ? 0 : 1;
    const runLimit = period === "day" ? limits?.runsPerDay : undefined;
    return {
      ...{ from, until, spent, unknownCosts, expected, unknownExpected, limit: limitOf(limits, period) },
      ...{ runs: sessions.length, expectedRuns: sessions.length + left, startedRuns: sessions.length + due, runLimit },
    };
  };
  return { day: ofPeriod("day"), month: ofPeriod("month") };
}

/** The costs of several deployments together; undefined without any. */
export function summed([first, ...others]: readonly Costs[], limits: Limits | undefined): Costs | undefined {
  if (first === undefined) {
    return undefined;
  }
  const sum = (period: Period): Cost => {
    const parts = [first, ...others].map((one) => one[period]);
    const unknownExpected = parts.reduce((count, part) => count + part.unknownExpected, 0);
    const expected = creditSum(parts.map((part) => part.expected ?? part.spent));
    return {
      ...first[period],
      spent: creditSum(parts.map(({ spent }) => spent)),
      unknownCosts: parts.reduce((count, { unknownCosts }) => count + unknownCosts, 0),
      expected: parts.some((part) => part.expected !== undefined) ? expected : undefined,
      unknownExpected,
      limit: limitOf(limits, period),
      runs: parts.reduce((count, { runs }) => count + runs, 0),
      expectedRuns: parts.reduce((count, { expectedRuns }) => count + expectedRuns, 0),
      startedRuns: parts.reduce((count, { startedRuns }) => count + startedRuns, 0),
      runLimit: undefined,
    };
  };
  return { day: sum("day"), month: sum("month") };
}

/** From this part of a limit of credits on, the command fails. */
const warnedPart = 0.8;

/** True if that part of the credits is spent, or all runs have begun and another is due. A lower bound that is over a limit is a verdict. */
export function isNear({ spent, limit, ...cost }: Cost): boolean {
  return (limit !== undefined && spent >= creditSum([limit * warnedPart])) || isOutOfRuns(cost);
}

/** A limit of runs that is exactly kept is kept. */
function isOutOfRuns({ runs, expectedRuns, runLimit }: Pick<Cost, "runs" | "expectedRuns" | "runLimit">): boolean {
  return runLimit !== undefined && runs >= runLimit && expectedRuns > runLimit;
}

/** True if the period will have cost more than its limit, if runs cost what they usually do, or will have had more runs. */
export function isExpectedAbove({ expected, limit, expectedRuns, runLimit }: Cost): boolean {
  const isCostly = limit !== undefined && expected !== undefined && expected > limit;
  return isCostly || (runLimit !== undefined && expectedRuns > runLimit);
}

/** True if what nobody knows can change the verdict. `hidden`: what no sum counts. */
export function mayBeMore(cost: Cost, hidden: Cost | undefined): boolean {
  const { spent = 0, unknownCosts = 0, runs = 0 } = hidden ?? {};
  const more = {
    ...cost,
    spent: creditSum([cost.spent, spent]),
    expected: cost.expected && creditSum([cost.expected, spent]),
    runs: cost.runs + runs,
    expectedRuns: cost.expectedRuns + runs,
    startedRuns: cost.startedRuns + runs,
  };
  const isUnknown = cost.limit !== undefined && cost.unknownCosts + unknownCosts > 0;
  return isUnknown || isNear(more) || isExpectedAbove(more);
}

/** True if something of each limit is left for certain, also for the runs that are due once the deployment is active. */
export function hasRoom(costs: Costs): boolean {
  const isOpen = periods.every((period) => {
    const { limit, unknownCosts, startedRuns: expectedRuns, ...cost } = costs[period];
    return (limit === undefined || unknownCosts === 0) && !isOutOfRuns({ ...cost, expectedRuns });
  });
  return isOpen && !isUsedUp(costs);
}

/** A budget stops a run that costs more than this number of times the usual, which `status` calls a problem in two runs. */
const budgetOfUsual = 3;

/** The `budget` that fits runs of this cost, in whole credits; undefined if none is known. */
export function fittingBudget(usual: number | undefined): number | undefined {
  return usual === undefined || usual === 0 ? undefined : Math.ceil(creditSum([budgetOfUsual * usual]));
}

export function isPaid({ month: { spent, unknownCosts } }: Costs): boolean {
  return spent > 0 || unknownCosts > 0;
}

/** True if nothing of a limit is left. */
export function isUsedUp(costs: Costs): boolean {
  return periods.some((period) => {
    const { spent, limit = Number.POSITIVE_INFINITY, ...cost } = costs[period];
    return spent >= limit || isOutOfRuns(cost);
  });
}

/** `12.5`, or `at least 12.5`. */
export function spentText({ spent, unknownCosts }: Cost): string {
  return `${unknownCosts > 0 ? "at least " : ""}${spent}`;
}

/** The same for what is expected; undefined if nobody knows. A new deployment hides no other one in the sum of a stack. */
export function expectedText({ expected, unknownExpected }: Cost): string | undefined {
  return expected === undefined ? undefined : `${unknownExpected > 0 ? "at least " : ""}${expected}`;
}
