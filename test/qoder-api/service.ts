import type { MakeId } from "./ids";
import type { Switches } from "./switches";

/** What every part of the stand-in shares. */
export interface Service {
  readonly clock: () => Date;
  readonly makeId: MakeId;
  readonly switches: Switches;
}
