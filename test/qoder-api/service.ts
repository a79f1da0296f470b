import type { MakeId } from "./ids";
import type { Switches } from "./switches";

/** The parts that the whole stand-in shares. */
export interface Service {
  readonly clock: () => Date;
  readonly makeId: MakeId;
  readonly switches: Switches;
}
