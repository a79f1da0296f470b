/**
 * Does something with a value, at once or as soon as the value is known, and keeps what the value is marked with. The SDK and the
 * plugin hold values that come later, and secrets, each in a form of its own.
 */
export type WhenKnown = (given: unknown, then: (known: unknown) => unknown) => unknown;
