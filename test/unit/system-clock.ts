import { systemClock } from "../../provider/api/clock";
import type { SkippingClock } from "../support/skipping-clock";

/** Puts a frozen clock in place of the clock of the system: waits take no time, and only they pass. Ends with `jest.restoreAllMocks`. */
export function skipWaits(clock: SkippingClock): void {
  clock.freeze();
  jest.spyOn(systemClock, "now").mockImplementation(() => clock.now());
  jest.spyOn(systemClock, "sleep").mockImplementation((milliseconds) => clock.sleep(milliseconds));
}
