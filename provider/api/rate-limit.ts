import { type Clock, systemClock } from "./clock";
import { patience } from "./patience";

const windowMs = patience.rateWindowMs;
/** The requests a second by which the rate recovers in each second. */
const growth = 1;

/**
 * Limits the requests that start within any second to `perSecond`, and to fewer while the service refuses requests; other
 * requests wait. A refusal halves the rate, which then grows by one each second. In this way processes that share an account
 * reach equal rates without knowing of each other (Chiu and Jain, 1989).
 */
export class RateLimit {
  readonly #starts: number[] = [];
  /** The waiting requests, in the order of their arrival. */
  readonly #waiting: object[] = [];
  #slowed: { readonly at: number; readonly to: number } | undefined;

  constructor(
    private readonly perSecond: number,
    private readonly clock: Clock = systemClock,
    /** True if waiting requests also start with a gap in between while the service refuses none. */
    private readonly hasGaps = true,
  ) {}

  /**
   * Waits for the turn of a request. Returns false, without taking the turn, if the wait would exceed `mostMs`; at
   * once, if it would do so even at the full rate.
   */
  async turn(mostMs: number = Number.POSITIVE_INFINITY): Promise<boolean> {
    const deadline = this.clock.now() + mostMs;
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
        // The rate may have recovered by then.
        await this.clock.sleep(Math.min(start - now, windowMs, deadline - now + 1));
      }
    } finally {
      this.#waiting.splice(this.#waiting.indexOf(ticket), 1);
    }
  }

  /**
   * Halves the rate after the service has refused a request for its rate or has broken a connection off. Refusals within one
   * second count once.
   */
  slowDown(): void {
    const now = this.clock.now();
    if (this.#slowed === undefined || now - this.#slowed.at >= windowMs) {
      this.#slowed = { at: now, to: Math.max(this.#rate(now) / 2, 1) };
    }
  }

  /**
   * The start time, at this rate, of a request with this number of requests before it. A request that finds no other one
   * waiting and a free place starts at once. Waiting requests start with a gap in between, because a burst would leave no
   * room for another process of the account; reads do so only after a refusal, as a burst takes less CPU.
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
    const gapMs = this.hasGaps || this.#slowed !== undefined ? windowMs / places : 0;
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
