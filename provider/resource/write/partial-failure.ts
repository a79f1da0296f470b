import { mayHaveActed, reasonOf } from "../../api/errors";
import type { Baseline } from "../baseline";
import type { BaseReply } from "../outputs";

/** What is known of an object that stands although not all that was asked for was done. */
export interface Standing {
  readonly object: BaseReply;
  /** The arguments that are applied by now. */
  readonly held: object;
  readonly baseline: Baseline | undefined;
}

/**
 * The object stands, but not all that was asked for was done, or it is open what was. What is known of it must reach the
 * state.
 */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";

  constructor(
    readonly standing: Standing,
    override readonly cause: unknown,
    /** Nobody knows whether the last request had its effect. */
    readonly isOpen: boolean = mayHaveActed(cause),
    /** The outputs to record. */
    readonly properties: Readonly<Record<string, unknown>> = {},
  ) {
    super(reasonOf(cause));
  }

  withProperties(properties: Readonly<Record<string, unknown>>): PartialFailure {
    return new PartialFailure(this.standing, this.cause, this.isOpen, properties);
  }
}
