import { randomInt } from "node:crypto";
import type { Latitude } from "./latitude";
import type { Switches } from "./switches";

/** The parts that the whole stand-in shares. */
export interface Service {
  readonly clock: () => Date;
  readonly makeId: MakeId;
  readonly switches: Switches;
  readonly latitude: Latitude;
}

export type MakeId = (prefix: string) => string;

/** As in the examples, an id is a UUIDv7 without dashes, which begins with the time, unless the latitude chooses another form. */
export function makeIds(clock: () => Date, latitude: Latitude, seed = randomInt(2 ** 32)): MakeId {
  const random = mulberry32(seed);
  const digits = (count: number) =>
    Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join("");
  return (prefix) => {
    const now = clock().getTime();
    const free = latitude.digits(prefix, now);
    if (free !== undefined) return `${prefix}_${free}`;
    const variant = (8 + Math.floor(random() * 4)).toString(16);
    return `${prefix}_${now.toString(16).padStart(12, "0")}7${digits(3)}${variant}${digits(15)}`;
  };
}

/** A small random generator with a seed, which the runtime's own generator does not take. */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The text of a time. `more`: microseconds to add. */
export type Stamp = (date: Date, more?: number) => string;

/** The form of times in deployments: whole seconds. */
export function wholeSeconds(date: Date, more = 0): string {
  return microseconds(date, more).replace(/(\.\d+)?Z$/, "Z");
}

/** The form of times in runs: fractions without trailing zeros. */
export function trimmedFraction(date: Date): string {
  return trimmed(date.toISOString());
}

/**
 * The form of all other times: microseconds without trailing zeros. The clock has only milliseconds, from which the
 * microseconds are computed, so that one moment always has the same text.
 */
export function microseconds(date: Date, more = 0): string {
  const all = countOf(date) + more;
  const milliseconds = Math.floor(all / 1000);
  const beyond = String(all - milliseconds * 1000).padStart(3, "0");
  return trimmed(new Date(milliseconds).toISOString().replace("Z", `${beyond}Z`));
}

/** The microseconds since 1970 of a time of the clock. */
export function countOf(date: Date): number {
  return date.getTime() * 1000 + (date.getTime() % 997);
}

/** The later of two times. */
export function latest(one: string, other: string): string {
  return compareTimes(one, other) < 0 ? other : one;
}

/** Below 0 if the first time is earlier. */
export function compareTimes(one: string, other: string): number {
  const [first, second] = [comparable(one), comparable(other)];
  return Number(first > second) - Number(first < second);
}

/** Times in this form have the order of their texts. */
function comparable(time: string): string {
  const [seconds = "", fraction = ""] = time.replace("Z", "").split(".");
  return seconds + fraction.padEnd(9, "0");
}

/** The time, this many microseconds later. */
export function later(time: string, microseconds: number): string {
  const [second = "", fraction = ""] = time.replace("Z", "").split(".");
  const total = Number(fraction.padEnd(6, "0")) + microseconds;
  const moved = new Date(Date.parse(`${second}Z`) + Math.floor(total / 1_000_000) * 1_000);
  return trimmed(moved.toISOString().replace(/\d+Z$/, `${String(total % 1_000_000).padStart(6, "0")}Z`));
}

function trimmed(time: string): string {
  return time.replace(/\.?0*Z$/, "Z");
}
