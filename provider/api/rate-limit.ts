import { type Clock, systemClock } from "./clock";

// A little more than the second that the service counts, as requests do not travel equally fast.
const windowMs = 1_050;

/** Lets at most `perSecond` requests start within any second; the others wait their turn. */
export class RateLimit {
  readonly #starts: number[] = [];

  constructor(
    private readonly perSecond: number,
    private readonly clock: Clock = systemClock,
  ) {}

  /** False, and no turn is taken, when it would come later than `longestWaitMs`. */
  async turn(longestWaitMs: number = Number.POSITIVE_INFINITY): Promise<boolean> {
    const now = this.clock.now();
    const earliest = this.#starts.length < this.perSecond ? now : (this.#starts[0] ?? now) + windowMs;
    const start = Math.max(now, earliest);
    if (start - now > longestWaitMs) {
      return false;
    }
    this.#starts.push(start);
    if (this.#starts.length > this.perSecond) {
      this.#starts.shift();
    }
    if (start > now) {
      await this.clock.sleep(start - now);
    }
    return true;
  }
}
