import { hourMs, minuteMs } from "../../provider/api/clock";
import { patience } from "../../provider/api/patience";
import type { DeploymentRun } from "../../provider/deployment-run/arguments";
import { timeOf } from "../../provider/deployment-run/newest-first";
import type { Schedule } from "../../provider/schedule/schedule";
import { zoneClock } from "../../provider/schedule/timezone";
import { runsWithin } from "../../provider/schedule/window";
import { type ReadDeployment, scheduleIn } from "../deployments";
import { timeText } from "./texts";
import { usualMs } from "./usual";

/** The runs that should have come. Times are in milliseconds since the epoch, by the service's clock. */
export interface MissedRuns {
  /** Missed runs were looked for since this time. */
  readonly since: number;
  /** The due times of the missed runs, the first one first. */
  readonly times: readonly number[];
  /** The due times without a run that may have had one all the same. */
  readonly doubtful: readonly Doubt[];
  /** The first of the due times that were missed one after another until the first of `times`, in the window or before it. */
  readonly begin?: number | undefined;
  /**
   * A change hides what was missed before it, as the service does not show the schedule of that time: in a part of the window, or in the
   * whole. Absent if nothing changed in the window, or if each due time of the present schedule before the change has its run.
   */
  readonly cut?: "part" | "whole";
  /** The reason for which nobody can look for them. */
  readonly unknown?: string;
}

/** A due time of which nobody can say that its run was missed. */
interface Doubt {
  readonly due: number;
  /** Why, in words that follow the due time. */
  readonly why: string;
}

/**
 * The runs that should have come since this time, or since the last change: before it the deployment may have been paused, or
 * have had another schedule. A run whose lateness ended in the window belongs to it. Undefined for a deployment that starts no run by
 * itself. `runs`: also those of `lookBackMs` before the window. `readFrom`: the time since which the list of runs is complete.
 */
export function missedRuns(
  deployment: ReadDeployment,
  runs: readonly DeploymentRun[],
  since: number,
  now: number,
  readFrom: number = Number.NEGATIVE_INFINITY,
): MissedRuns | undefined {
  if (deployment.status !== "active" || deployment.archived_at != null || deployment.schedule == null) {
    return undefined;
  }
  const unknown = (reason: string) => ({ since, times: [], doubtful: [], unknown: reason });
  const schedule = scheduleIn(deployment);
  if (schedule === undefined) {
    return unknown("this version of pulumi-qoder cannot read the schedule");
  }
  const changed = lastChange(deployment, runs);
  if (changed === undefined) {
    return unknown("the service does not show when the deployment was last changed");
  }
  const starts = runs
    .filter(isByTheSchedule)
    .map(({ scheduledAt, createdAt }) => timeOf(scheduledAt) ?? timeOf(createdAt));
  const known = starts.filter((time) => time !== undefined);
  if (known.length < starts.length) {
    return unknown("the service does not show when a run started");
  }
  const from = Math.max(since, changed);
  const all = runsWithin(schedule, Math.max(since - lookBackMs, changed), now);
  const due = all.filter((time) => time > since - latenessMs);
  const begin = Math.max(since, (timeOf(deployment.created_at) ?? since) + patience.timeResolutionMs);
  // A run that was due at the moment of the change is not in `due`.
  const before = from > begin ? runsWithin(schedule, begin, from + 1) : [];
  const isExplained = from <= begin || (before.length > 0 && dueWithoutRun(before, known, now).length === 0);
  const cut = isExplained ? undefined : due.every((time) => time + latenessMs > now) ? "whole" : "part";
  const found = dueWithoutRun(all, known, now).filter((time) => time > since - latenessMs);
  const doubtful = doubtsAbout(
    found,
    schedule,
    all,
    known.filter((start) => start > changed),
  );
  const isDoubtful = new Set(doubtful.map(({ due: time }) => time));
  const times = found.filter((time) => !isDoubtful.has(time));
  const week = times.length === 0 ? [] : runsWithin(schedule, Math.max(since - usualMs, changed, readFrom), now);
  return {
    ...{ since: from, times, doubtful, begin: beginOf(week, known, times[0], now) },
    ...(cut === undefined ? {} : { cut }),
  };
}

/** The first of the missed due times that follow each other until `first`. */
function beginOf(due: readonly number[], runs: readonly number[], first: number | undefined, now: number) {
  const missed = new Set(dueWithoutRun(due, runs, now));
  const before = due.filter((time) => time < (first ?? 0));
  return before[before.findLastIndex((time) => !missed.has(time)) + 1] ?? first;
}

/** A run by hand, and one that the service tries again (`retry`), counts for no due time. A run without a trigger may be one of the schedule. */
function isByTheSchedule({ trigger }: DeploymentRun): boolean {
  return trigger === undefined || trigger === "schedule";
}

/**
 * The time of the last change. An open question of the API is whether a run counts as one (`run-touches` in tools/probe/rows/), and no page
 * says which of the two times comes first: a change in the second of a run, or in the one beside it, is the run. Then due times before a
 * change that the run hides may count as missed.
 */
function lastChange({ updated_at, created_at }: ReadDeployment, runs: readonly DeploymentRun[]): number | undefined {
  const updated = timeOf(updated_at);
  const isRun = runs.some(({ createdAt }) => {
    return Math.abs(secondOf(updated) - secondOf(timeOf(createdAt))) <= patience.timeResolutionMs;
  });
  return isRun ? timeOf(created_at) : updated;
}

function secondOf(time: number = Number.NaN): number {
  return Math.floor(time / 1_000) * 1_000;
}

/** A run counts for a due time up to this long after it; due times that are closer together than this count once. */
export const latenessMs = 10 * minuteMs;
/** A run this far beside a due time may be the one of it, by another clock change or another zone. */
const besideMs = hourMs;
/** What counts for a due time of the window, or beside it, may begin this long before it. */
export const lookBackMs = latenessMs + besideMs;

/**
 * The due times without a run, in milliseconds since the epoch, from the first to the last; of due times that count once, the first one.
 * `due` is in order; a time whose run may still come until `now` is not among the results.
 */
export function dueWithoutRun(due: readonly number[], runs: readonly number[], now: number): number[] {
  const { came } = matched(due, runs);
  return together(due)
    .filter((group) => group.every((time) => !came.has(time) && time + latenessMs <= now))
    .flatMap(([first = []]) => first);
}

/** The due times that had a run, and the runs that are of no due time. */
function matched(due: readonly number[], runs: readonly number[]) {
  const free = [...runs].sort((one, other) => one - other);
  const came = new Set<number>();
  const unused: number[] = [];
  // From the last due time to the first one, each with its latest free run: a run that comes on time is never taken for a late one.
  for (const time of due.toReversed()) {
    while ((free.at(-1) ?? 0) > time + latenessMs) {
      unused.push(...free.splice(-1));
    }
    if ((free.at(-1) ?? Number.NEGATIVE_INFINITY) >= time - patience.schedulerAheadMs) {
      came.add(time);
      free.pop();
    }
  }
  return { came, unused: [...unused, ...free] };
}

/** The doubts about due times without a run: the clocks showed the time twice, or a run of no due time began beside it. */
function doubtsAbout(
  missed: readonly number[],
  { timezone }: Schedule,
  all: readonly number[],
  runs: readonly number[],
): Doubt[] {
  const { came, unused } = matched(all, runs);
  return missed.flatMap((due) => {
    const changes = zoneClock(timezone).changes(due - lookBackMs, due + lookBackMs);
    // No page says whether the service starts twice what the clocks show twice.
    if (changes.some(({ from, to }) => from > to && (came.has(due + from - to) || came.has(due - from + to)))) {
      return [{ due, why: "the clocks showed this time twice" }];
    }
    const near = unused.find((start) => Math.abs(start - due) <= besideMs);
    const side = near !== undefined && near < due ? "before" : "after";
    return near === undefined ? [] : [{ due, why: `a run began ${timeText(Math.abs(near - due))} ${side} it` }];
  });
}

/** The due times in groups, each of which counts once. */
function together(due: readonly number[]): number[][] {
  const groups: number[][] = [];
  for (const time of due) {
    const group = groups.at(-1);
    if (group?.[0] !== undefined && time < group[0] + latenessMs) {
      group.push(time);
    } else {
      groups.push([time]);
    }
  }
  return groups;
}
