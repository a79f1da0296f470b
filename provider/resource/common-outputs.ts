/** What the service computes for every kind of object. */
export interface CommonOutputs {
  readonly archivedAt: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly effectiveMetadata: Readonly<Record<string, unknown>>;
}
