/** A value with a comment above it, for the person who reads the program. */
export class Commented {
  constructor(
    readonly value: unknown,
    /** `called`: the constant of the program that has the object with an id. */
    readonly comment: (called: (id: string) => string) => string,
  ) {}
}
