import type { Properties } from "../program-values";

// The texts that replace plain values in a generated program.

/** A value of a generated program, with a comment for the line above it. */
export class Commented {
  constructor(
    readonly value: unknown,
    /** The comment. `called` gives the constant of the generated program that holds the object with this id. */
    readonly comment: (called: (id: string) => string) => string,
  ) {}
}

/** Replaces an id in a generated program: the resource that declares the object, or one of its outputs. */
export class Reference {
  constructor(
    readonly id: string,
    /** The output that holds the value; undefined for the resource as a whole. */
    readonly output?: string,
  ) {}
}

/** The outputs of the object with this id; undefined if the program does not declare the object. */
export type OutputsOf = (id: string) => Properties | undefined;

export function idReference(id: string, outputsOf: OutputsOf): string | Reference {
  return outputsOf(id) === undefined ? id : new Reference(id, "id");
}
