import { dayMs, minuteMs } from "../api/clock";
import { nearest } from "../resource/check/suggestion";

/**
 * A local time, as the milliseconds since the epoch at which a clock in UTC shows the same time. Cron fields have no time
 * zone, so they can be read from such a date in UTC.
 */
export type WallTime = number;

export interface ClockChange {
  readonly at: number;
  /** The local time at that moment before the change; `to` is the local time after it. */
  readonly from: WallTime;
  readonly to: WallTime;
}

/** The local time of a time zone, from the time zone data of this Node.js. */
class ZoneClock {
  /** The canonical name of the zone: `Asia/Calcutta` for `Asia/Kolkata`. */
  readonly name: string;
  readonly #offsets: Intl.DateTimeFormat;
  readonly #changes = new Map<number, readonly ClockChange[]>();

  /** Throws if this Node.js does not know the zone. */
  constructor(timezone: string) {
    this.#offsets = new Intl.DateTimeFormat("en", { timeZone: timezone, timeZoneName: "longOffset" });
    this.name = this.#offsets.resolvedOptions().timeZone;
  }

  /** The milliseconds by which the local time is ahead of UTC. */
  offset(moment: number): number {
    const [, sign, hours, minutes, seconds = "0"] =
      /([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(this.#offsets.format(moment)) ?? [];
    const size = (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * minuteMs + Number(seconds) * 1_000;
    return sign === "-" ? -size : size;
  }

  /** The clock changes after `after` and not after `until`, in order. */
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
      const next = Math.min(last + 10 * dayMs, end);
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

const clocks = new Map<string, ZoneClock | undefined>();

function findZoneClock(timezone: string): ZoneClock | undefined {
  if (!clocks.has(timezone)) {
    clocks.set(timezone, newZoneClock(timezone));
  }
  return clocks.get(timezone);
}

function newZoneClock(timezone: string): ZoneClock | undefined {
  try {
    return new ZoneClock(timezone);
  } catch {
    return undefined;
  }
}

/** Throws if this Node.js does not know the zone. */
export function zoneClock(timezone: string): ZoneClock {
  const clock = findZoneClock(timezone);
  if (clock === undefined) {
    throw new RangeError(`"${timezone}" is not a time zone that this Node.js knows`);
  }
  return clock;
}

/** The local time in the zone. */
export function onWall(moment: number, timezone: string): WallTime {
  return moment + zoneClock(timezone).offset(moment);
}

/** The reason for which the time zone is no IANA name; undefined for a valid name. */
export function timezoneProblem(timezone: string): string | undefined {
  // Intl takes offsets too; the API documents names only.
  if (/^(GMT|UTC)?[+-]/i.test(timezone) && (findZoneClock(timezone) === undefined || /^[+-]/.test(timezone))) {
    return offsetProblem(timezone);
  }
  if (abbreviations.includes(timezone.toUpperCase())) {
    return `"${timezone}" is not an IANA time zone, and several zones share this abbreviation; name one such as Asia/Shanghai or America/Chicago`;
  }
  if (findZoneClock(timezone) !== undefined) {
    return undefined;
  }
  const meant = meantTimezone(timezone);
  return meant === undefined
    ? `"${timezone}" is not an IANA time zone such as UTC, Europe/Berlin or Asia/Shanghai`
    : `"${timezone}" is not an IANA time zone; did you mean ${meant}?`;
}

function offsetProblem(timezone: string): string {
  const [, sign, hours] = /^(?:GMT|UTC)?([+-])0?(\d{1,2})(?::?00)?$/i.exec(timezone) ?? [];
  const name = `Etc/GMT${sign === "+" ? "-" : "+"}${hours}`;
  const here = findZoneClock(name) === undefined ? "" : `, here ${name}`;
  return `"${timezone}" is an offset; name a zone such as Asia/Shanghai, or one of Etc, whose sign is the other way round${here}`;
}

// Node.js takes these beside the names of IANA (ICU, "Time Zone Short IDs"), CST for Chicago and BST for Dhaka.
const abbreviations =
  "ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET IST JST MIT NET NST PLT PNT PRT PST SST VST".split(" ");

// The newer names of zones that the list of Node.js contains under older names only, and UTC.
const newerNames = "UTC Asia/Kolkata Asia/Kathmandu Asia/Ho_Chi_Minh Asia/Yangon Europe/Kyiv".split(" ");

/** Cities that people write but that are not in IANA names. */
const zonesOfOtherCities: Readonly<Record<string, readonly string[]>> = {
  "Asia/Shanghai": ["Beijing", "Peking", "Hangzhou", "Shenzhen", "Guangzhou", "Chengdu"],
  "Asia/Kolkata": ["Bangalore", "Bengaluru", "Delhi", "New_Delhi", "Mumbai", "Hyderabad", "Chennai"],
  "Asia/Tokyo": ["Osaka"],
  "America/Los_Angeles": ["San_Francisco", "Seattle"],
  "America/New_York": ["Boston", "Washington"],
  "America/Sao_Paulo": ["Rio_de_Janeiro"],
  "Europe/Berlin": ["Frankfurt", "Hamburg", "Munich"],
};

/** The zone that is probably meant by a misspelt name, or by a city without a region or in the wrong region. */
function meantTimezone(timezone: string): string | undefined {
  const zones = [...newerNames, ...Intl.supportedValuesOf("timeZone")];
  const zoneOf = new Map([
    ...zones.map((zone) => [cityOf(zone), zone] as const),
    ...Object.entries(zonesOfOtherCities).flatMap(([zone, cities]) => cities.map((city) => [city, zone] as const)),
  ]);
  const city = cityOf(timezone.trim().replaceAll(" ", "_"));
  const meantCity = nearest(city, [...zoneOf.keys()], Math.floor(city.length / 4));
  return nearest(timezone, zones) ?? (meantCity === undefined ? undefined : zoneOf.get(meantCity));
}

function cityOf(timezone: string): string {
  return timezone.slice(timezone.lastIndexOf("/") + 1);
}

/**
 * The canonical name of a zone: `Asia/Calcutta` for `Asia/Kolkata`. Returns a name that this Node.js does not know unchanged.
 */
export function timezoneName(timezone: string): string {
  return findZoneClock(timezone)?.name ?? timezone;
}
