/** Deployments carry whole seconds. */
export function wholeSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

/** Other resources carry fractions with trailing zeros trimmed. */
export function trimmedFraction(date: Date): string {
  return date.toISOString().replace(/\.?0*Z$/, "Z");
}
