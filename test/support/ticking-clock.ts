import { SkippingClock } from "./skipping-clock";

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
