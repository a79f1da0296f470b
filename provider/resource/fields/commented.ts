/** A value of a generated program, with a comment for the line above it. */
export class Commented {
  constructor(
    readonly value: unknown,
    /** The comment. `called` gives the constant of the generated program that holds the object with this id. */
    readonly comment: (called: (id: string) => string) => string,
  ) {}
}
