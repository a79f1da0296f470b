import { mayHaveActed, reasonOf } from "../../api/errors";
import type { BaseReply } from "../outputs";

/**
 * The object stands, but not all that was asked for was done, or it is open what was. What is known of it must reach the
 * state.
 */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";

  constructor(
    readonly object: BaseReply,
    override readonly cause: unknown,
    /** The arguments that are applied by now. */
    readonly held: object,
    /** Nobody knows whether the last request had its effect. */
    readonly isOpen: boolean = mayHaveActed(cause),
    /** The outputs to record. */
    readonly properties: Readonly<Record<string, unknown>> = {},
  ) {
    super(reasonOf(cause));
  }

  withProperties(properties: Readonly<Record<string, unknown>>): PartialFailure {
    return new PartialFailure(this.object, this.cause, this.held, this.isOpen, properties);
  }
}
