import { setTimeout as sleep } from "node:timers/promises";

const betweenLooksMs = 5;
/** Jest ends a test that hangs without saying what is missing, so `until` gives up a little earlier. */
const mostLooks = 100_000;

/** Waits until `met` is true. */
export async function until(met: () => boolean, what: string | (() => string)): Promise<void> {
  for (let looks = 0; !met(); looks += 1) {
    if (looks === mostLooks) {
      throw new Error(`after ${mostLooks} looks not yet: ${typeof what === "string" ? what : what()}`);
    }
    await sleep(betweenLooksMs);
  }
}
