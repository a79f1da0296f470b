import { type Clock, systemClock } from "./clock";

// A little more than the second that the service counts, as requests do not travel equally fast.
const windowMs = 1_050;
/** By so many requests a second it becomes faster again, each second. */
const growth = 1;

/**
 * Lets at most `perSecond` requests start within any second, and fewer while the service pushes back; the others wait their
 * turn. Half as many after a push, then one more each second: several processes that share what the service allows come to
 * equal parts this way (Chiu and Jain, 1989), though none knows of the others.
 */
export class RateLimit {
  readonly #starts: number[] = [];
  /** In the order in which they came. */
  readonly #waiting: object[] = [];
  #slowed: { readonly at: number; readonly to: number } | undefined;

  constructor(
    private readonly perSecond: number,
    private readonly clock: Clock = systemClock,
  ) {}

  /**
   * False, and no turn is taken, when it does not come within `longestWaitMs`: at once where it could not even if the service took
   * `perSecond` again from now on.
   */
  async turn(longestWaitMs: number = Number.POSITIVE_INFINITY): Promise<boolean> {
    const deadline = this.clock.now() + longestWaitMs;
    const ticket = {};
    this.#waiting.push(ticket);
    try {
      for (let hasWaited = false; ; hasWaited = true) {
        const now = this.clock.now();
        const position = this.#waiting.indexOf(ticket);
        if (now > deadline || this.#startOf(position, hasWaited, now, this.perSecond) > deadline) {
          return false;
        }
        const start = this.#startOf(position, hasWaited, now, this.#rate(now));
        if (start <= now) {
          this.#starts.push(now);
          return true;
        }
        // By then it may go faster.
        await this.clock.sleep(Math.min(start - now, windowMs, deadline - now + 1));
      }
    } finally {
      this.#waiting.splice(this.#waiting.indexOf(ticket), 1);
    }
  }

  /** The service refused a request for its rate, or broke a connection off. Requests of one second are one push. */
  slowDown(): void {
    const now = this.clock.now();
    if (this.#slowed === undefined || now - this.#slowed.at >= windowMs) {
      this.#slowed = { at: now, to: Math.max(this.#rate(now) / 2, 1) };
    }
  }

  /**
   * When a request may start that so many wait before, at this rate. Who comes while nobody waits and a place is free starts at
   * once. Who waits starts a gap after the one before, as bursts would leave no room for another process at the same service.
   */
  #startOf(position: number, hasWaited: boolean, now: number, rate: number): number {
    while ((this.#starts[0] ?? now) <= now - windowMs) {
      this.#starts.shift();
    }
    const places = Math.floor(rate);
    const over = this.#starts.length - places;
    if (over < 0 && position === 0 && !hasWaited) {
      return now;
    }
    const gapMs = windowMs / places;
    const freed = over < 0 ? now : (this.#starts[over] ?? now) + windowMs;
    const last = this.#starts.at(-1) ?? Number.NEGATIVE_INFINITY;
    return Math.max(freed, last + gapMs) + position * gapMs;
  }

  #rate(now: number): number {
    return this.#slowed === undefined
      ? this.perSecond
      : Math.min(this.#slowed.to + (growth * (now - this.#slowed.at)) / windowMs, this.perSecond);
  }
}
