import { SkippingClock } from "./skipping-clock";

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
