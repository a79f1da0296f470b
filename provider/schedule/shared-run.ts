import { runsAfter } from "./runs";
import type { Schedule } from "./schedule";
import { timesOfDay } from "./times-of-day";
import { type ClockChange, zoneClock } from "./zone-clock";

const minute = 60_000;
const minutesOfDay = 24 * 60;
const year = 366 * minutesOfDay * minute;

/** The minutes of a day in UTC at which a schedule may fire within a year, whatever the days. */
export function minutesInUtc(schedule: Schedule, now: Date): Set<number> {
  const { minutes, hours } = timesOfDay(schedule.expression);
  const offsets = [
    zoneClock(schedule.timezone).offset(now.getTime()),
    ...changesOf(schedule, now.getTime()).map(({ at, to }) => to - at),
  ];
  const times = hours.flatMap((hour) => minutes.map((one) => hour * 60 + one));
  return new Set(
    offsets.flatMap((offset) => times.map((time) => (time - offset / minute + minutesOfDay) % minutesOfDay)),
  );
}

/** The first time after `after`, within a year, at which both fire; undefined where there is none among the next runs. */
export function sharedRun(one: Schedule, other: Schedule, after: Date): Date | undefined {
  const now = after.getTime();
  const isSameClock = one.timezone === other.timezone;
  if (isSameClock && !shareTimeOfDay(one, other)) {
    return undefined;
  }
  const changes = isSameClock
    ? []
    : [...changesOf(one, now), ...changesOf(other, now)].map(({ at }) => at).sort(byTime);
  // What two zones never share at this time of the year they may share after the next change of a clock.
  for (const start of [now + 1, ...changes]) {
    const run = firstShared(one, other, start);
    if (run !== undefined && run <= now + year) {
      return new Date(run);
    }
  }
  return undefined;
}

function shareTimeOfDay(one: Schedule, other: Schedule): boolean {
  const [mine, theirs] = [timesOfDay(one.expression), timesOfDay(other.expression)];
  const isShared = (part: "minutes" | "hours") => mine[part].some((value) => theirs[part].includes(value));
  return isShared("minutes") && isShared("hours");
}

function changesOf({ timezone }: Schedule, now: number): ClockChange[] {
  return zoneClock(timezone).changes(now, now + year);
}

const byTime = (one: number, other: number) => one - other;

function firstShared(one: Schedule, other: Schedule, start: number): number | undefined {
  let [mine, theirs] = [next(one, start - 1), next(other, start - 1)];
  // Each step passes over all runs of the denser one. A Friday 13th is not as many steps away.
  for (let steps = 0; steps < 60 && mine !== theirs && Math.max(mine, theirs) < start + year; steps += 1) {
    if (mine < theirs) {
      mine = next(one, theirs - 1);
    } else {
      theirs = next(other, mine - 1);
    }
  }
  return mine === theirs ? mine : undefined;
}

function next(schedule: Schedule, after: number): number {
  return runsAfter(schedule, new Date(after), 1)[0]?.getTime() ?? Number.POSITIVE_INFINITY;
}
