import { setTimeout as sleep } from "node:timers/promises";

// A little more than the second that the service counts, as requests do not travel equally fast.
const windowMs = 1_050;

/** Lets at most `perSecond` requests start within any second; the others wait their turn. */
export class RateLimit {
  readonly #starts: number[] = [];

  constructor(private readonly perSecond: number) {}

  async turn(): Promise<void> {
    const now = performance.now();
    const earliest = this.#starts.length < this.perSecond ? now : (this.#starts[0] ?? now) + windowMs;
    const start = Math.max(now, earliest);
    this.#starts.push(start);
    if (this.#starts.length > this.perSecond) {
      this.#starts.shift();
    }
    if (start > now) {
      await sleep(start - now);
    }
  }
}
