import { getEventListeners } from "node:events";
import { setTimeout as pause, setImmediate as turn } from "node:timers/promises";
import { type Clock, longestTimerMs } from "../../provider/api/clock";

interface Wait {
  readonly until: number;
  readonly over: () => void;
}

/** The end of a request by its time limit. */
interface Limit extends Wait {
  readonly isAwaited: () => boolean;
}

/** Reads of files take as long as the machine likes. */
const isReadingFiles = () => process.getActiveResourcesInfo().some((name) => name.startsWith("FSReq"));

/** So many turns without a new call, wait or request show that the calls beside the waits only wait for each other. */
const idleTurns = 200;

/**
 * A clock without real time, so that no result depends on the machine: while all running calls only wait, it jumps to the end
 * of the shortest wait or limit. While a call works, or waits for an answer that is on its way, no time passes.
 */
export class SkippingClock implements Clock {
  /** The lengths of all waits of the provider, in the order of their starts. */
  readonly slept: number[] = [];
  /** The same in each run: the day on which each release writes its states of test/plugin/states, which show the next run. */
  #now = Date.parse("2026-11-30T10:20:30.400Z");
  #calls = 0;
  #looks = 0;
  /** The number of calls, waits and requests that began or ended so far. */
  #events = 0;
  #isGoingOn = false;
  #waits: readonly Wait[] = [];
  /** The limits of all requests, also of those that were answered. */
  #limits: readonly Limit[] = [];

  now(): number {
    return this.#now;
  }

  /** Each look takes 2 ms, and so does each exchange: an answer in the second after a create proves a new object then. */
  elapsed(): number {
    this.#looks += 1;
    return this.now() + 2 * this.#looks;
  }

  date(): Date {
    return new Date(this.now());
  }

  /** Moves the clock forward, and ends the requests whose time limit is over then. */
  pass(milliseconds: number): void {
    this.#now += milliseconds;
    const over = this.#limits.filter(({ until }) => until <= this.#now);
    this.#limits = this.#limits.filter(({ until }) => until > this.#now);
    for (const limit of over) {
      limit.over();
    }
    // A silence ends with its request, before the service notices that.
    if (over.length > 0 && !this.#limits.some(({ isAwaited }) => isAwaited())) {
      this.#waits = this.#waits.filter(({ until }) => until !== Number.POSITIVE_INFINITY);
    }
  }

  sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds);
    return new Promise((over) => {
      this.after(milliseconds, over);
    });
  }

  abortAfter(milliseconds: number): AbortSignal | null {
    this.#events += 1;
    if (milliseconds > longestTimerMs) {
      return null;
    }
    const limit = new AbortController();
    const over = () => limit.abort(new DOMException("The operation was aborted due to timeout", "TimeoutError"));
    if (milliseconds <= 0) {
      // As the clock of the system: a time that is over already ends the request at once.
      setImmediate(over);
      return limit.signal;
    }
    const isAwaited = () => getEventListeners(limit.signal, "abort").length > 0;
    this.#limits = [...this.#limits, { until: this.now() + milliseconds, over, isAwaited }];
    return limit.signal;
  }

  /** A wait of the service. Returns a function that ends it without the action. */
  after(milliseconds: number, action: () => void): () => void {
    this.#events += 1;
    const wait = { until: this.now() + milliseconds, over: action };
    this.#waits = [...this.#waits, wait];
    void this.#goOn();
    return () => {
      this.#waits = this.#waits.filter((other) => other !== wait);
    };
  }

  /** Runs a call that may wait by this clock, one wait at a time. */
  async during<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    this.#calls += 1;
    this.#events += 1;
    try {
      return await call();
    } finally {
      this.#calls -= 1;
      this.#events += 1;
    }
  }

  async #goOn(): Promise<void> {
    if (this.#isGoingOn) {
      return;
    }
    this.#isGoingOn = true;
    let [idle, seen] = [0, this.#events];
    while (this.#waits.length > 0) {
      // A call that has just ended may start the next one.
      await turn();
      idle = seen === this.#events && !isReadingFiles() ? idle + 1 : 0;
      seen = this.#events;
      if (this.#waits.length < this.#calls && idle < idleTurns) {
        await pause(1);
      } else {
        idle = 0;
        const next = Math.min(...[...this.#waits, ...this.#limits].map(({ until }) => until));
        if (next === Number.POSITIVE_INFINITY) {
          break;
        }
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

/** A clock that ends the process at its first wait. */
export class EndingClock extends SkippingClock {
  constructor(private readonly others: SkippingClock) {
    super();
  }

  override now(): number {
    return this.others.now();
  }

  override abortAfter(milliseconds: number): AbortSignal | null {
    return this.others.abortAfter(milliseconds);
  }

  override sleep(): Promise<void> {
    return Promise.reject(new Error("the process has ended"));
  }
}

/** The clock of a machine that is wrong by this time. It waits as the other clock does. */
export class ShiftedClock extends SkippingClock {
  constructor(
    private readonly right: SkippingClock,
    private readonly aheadMs: number,
  ) {
    super();
  }

  override now(): number {
    return this.right.now() + this.aheadMs;
  }

  override sleep(milliseconds: number): Promise<void> {
    return this.right.sleep(milliseconds);
  }

  override abortAfter(milliseconds: number): AbortSignal | null {
    return this.right.abortAfter(milliseconds);
  }

  override during<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    return this.right.during(call);
  }
}

/** A clock of a busy machine: whoever reads it learns that more time has passed. */
export class TickingClock extends SkippingClock {
  constructor(private readonly stepMs = 1) {
    super();
  }

  override now(): number {
    this.pass(this.stepMs);
    return super.now();
  }
}
