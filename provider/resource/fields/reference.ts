import type { Properties } from "../program-values";

/** In place of a value: what a program writes there that declares the object which the value names. */
export class Reference {
  constructor(
    /** Of the object. */
    readonly id: string,
    /** The output whose value it is; undefined: the resource as a whole. */
    readonly output?: string,
  ) {}
}

/** The outputs of the object with this id; undefined where the program declares none to refer to. */
export type OutputsOf = (id: string) => Properties | undefined;

export function idReference(id: string, outputsOf: OutputsOf): string | Reference {
  return outputsOf(id) === undefined ? id : new Reference(id, "id");
}
