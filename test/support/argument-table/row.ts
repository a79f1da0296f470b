import type { DeploymentOutputs } from "../../../provider/deployment/arguments";
import type { JsonObject } from "../../qoder-api/wire";

/** What is promised of one argument. */
export interface ArgumentRow<Value> {
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
  readonly computed?: Partial<DeploymentOutputs>;
  /** The members of a deployment that holds `value`. */
  readonly shown: JsonObject;
  /** How a deployment that nobody declared shows `value`; like it where left out. */
  readonly described?: Value | undefined;
  /** The members of a deployment that holds none. */
  readonly unset?: JsonObject;
  /** What a program asks for, beside members that mean the same. */
  readonly same: readonly (readonly [asked: Value | undefined, shown: JsonObject])[];
  /** What a program asks for, beside members that are no difference only where the service answered the write with them. */
  readonly renditions?: readonly (readonly [asked: Value | undefined, shown: JsonObject])[];
  /** What a program asks for, beside members that mean something else. */
  readonly drift: readonly (readonly [asked: Value | undefined, shown: JsonObject])[];
  /** What somebody else makes of it; absent where the body of an update cannot say it. */
  readonly edited?: Edit<Value>;
  /** The generations of the API that have it; both where left out. */
  readonly generations?: readonly (1 | 2)[];
  /** Values that the check refuses, and all that it says of them. */
  readonly mistakes: readonly Mistake[];
}

export type Mistake = readonly [given: unknown, failures: readonly string[]];

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
