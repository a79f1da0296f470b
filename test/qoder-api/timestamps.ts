/** The form of times in deployments: whole seconds. */
export function wholeSeconds(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, "Z");
}

/** The form of times in runs: fractions without trailing zeros. */
export function trimmedFraction(date: Date): string {
  return trimmed(date.toISOString());
}

/**
 * The form of all other times: microseconds without trailing zeros. The clock has only milliseconds, from which the
 * microseconds are computed, so that one moment always has the same text.
 */
export function microseconds(date: Date): string {
  const beyondMilliseconds = String(date.getTime() % 997).padStart(3, "0");
  return trimmed(date.toISOString().replace("Z", `${beyondMilliseconds}Z`));
}

function trimmed(time: string): string {
  return time.replace(/\.?0*Z$/, "Z");
}
