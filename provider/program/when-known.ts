/**
 * Applies a function to a value, at once or as soon as the value is known, and keeps its mark as a secret. The SDK and the
 * plugin have different forms for unknown values and for secrets.
 */
export type WhenKnown = (given: unknown, then: (known: unknown) => unknown) => unknown;
