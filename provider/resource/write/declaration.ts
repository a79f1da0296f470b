import type { Baseline } from "../baseline";
import type { Holder } from "../ownership";

/** What is to be created. */
export interface Declaration<Arguments> {
  readonly wanted: Partial<Arguments>;
  /** The id of an object to take in place of a new one. */
  readonly adopt: string | undefined;
  /** The seed of the key, see `hiddenInputs`. */
  readonly origin: string;
  readonly self: Holder;
  /** The state knows the resource already. */
  readonly isReplacement: boolean;
}

export interface Obtained<Arguments, Reply> {
  readonly object: Reply;
  /** The arguments that it holds already. */
  readonly held: Partial<Arguments>;
  readonly baseline: Baseline;
}
