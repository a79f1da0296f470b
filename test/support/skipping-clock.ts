import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";
import type { Clock } from "../../provider/api/clock";

interface Wait {
  readonly until: number;
  readonly over: () => void;
}

/**
 * Real time plus skipped waits: while all running calls only wait, the clock jumps to the end of the shortest wait. While a
 * call works, or waits for an answer, real time passes, so the order of waits and requests stays real.
 */
export class SkippingClock implements Clock {
  /** The lengths of all waits, in the order of their starts. */
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

  /** Stops real time: from now on only waits pass, so that results do not depend on the machine. */
  freeze(): void {
    this.#frozenAt = Date.now();
  }

  thaw(): void {
    this.#frozenAt = undefined;
  }

  /** Moves the clock forward. */
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

  /** Runs a call that may wait by this clock, one wait at a time. */
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
      // A call that has just ended may start the next one.
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
