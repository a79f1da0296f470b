import { remembered } from "./remembered";

const minute = 60_000;
const day = 24 * 60 * minute;

/**
 * The clock on a wall, as the milliseconds at which a clock in UTC shows the same. So cron fields, which know no time zone, are
 * those of a date in UTC.
 */
export type WallTime = number;

/** The clocks of a zone are set forward or back. */
export interface ClockChange {
  readonly at: number;
  /** What the clock shows at that moment, by the old time and by the new one. */
  readonly from: WallTime;
  readonly to: WallTime;
}

/** What the clocks of a time zone show, by the time zone data of this Node.js. */
export class ZoneClock {
  /** One name for all the names of the zone: `Asia/Calcutta` for `Asia/Kolkata`. */
  readonly name: string;
  readonly #offsets: Intl.DateTimeFormat;
  readonly #changes = new Map<number, readonly ClockChange[]>();

  /** Throws where this Node.js does not know the zone. */
  constructor(timezone: string) {
    this.#offsets = new Intl.DateTimeFormat("en", { timeZone: timezone, timeZoneName: "longOffset" });
    this.name = this.#offsets.resolvedOptions().timeZone;
  }

  /** Milliseconds that the clock is ahead of UTC. */
  offset(moment: number): number {
    const [, sign, hours, minutes, seconds = "0"] =
      /([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(this.#offsets.format(moment)) ?? [];
    const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * minute + Number(seconds) * 1_000;
    return sign === "-" ? -size : size;
  }

  /** After `after` and not after `until`, in order. */
  changes(after: number, until: number): ClockChange[] {
    const years = [];
    for (let year = yearOf(after); year <= yearOf(until); year += 1) {
      years.push(year);
    }
    return years.flatMap((year) => this.#changesIn(year)).filter(({ at }) => after < at && at <= until);
  }

  #changesIn(year: number): readonly ClockChange[] {
    const known = this.#changes.get(year);
    if (known !== undefined) {
      return known;
    }
    const changes: ClockChange[] = [];
    const end = Date.UTC(year + 1, 0, 1) - 1;
    let last = Date.UTC(year, 0, 1) - 1;
    while (last < end) {
      // No zone sets its clocks twice within so few days.
      const next = Math.min(last + 10 * day, end);
      if (this.offset(last) !== this.offset(next)) {
        changes.push(this.#changeBetween(last, next));
      }
      last = next;
    }
    this.#changes.set(year, changes);
    return changes;
  }

  #changeBetween(before: number, after: number): ClockChange {
    const old = this.offset(before);
    let [low, high] = [before, after];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.offset(middle) === old) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return { at: high, from: high + old, to: high + this.offset(high) };
  }
}

function yearOf(moment: number): number {
  return new Date(moment).getUTCFullYear();
}

/** Undefined where this Node.js does not know the zone. */
export const findZoneClock = remembered(200, (timezone): ZoneClock | undefined => {
  try {
    return new ZoneClock(timezone);
  } catch {
    return undefined;
  }
});

/** Throws where this Node.js does not know the zone. */
export function zoneClock(timezone: string): ZoneClock {
  const clock = findZoneClock(timezone);
  if (clock === undefined) {
    throw new RangeError(`"${timezone}" is not a time zone that this Node.js knows`);
  }
  return clock;
}
