import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Field } from "./field";

/** Takes exactly one row for each argument of the interface. A schema that takes other values than its argument does not compile. */
export function rowsOf<Args>() {
  return <Rows extends Readonly<Record<string, Field>>>(rows: Rows & Fitting<Args, Rows> & Missing<Args, Rows>): Rows =>
    rows;
}

type Missing<Args, Rows> = { readonly [Name in Exclude<keyof Args, keyof Rows>]: Field };
type Fitting<Args, Rows> = {
  readonly [Name in keyof Rows]: Name extends keyof Args ? FittingRow<Plain<Args[Name]>, Rows[Name]> : never;
};
type FittingRow<Value, Row> = Row extends {
  readonly schema: z.ZodType<infer Taken>;
  readonly recorded: z.ZodType<infer Held>;
}
  ? [Taken] extends [Held]
    ? IsSame<Value, Writable<Taken>> extends true
      ? Row
      : { readonly schema: "takes something else than the interface says" }
    : { readonly recorded: "takes less than the schema" }
  : never;
type Later = Promise<unknown> | pulumi.OutputInstance<unknown>;
/** The result of a look-up: every result has one of these members. */
type Found = { readonly effectiveMetadata: unknown } | { readonly displayTitle: unknown };
type Plain<Argument> = Exclude<Writable<Argument>, undefined>;
/**
 * The type without the alternatives that a program may write for the value: a promise or an output, and for an id also a
 * resource or the result of a look-up.
 */
type Writable<Value> = Value extends Later | pulumi.Resource | Found
  ? never
  : Value extends readonly (infer Element)[]
    ? Writable<Element>[]
    : Value extends object
      ? { -readonly [Member in keyof Value]: Writable<Value[Member]> }
      : Value;
// The compiler treats two conditional types as the same if the types they compare with are identical, optional members
// included.
type IsSame<One, Other> =
  (<Any>() => Any extends One ? 1 : 2) extends <Any>() => Any extends Other ? 1 : 2 ? true : false;

/** The arguments of these rows as plain values, as a state may hold them. */
export type ValuesOf<Rows> = {
  readonly [Name in keyof Rows]: Rows[Name] extends { readonly recorded: z.ZodType<infer Held> }
    ? Held extends (infer Element)[]
      ? readonly Element[]
      : Held
    : never;
};
