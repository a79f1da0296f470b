import type * as pulumi from "@pulumi/pulumi";

/**
 * An argument as an output. Its lists are not readonly ones: Pulumi's own types take those for objects (`Lifted`, and the
 * `ResolvedResource` of policy packs), and a program could not go through them.
 */
export type Applied<Argument> = Writable<pulumi.Unwrap<Argument>>;

type Writable<Value> = Value extends readonly (infer Element)[]
  ? Writable<Element>[]
  : Value extends object
    ? { [Member in keyof Value]: Writable<Value[Member]> }
    : Value;
