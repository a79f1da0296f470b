import { setTimeout as sleep } from "node:timers/promises";

/** Waits until `met` is true. Throws after `longestMs`, because an endless wait would hide the missing event. */
export async function until(met: () => boolean, what: () => string, longestMs = 120_000): Promise<void> {
  const deadline = Date.now() + longestMs;
  while (!met()) {
    if (Date.now() > deadline) {
      throw new Error(`after ${longestMs / 1_000} s not yet: ${what()}`);
    }
    await sleep(5);
  }
}
