import { randomInt } from "node:crypto";

export type MakeId = (prefix: string) => string;

/** Ids are UUIDv7 without dashes behind a prefix: the first 12 digits are the time in milliseconds. */
export function makeIds(clock: () => Date, seed = randomInt(2 ** 32)): MakeId {
  const random = mulberry32(seed);
  const digits = (count: number) =>
    Array.from({ length: count }, () => Math.floor(random() * 16).toString(16)).join("");
  return (prefix) => {
    const time = clock().getTime().toString(16).padStart(12, "0");
    const variant = (8 + Math.floor(random() * 4)).toString(16);
    return `${prefix}_${time}7${digits(3)}${variant}${digits(15)}`;
  };
}

/** A small generator, because the one of the runtime cannot be seeded. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
