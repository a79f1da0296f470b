import type * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Field } from "./field";

/** A row for each argument of the interface, and nothing else. A schema that takes more or less than its argument does not compile. */
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
/** Each look-up of a kind finds one of these members with every object. */
type Found = { readonly effectiveMetadata: unknown } | { readonly displayTitle: unknown };
type Plain<Argument> = Exclude<Writable<Argument>, undefined>;
/**
 * Without what may stand in place of the value: what comes later, as in every `pulumi.Input`, and in place of an id a resource or what a
 * look-up found.
 */
type Writable<Value> = Value extends Later | pulumi.Resource | Found
  ? never
  : Value extends readonly (infer Element)[]
    ? Writable<Element>[]
    : Value extends object
      ? { -readonly [Member in keyof Value]: Writable<Value[Member]> }
      : Value;
// The compiler takes two conditional types for one where what they compare with is identical, optional members included.
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
