/** What an environment is that the program says nothing of. */
export function writtenConfig(given: unknown): unknown {
  return given ?? { type: "cloud" };
}
