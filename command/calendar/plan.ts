import { dayMs, hourMs, minuteMs } from "../../provider/api/clock";
import { creditSum, median } from "../../provider/deployment-run/credits";
import { dateText } from "../../provider/schedule/runs";
import { type ClockChange, onWall, type WallTime, zoneClock } from "../../provider/schedule/timezone";
import { midnightOf, momentOf, runsWithin } from "../../provider/schedule/window";
import type { Scheduled } from "./what-is-scheduled";

export const hoursOfDay = 24;
/** A longer list is more than a person reads. */
const mostBusy = 5;

interface PlannedRun {
  readonly deployment: Scheduled;
  /** The time of the run, in milliseconds since the epoch. */
  readonly at: number;
}

/** The runs in one hour, in the time zone of the calendar. */
export interface Hour {
  readonly runs: number;
  /** True if the hour ends before the calendar begins. */
  readonly isPast: boolean;
  /** True if a clock change skips or repeats the hour or a part of it. */
  readonly clock: "skipped" | "doubled" | undefined;
}

export interface Day {
  /** The day for people, `Thu 2026-11-26`. */
  readonly text: string;
  /** The date for programs, `2026-11-26`. */
  readonly date: string;
  readonly runs: number;
  readonly hours: readonly Hour[];
}

/** A minute in which several runs start. One entry represents all minutes in which the same deployments start. */
export interface BusyMinute {
  /** The first of these minutes. */
  readonly at: number;
  readonly names: readonly string[];
  /** The number of these minutes. */
  readonly times: number;
}

/** All runs from a moment until the end of a day. */
export interface Plan {
  readonly from: number;
  readonly to: number;
  readonly timezone: string;
  /** The number of deployments with an active schedule, also if none of their runs is in this time. */
  readonly deployments: number;
  /** The runs in the order of their times. */
  readonly runs: readonly PlannedRun[];
  /** The busiest minutes, the busiest first. */
  readonly busiest: readonly BusyMinute[];
  readonly days: readonly Day[];
}

/** The runs of the rest of today and of the following days, in the time zone. */
export function planOf(scheduled: readonly Scheduled[], from: number, days: number, timezone: string): Plan {
  const today = midnightOf(onWall(from, timezone));
  const to = momentOf(today + days * dayMs, timezone);
  // The names are compared before there are runs, of which a large account has a million.
  const runs = [...scheduled]
    .sort((one, other) => one.name.localeCompare(other.name, "en"))
    .flatMap((deployment) => runsWithin(deployment.schedule, from, to).map((at) => ({ deployment, at })))
    .sort((one, other) => one.at - other.at);
  return {
    from,
    to,
    timezone,
    deployments: scheduled.length,
    runs,
    busiest: busiestOf(runs),
    days: daysOf(runs, from, today, days, timezone),
  };
}

function busiestOf(runs: readonly PlannedRun[]): BusyMinute[] {
  // Not the names, which two accounts of a stack may share.
  const numbers = new Map([...new Set(runs.map(({ deployment }) => deployment))].map((one, index) => [one, index]));
  const minutes = new Map<number, Scheduled[]>();
  for (const { deployment, at } of runs) {
    const minute = Math.floor(at / minuteMs) * minuteMs;
    const starting = minutes.get(minute) ?? [];
    minutes.set(minute, starting);
    starting.push(deployment);
  }
  const busy = new Map<string, BusyMinute>();
  for (const [at, starting] of minutes) {
    if (starting.length > 1) {
      const key = starting.map((one) => numbers.get(one)).join(" ");
      const { times, ...known } = busy.get(key) ?? { at, names: starting.map(({ name }) => name), times: 0 };
      busy.set(key, { ...known, times: times + 1 });
    }
  }
  return [...busy.values()]
    .sort((one, other) => other.names.length - one.names.length || other.times - one.times || one.at - other.at)
    .slice(0, mostBusy);
}

function daysOf(runs: readonly PlannedRun[], from: number, today: WallTime, count: number, timezone: string): Day[] {
  const clock = zoneClock(timezone);
  const changes = clock.changes(momentOf(today, timezone) - 1, momentOf(today + count * dayMs, timezone));
  const inHour = new Map<WallTime, number>();
  for (const { at } of runs) {
    const hour = Math.floor(onWall(at, timezone) / hourMs) * hourMs;
    inHour.set(hour, (inHour.get(hour) ?? 0) + 1);
  }
  return Array.from({ length: count }, (_, index) => {
    const day = today + index * dayMs;
    const hours = Array.from({ length: hoursOfDay }, (_, hour) => {
      const start = day + hour * hourMs;
      const isPast = momentOf(start + hourMs, timezone) <= from;
      return { runs: inHour.get(start) ?? 0, isPast, clock: clockIn(start, changes) };
    });
    const text = dateText(day);
    return { text, date: text.slice(-10), runs: hours.reduce((sum, hour) => sum + hour.runs, 0), hours };
  });
}

function clockIn(start: WallTime, changes: readonly ClockChange[]): Hour["clock"] {
  const change = changes.find(({ from, to }) => Math.min(from, to) < start + hourMs && start < Math.max(from, to));
  return change === undefined ? undefined : change.to > change.from ? "skipped" : "doubled";
}

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
