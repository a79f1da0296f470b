/** Deployments carry whole seconds. */
export function wholeSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

/** Runs carry fractions with trailing zeros trimmed. */
export function trimmedFraction(date: Date): string {
  return trimmed(date.toISOString());
}

/**
 * All but deployments and runs carry microseconds with trailing zeros trimmed. The clock has none: they follow from its
 * milliseconds, so that one moment always reads the same.
 */
export function microseconds(date: Date): string {
  const beyondMilliseconds = String(date.getTime() % 997).padStart(3, "0");
  return trimmed(date.toISOString().replace("Z", `${beyondMilliseconds}Z`));
}

function trimmed(time: string): string {
  return time.replace(/\.?0*Z$/, "Z");
}
