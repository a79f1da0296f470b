// `npm run documents` writes this file from the rows of the kinds.

/** The names of the outputs of each class: its arguments, and what the service computes. */
export const outputNames: Readonly<Record<string, string>> = {
  QoderEnvironment: "name description config metadata archiveInUse archivedAt createdAt updatedAt effectiveMetadata",
  QoderSkill: "name files displayTitle metadata description latestVersion createdAt updatedAt",
  QoderFile: "name content digest metadata expiresInSeconds filename mimeType sizeBytes expiresAt createdAt",
  QoderAgent:
    "name model system description tools mcpServers skills multiagent metadata archiveInUse version archivedAt createdAt updatedAt effectiveMetadata",
  QoderVault: "displayName metadata deleteOnDestroy archivedAt createdAt updatedAt effectiveMetadata",
  QoderVaultCredential:
    "vaultId auth metadata secretVersion validate expiresAt archivedAt createdAt updatedAt effectiveMetadata",
  QoderMemoryStore:
    "name description metadata deleteOnDestroy entryCount totalSize archivedAt createdAt updatedAt effectiveMetadata",
  QoderDeployment:
    "name description agent environmentId schedule initialEvents resources vaultIds metadata casConfig environmentVariables budget limits expectedArtifacts paused status pausedReason agentVersion upcomingRunsAt lastRunAt archivedAt createdAt updatedAt effectiveMetadata",
  QoderDeploymentRun:
    "deploymentId triggers waitForResult sessionId createdAt agentVersion error result credits outcome explanation __expects",
};
