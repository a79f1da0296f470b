import { setTimeout as sleep } from "node:timers/promises";

/** Waits for what must come to pass; a wait without an end would hide what did not. */
export async function until(met: () => boolean, what: () => string, longestMs = 120_000): Promise<void> {
  const deadline = Date.now() + longestMs;
  while (!met()) {
    if (Date.now() > deadline) {
      throw new Error(`after ${longestMs / 1_000} s not yet: ${what()}`);
    }
    await sleep(5);
  }
}
