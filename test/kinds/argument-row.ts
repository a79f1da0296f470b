import type { Switches } from "../qoder-api";
import type { JsonObject } from "../qoder-api/wire";
import type { Properties } from "../support/provider";

/** The expected behaviour of one argument. */
export interface ArgumentRow<Value = unknown> {
  /** If the program leaves out the argument: "cleared" undoes an edit by somebody else, "untouched" leaves it alone. */
  readonly leftOut: "refused" | "cleared" | "untouched" | "ignored";
  readonly value: Value;
  /** A value with every kind of object that it can have, each with all members; `value` if absent. */
  readonly everyShape?: Value;
  /** Other forms of values, by a description; none may be a difference after an `up`. */
  readonly otherForms?: Readonly<Record<string, Value>>;
  /** The longest, largest or most values that the API accepts. */
  readonly limits?: readonly Value[];
  /** The body that sets `value`. */
  readonly sent: JsonObject;
  /** The body that removes the argument. */
  readonly removed: JsonObject;
  /** Outputs in the state that the body of the removal depends on. */
  readonly computed?: Properties;
  /** The members of a live object with `value`; `sent` if absent. */
  readonly shown?: JsonObject;
  /** The argument that is read from a live object without a state; `value` if absent. */
  readonly described?: Value | undefined;
  /** The members of a live object without a value. */
  readonly unset?: JsonObject;
  /** Wanted values with live members of the same meaning. */
  readonly same?: readonly (readonly [asked: Value | undefined, shown: JsonObject])[];
  /** Wanted values with live members that are no difference only if the service answered the write with them. */
  readonly renditions?: readonly (readonly [asked: Value | undefined, shown: JsonObject])[];
  /** Wanted values with live members of another meaning. */
  readonly drift?: readonly (readonly [asked: Value | undefined, shown: JsonObject])[];
  /** An edit by somebody else; absent if no body of an update can change the argument. */
  readonly edited?: Edit<Value>;
  /** The generations of the API that have the argument; both if absent. */
  readonly generations?: readonly (1 | 2)[];
  /** Values that the check refuses, each with all failures. */
  readonly mistakes?: readonly Mistake[];
  /** Other arguments that this argument requires. */
  readonly needs?: Properties;
}

export type Mistake = readonly [given: unknown, failures: string | readonly string[]];

/** Pairs of a wanted value and this live member. */
export function inMember(
  member: string,
  pairs: readonly (readonly [asked: unknown, shown: unknown])[],
): readonly (readonly [asked: unknown, shown: JsonObject])[] {
  return pairs.map(([asked, shown]) => [asked, { [member]: shown }]);
}

interface Edit<Value> {
  /** The wanted value; `value` if absent. */
  readonly declared?: Value;
  /** The body of somebody else's update. */
  readonly by: JsonObject;
  /** The live value after the edit, as an argument. */
  readonly to: Value;
  /** The body that restores the wanted value; `sent` if absent. */
  readonly repaired?: JsonObject;
}

/** A change of a program, and its request, without the version that some kinds send. */
export interface Change {
  readonly what: string;
  readonly before: Properties;
  readonly after: Properties;
  readonly sent: JsonObject;
  readonly switches?: Partial<Switches>;
}
