import { SkippingClock } from "./skipping-clock";

/** A clock of a busy machine: whoever reads it learns that another millisecond has passed. */
export class TickingClock extends SkippingClock {
  override now(): number {
    this.pass(1);
    return super.now();
  }
}
