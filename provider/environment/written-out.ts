/** The configuration of an environment; a cloud environment if the program gives none. */
export function writtenConfig(given: unknown): unknown {
  return given ?? { type: "cloud" };
}
