import type { Baseline } from "../baseline";
import type { BaseReply } from "../outputs";
import type { Holder } from "../ownership";
import type { Properties } from "../program-values";

/** What is to be created. */
export interface Declaration {
  readonly wanted: Properties;
  /** The id of an object to take in place of a new one. */
  readonly adopt: string | undefined;
  /** The seed of the key, see `hiddenInputs`. */
  readonly origin: string;
  readonly self: Holder;
  /** The state knows the resource already. */
  readonly isReplacement: boolean;
}

export interface Obtained {
  readonly object: BaseReply;
  /** The arguments that it holds already. */
  readonly held: Properties;
  readonly baseline: Baseline;
}
