import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../provider/api/clock";

interface Wait {
  readonly until: number;
  readonly over: () => void;
}

/**
 * Real time, and on top of it the waits that nobody had to sit through: when all calls in progress do nothing but wait, it
 * goes on to the end of the shortest wait. While one of them works, or waits for an answer, time passes as it does; so
 * waits and requests come in the order in which they would.
 */
export class SkippingClock implements Clock {
  /** How long each wait was, in the order in which they began. */
  readonly slept: number[] = [];
  #skippedMs = 0;
  #frozenAt: number | undefined;
  #calls = 0;
  #isGoingOn = false;
  #waits: readonly Wait[] = [];

  now(): number {
    return (this.#frozenAt ?? Date.now()) + this.#skippedMs;
  }

  date(): Date {
    return new Date(this.now());
  }

  /** From now on work and answers take no time: what depends on the clock is the same on any machine then. */
  freeze(): void {
    this.#frozenAt = Date.now();
  }

  thaw(): void {
    this.#frozenAt = undefined;
  }

  /** Lets time pass at once. */
  pass(milliseconds: number): void {
    this.#skippedMs += milliseconds;
  }

  sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds);
    return new Promise((over) => {
      this.#waits = [...this.#waits, { until: this.now() + milliseconds, over }];
      void this.#goOn();
    });
  }

  /** A call that may wait by this clock, one wait at a time. */
  async during<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    this.#calls += 1;
    try {
      return await call();
    } finally {
      this.#calls -= 1;
    }
  }

  async #goOn(): Promise<void> {
    if (this.#isGoingOn) {
      return;
    }
    this.#isGoingOn = true;
    while (this.#waits.length > 0) {
      // What has ended just now may be followed by the next call.
      await turn();
      if (this.#waits.length < this.#calls) {
        await pause(1);
      } else {
        const next = Math.min(...this.#waits.map(({ until }) => until));
        this.pass(Math.max(next - this.now(), 0));
      }
      this.#wake();
    }
    this.#isGoingOn = false;
  }

  #wake(): void {
    const now = this.now();
    const over = this.#waits.filter(({ until }) => until <= now);
    this.#waits = this.#waits.filter(({ until }) => until > now);
    for (const wait of over) {
      wait.over();
    }
  }
}
