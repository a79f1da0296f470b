import { SkippingClock } from "./skipping-clock";

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
