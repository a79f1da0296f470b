import { mayHaveActed, reasonOf } from "../api/errors";
import type { Deployment } from "../api/schema";
import type { Arguments } from "../fields";

/**
 * The deployment stands, but not all that was asked for was done, or it is open what was. What is known of it must reach the
 * state.
 */
export class PartialFailure extends Error {
  override readonly name = "PartialFailure";

  constructor(
    readonly deployment: Deployment,
    override readonly cause: unknown,
    /** The arguments that are applied by now. */
    readonly held: Partial<Arguments>,
    /** The outputs to record. */
    readonly properties: Readonly<Record<string, unknown>> = {},
  ) {
    super(reasonOf(cause));
  }

  /** Nobody knows whether the last request had its effect. */
  get isOpen(): boolean {
    return mayHaveActed(this.cause);
  }

  withProperties(properties: Readonly<Record<string, unknown>>): PartialFailure {
    return new PartialFailure(this.deployment, this.cause, this.held, properties);
  }
}
