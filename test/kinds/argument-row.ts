import type { Switches } from "../qoder-api";
import type { JsonObject } from "../qoder-api/wire";
import type { Properties } from "../support/provider";

/** What is promised of one argument. */
export interface ArgumentRow<Value = unknown> {
  /** What a program that does not give it gets. "cleared": an edit elsewhere is taken back. "untouched": it is somebody else's. */
  readonly leftOut: "refused" | "cleared" | "untouched" | "ignored";
  readonly value: Value;
  /** A value with every kind of object that it can hold, each with all of its members; `value` where left out. */
  readonly everyShape?: Value;
  /** Other forms, by what they are: none of them may show as a change. */
  readonly otherForms?: Readonly<Record<string, Value>>;
  /** As long, as large or as many as the API takes. */
  readonly limits?: readonly Value[];
  /** The body that sets `value`. */
  readonly sent: JsonObject;
  /** The body that removes it. */
  readonly removed: JsonObject;
  /** What the removal needs to know of the service. */
  readonly computed?: Properties;
  /** The members of an object that holds `value`; `sent` where left out. */
  readonly shown?: JsonObject;
  /** How an object that nobody declared shows `value`; like it where left out. */
  readonly described?: Value | undefined;
  /** The members of an object that holds none. */
  readonly unset?: JsonObject;
  /** What a program asks for, beside members that mean the same. */
  readonly same?: readonly (readonly [asked: Value | undefined, shown: JsonObject])[];
  /** What a program asks for, beside members that are no difference only where the service answered the write with them. */
  readonly renditions?: readonly (readonly [asked: Value | undefined, shown: JsonObject])[];
  /** What a program asks for, beside members that mean something else. */
  readonly drift?: readonly (readonly [asked: Value | undefined, shown: JsonObject])[];
  /** What somebody else makes of it; absent where the body of an update cannot say it. */
  readonly edited?: Edit<Value>;
  /** The generations of the API that have it; both where left out. */
  readonly generations?: readonly (1 | 2)[];
  /** Values that the check refuses, and all that it says of them. */
  readonly mistakes?: readonly Mistake[];
  /** Arguments without which it is refused. */
  readonly needs?: Properties;
}

export type Mistake = readonly [given: unknown, failures: string | readonly string[]];

/** What a program asks for, and what the service shows in this member alone. */
export function inMember(
  member: string,
  pairs: readonly (readonly [asked: unknown, shown: unknown])[],
): readonly (readonly [asked: unknown, shown: JsonObject])[] {
  return pairs.map(([asked, shown]) => [asked, { [member]: shown }]);
}

interface Edit<Value> {
  /** What the program gives; `value` where left out. */
  readonly declared?: Value;
  /** The body of somebody else's update. */
  readonly by: JsonObject;
  /** How a program would write what the service holds then. */
  readonly to: Value;
  /** The body that puts back what is declared; `sent` where left out. */
  readonly repaired?: JsonObject;
}

/** A change of a program, and the request that carries it, besides the version where the kind has one. */
export interface Change {
  readonly what: string;
  readonly before: Properties;
  readonly after: Properties;
  readonly sent: JsonObject;
  readonly switches?: Partial<Switches>;
}
