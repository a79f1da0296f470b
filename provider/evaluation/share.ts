// A program loads this file, so it imports nothing.

/** True if the value is a part of a whole, from 0 to 1. A program in JavaScript may give any value. */
export function isShare(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 1;
}
