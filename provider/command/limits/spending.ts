import { type Limits, limitOf, type Period, periods } from "../../deployment/limits";
import { creditSum, median } from "../../deployment-run/credits";
import { isWorking, type SessionReply } from "../../deployment-run/result";
import { type RecentSessions, sessionsSince } from "../../deployment-run/sessions";
import { creationTime } from "../../resource/age";
import type { Schedule } from "../../schedule/schedule";
import { runsWithin, spanOf } from "../../schedule/window";
import { type ReadDeployment, scheduleIn } from "../deployments";
import type { CommandAccount } from "../scope";

const hourMs = 3_600_000;
/** The zones of two deployments are at most this far apart (IANA time zone data). */
const zonesApartMs = 26 * hourMs;
/** "Pricing": the service settles the costs of sandboxes every hour. */
const settlingMs = hourMs;

/** The credits of a day or a month. */
export interface Cost {
  readonly from: number;
  readonly until: number;
  readonly spent: number;
  /** What the period will have cost at its end; undefined if nobody knows what a run costs. */
  readonly expected: number | undefined;
  readonly limit: number | undefined;
}

export type Costs = Readonly<Record<Period, Cost>>;

/** What the runs of one deployment cost. */
export interface Spending extends Costs {
  readonly account: CommandAccount;
  readonly deployment: ReadDeployment;
  readonly timezone: string;
  /** The median of the credits of the newest runs. */
  readonly usual: number | undefined;
  /** The sessions that work now. */
  readonly running: readonly string[];
  /** The number of sessions whose sandbox may still cost more. */
  readonly unsettled: number;
  /** The costs in another time zone, without limits. */
  costsIn(timezone: string): Costs;
}

/** Reads the sessions of the present month, in whatever zone. One request for each hundred sessions. */
export async function spendingOf(
  account: CommandAccount,
  deployment: ReadDeployment,
  limits: Limits | undefined,
  zone: string | undefined,
  machineNow: number,
): Promise<Spending> {
  const client = account.client.forList();
  const earliest = spanOf("month", machineNow - zonesApartMs, "UTC").from - zonesApartMs;
  const recent = await sessionsSince(client, deployment.id, earliest);
  const now = client.serviceNow() ?? machineNow;
  const schedule = scheduleIn(deployment);
  const timezone = zone ?? schedule?.timezone ?? "UTC";
  const isActive = deployment.status === "active" && deployment.archived_at == null;
  const costsIn = (where: string, most?: Limits) => costs(recent, isActive ? schedule : undefined, now, where, most);
  return {
    account,
    deployment,
    timezone,
    ...costsIn(timezone, limits),
    usual: median(recent.credits),
    running: recent.since.filter(isWorking).map(({ id }) => id),
    unsettled: recent.since.filter((one) => isWorking(one) || now - lastChange(one) < settlingMs).length,
    costsIn,
  };
}

function costs(
  { since, credits }: RecentSessions,
  schedule: Schedule | undefined,
  now: number,
  timezone: string,
  limits: Limits | undefined,
): Costs {
  const usual = median(credits);
  const ofPeriod = (period: Period): Cost => {
    const { from, until } = spanOf(period, now, timezone);
    const sessions = since.filter((session) => (creationTime(session.created_at) ?? from) >= from);
    const spent = creditSum(sessions.map(creditsOf));
    const left = schedule === undefined ? 0 : runsWithin(schedule, now, until).length;
    const working = sessions.filter(isWorking);
    const rest = [left * (usual ?? 0), ...working.map((one) => Math.max((usual ?? 0) - creditsOf(one), 0))];
    const isKnown = usual !== undefined || left + working.length === 0;
    return {
      from,
      until,
      spent,
      expected: isKnown ? creditSum([spent, ...rest]) : undefined,
      limit: limitOf(limits, period),
    };
  };
  return { day: ofPeriod("day"), month: ofPeriod("month") };
}

/** The costs of all deployments together. */
export function summed(all: readonly Spending[], timezone: string, limits: Limits): Costs | undefined {
  const [first, ...others] = all.map((one) => one.costsIn(timezone));
  if (first === undefined) {
    return undefined;
  }
  const sum = (period: Period): Cost => {
    const parts = [first, ...others].map((one) => one[period]);
    const expected = parts.flatMap((part) => part.expected ?? []);
    return {
      ...first[period],
      spent: creditSum(parts.map(({ spent }) => spent)),
      expected: expected.length < parts.length ? undefined : creditSum(expected),
      limit: limitOf(limits, period),
    };
  };
  return { day: sum("day"), month: sum("month") };
}

/** From this part of a limit on, the command fails. */
const warnedPart = 0.8;

export function isNear({ spent, limit }: Cost): boolean {
  return limit !== undefined && spent >= creditSum([limit * warnedPart]);
}

/** Whether nothing of a limit is left. */
export function isUsedUp(costs: Costs): boolean {
  return periods.some((period) => costs[period].spent >= (costs[period].limit ?? Number.POSITIVE_INFINITY));
}

function creditsOf({ usage }: SessionReply): number {
  return usage?.total_credits ?? 0;
}

function lastChange({ updated_at: updated, created_at: created }: SessionReply): number {
  return creationTime(updated ?? created) ?? Number.NEGATIVE_INFINITY;
}
