import { randomInt } from "node:crypto";
import type { Switches } from "./switches";

/** The parts that the whole stand-in shares. */
export interface Service {
  readonly clock: () => Date;
  readonly makeId: MakeId;
  readonly switches: Switches;
}

export type MakeId = (prefix: string) => string;

/** Each form of an id begins with the time in milliseconds, and ends with random digits. */
export function makeIds(clock: () => Date, switches: Pick<Switches, "idForm">, seed = randomInt(2 ** 32)): MakeId {
  const random = mulberry32(seed);
  const digits = (count: number, radix: number) =>
    Array.from({ length: count }, () => Math.floor(random() * radix).toString(radix)).join("");
  const time = (radix: number, length: number) => clock().getTime().toString(radix).padStart(length, "0");
  return (prefix) => {
    if (switches.idForm === "base-36") return `${prefix}_${time(36, 10)}${digits(10, 36)}`;
    // A UUIDv7 without dashes.
    const milliseconds = time(16, 12);
    const variant = (8 + Math.floor(random() * 4)).toString(16);
    return `${prefix}_${milliseconds}7${digits(3, 16)}${variant}${digits(15, 16)}`;
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

/** The form of times in deployments: whole seconds. */
export function wholeSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

/** The form of times in runs: fractions without trailing zeros. */
export function trimmedFraction(date: Date): string {
  return trimmed(date.toISOString());
}

/**
 * The form of all other times: microseconds without trailing zeros. The clock has only milliseconds, from which the
 * microseconds are computed, so that one moment always has the same text.
 */
export function microseconds(date: Date): string {
  const beyondMilliseconds = String(date.getTime() % 997).padStart(3, "0");
  return trimmed(date.toISOString().replace("Z", `${beyondMilliseconds}Z`));
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
