import { systemClock } from "../../provider/api/clock";
import type { SkippingClock } from "../support/skipping-clock";

/** Puts the clock in place of the clock of the system: waits take no time, and only they pass. Ends with `jest.restoreAllMocks`. */
export function skipWaits(clock: SkippingClock): void {
  jest.spyOn(systemClock, "now").mockImplementation(() => clock.now());
  jest.spyOn(systemClock, "elapsed").mockImplementation(() => clock.elapsed());
  jest.spyOn(systemClock, "sleep").mockImplementation((milliseconds) => clock.sleep(milliseconds));
  jest.spyOn(systemClock, "abortAfter").mockImplementation((milliseconds) => clock.abortAfter(milliseconds));
}
