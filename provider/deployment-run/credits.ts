// A program loads this file, so it imports nothing.

/** The middle of these values, in steps of half a hundredth. */
export function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((one, other) => one - other);
  const [low, high] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? undefined : creditSum([low, high]) / 2;
}

/** The sum of credits. The service shows two decimals ("Usage"), which a sum of binary numbers would not keep. */
export function creditSum(credits: readonly number[]): number {
  return Math.round(credits.reduce((sum, one) => sum + one, 0) * 100) / 100;
}
