import type { ArgumentParts } from "../kind/parts";
import type { Objects } from "../read/objects";
import type { Written } from "../state/state";
import type { Context } from "./request-lines";

/**
 * What one call of the engine does at the service, in order: `up` takes the steps, a diff asks what they carry, and a preview prints them.
 */
export interface Step {
  /** Each line is one request, as `POST /path {...}`, or describes requests that depend on an answer. */
  lines(context: Context): readonly string[];
}

/** A step for an object that exists. */
export interface UpdateStep extends Step {
  /** What the request carries. */
  readonly carries: ArgumentParts;
  /** Throws what is done and known of the object as a `PartialFailure`, if that is more than `written`. */
  take(objects: Objects, written: Written): Promise<Written>;
  /** What the state records if nobody answers the request. */
  left(written: Written): Pick<Written, "recorded" | "unanswered">;
}
