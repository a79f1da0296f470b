import { setTimeout } from "node:timers/promises";

/** The clock for all limits and waits of this package. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since some moment, for durations: nobody sets this clock. */
  elapsed(): number;
  sleep(milliseconds: number): Promise<void>;
  /** The signal that ends a request after this time; null for a time that no timer can measure. */
  abortAfter(milliseconds: number): AbortSignal | null;
}

/** Node.js fires a longer timer at once. */
export const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: async (milliseconds) => {
    await setTimeout(milliseconds);
  },
  abortAfter: (milliseconds) =>
    milliseconds > longestTimerMs ? null : AbortSignal.timeout(Math.max(Math.ceil(milliseconds), 1)),
};

const secondMs = 1_000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** An age, rounded to a suitable unit: `12 minutes`. */
export function durationText(milliseconds: number): string {
  const [unitMs, unit]: readonly [number, string] =
    milliseconds < minuteMs
      ? [secondMs, "second"]
      : milliseconds < hourMs
        ? [minuteMs, "minute"]
        : milliseconds < 2 * dayMs
          ? [hourMs, "hour"]
          : [dayMs, "day"];
  return counted(Math.max(Math.round(milliseconds / unitMs), 0), unit);
}

/** A configured duration, without rounding: `5 minutes`, `90 s`. */
export function exactDurationText(milliseconds: number): string {
  const minutes = milliseconds / minuteMs;
  return Number.isInteger(minutes) ? counted(minutes, "minute") : `${milliseconds / secondMs} s`;
}

/** The length of a wait, in whole seconds: `4 min 55 s`. */
export function waitText(milliseconds: number): string {
  const seconds = Math.max(Math.round(milliseconds / secondMs), 1);
  const [minutes, rest] = [Math.floor(seconds / 60), seconds % 60];
  return [minutes > 0 ? `${minutes} min` : "", rest > 0 ? `${rest} s` : ""].filter(Boolean).join(" ");
}

/** `1 deployment`, `2 deployments`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The moment in RFC 3339, UTC, in whole seconds. */
export function secondText(moment: number): string {
  return new Date(moment).toISOString().replace(/\.\d+Z$/, "Z");
}
