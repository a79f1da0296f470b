import { type Clock, systemClock } from "../api/clock";
import type { TimeLimit } from "../api/connection";
import { wholeNumber } from "./options";

/** The time of a command. All parts of the command share this value, so each error names the limit that the person gave. */
export interface CommandTime {
  readonly clock: Clock;
  /** Undefined: each object, each page of a list and each call of the Pulumi CLI has a limit of its own. */
  readonly limit?: Pick<TimeLimit, "wholeMs" | "deadline">;
}

/** The time of a command from now on, with the value of `--timeout`. */
export function commandTime(seconds: string | undefined, clock: Clock = systemClock): CommandTime {
  if (seconds === undefined) {
    return { clock };
  }
  const wholeMs = wholeNumber("timeout", seconds, 1, 999_999, " of seconds") * 1_000;
  return { clock, limit: { wholeMs, deadline: clock.now() + wholeMs } };
}
