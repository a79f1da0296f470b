/** What the service computes. Outputs only: nothing here takes part in a diff. */
export interface EnvironmentOutputs {
  readonly archivedAt: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly effectiveMetadata: Readonly<Record<string, unknown>>;
}
