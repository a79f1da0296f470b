import { wallClock } from "./cron-matcher";

// `Intl` alone finds the changes here, so that the tests do not check the package by its own code.

/** Zones whose clocks changed by rules of many kinds: at midnight, on other days, by half an hour or two. */
export const zones = `
  Africa/Cairo Africa/Casablanca America/Anchorage America/Chicago America/Denver America/Halifax America/Havana
  America/Los_Angeles America/Miquelon America/New_York America/Nuuk America/Port-au-Prince America/Santiago America/St_Johns
  America/Tijuana America/Toronto Antarctica/Macquarie Antarctica/Troll Asia/Beirut Asia/Famagusta Asia/Gaza Asia/Jerusalem
  Atlantic/Azores Atlantic/Bermuda Australia/Adelaide Australia/Lord_Howe Australia/Melbourne Australia/Sydney Europe/Athens
  Europe/Berlin Europe/Chisinau Europe/Dublin Europe/Kyiv Europe/Lisbon Europe/London Europe/Paris Pacific/Auckland
  Pacific/Chatham Pacific/Easter Pacific/Norfolk`
  .trim()
  .split(/\s+/);

const minute = 60_000;
const day = 24 * 60 * minute;
const first = Date.UTC(2026, 0, 1);
/** `changesOf` finds no change from this moment on. */
export const knownUntil = Date.UTC(2031, 0, 1);

export interface ClockChange {
  readonly timezone: string;
  readonly at: number;
  /** How much time the clock skips or shows twice. */
  readonly length: number;
  /** How far the clock was ahead of UTC before. */
  readonly old: number;
  /** True if the clock is set forward. */
  readonly isSkip: boolean;
}

function shift(moment: number, timezone: string): number {
  return wallClock(new Date(moment), timezone).getTime() - moment;
}

/** Every change of the clocks of a zone from 2026 to 2030. */
export function changesOf(timezone: string): ClockChange[] {
  const days = Array.from({ length: (knownUntil - first) / day }, (_, index) => first + index * day);
  return days
    .filter((start) => shift(start, timezone) !== shift(start + day, timezone))
    .map((start) => {
      let [before, after] = [start, start + day];
      while (after - before > minute) {
        const middle = before + Math.floor((after - before) / 2 / minute) * minute;
        if (shift(middle, timezone) === shift(start, timezone)) {
          before = middle;
        } else {
          after = middle;
        }
      }
      const old = shift(before, timezone);
      const set = shift(after, timezone) - old;
      return { timezone, at: after, length: Math.abs(set), old, isSkip: set > 0 };
    });
}
