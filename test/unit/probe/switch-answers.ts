import type { Switches } from "../../qoder-api";

/** One way to turn a switch, and the rows of the probe whose answers it changes. */
export interface Turned {
  readonly turn: Partial<Switches>;
  readonly differs: readonly string[];
  /** True if the value also changes the answers to other switches. */
  readonly alone?: true;
}

const turned = (turn: Partial<Switches>, ...differs: string[]): Turned => ({ turn, differs });

const noVersionsOfSkills = "the probe makes no skill";
const noMemory = "the probe makes no memory store";
const noFile = "the probe uploads no file";
const noSession = "how sessions continue is no question of docs/assumptions.md";
const eitherIsRead = "the package reads either form, and nothing depends on it";
const alwaysSent = "the package always sends it";
const neverSent = "the package never sends that";
const noLargeBody = "the probe sends no body of that size";

/**
 * Each switch of the stand-in: the rows that differ for each value of the switch, or the reason why no row asks. A new switch without a line
 * does not compile.
 */
export const switchAnswers: { readonly [Name in keyof Switches]: readonly Turned[] | string } = {
  generation: [turned({ generation: 1 }, "budget-null", "cas-config", "environment-variables", "message-content")],
  stringContent: "the package sends blocks, and no text in their place",
  blockContent: [turned({ blockContent: "string" }, "message-content")],
  casConfig: [turned({ casConfig: "present" }, "cas-config")],
  casConfigMerge: [turned({ casConfig: "present", casConfigMerge: "shallow" }, "cas-config", "cas-config-merge")],
  casConfigNull: [
    turned({ casConfig: "present", casConfigNull: "reject" }, "cas-config", "cas-config-null"),
    turned({ casConfig: "present", casConfigNull: "reset-defaults" }, "cas-config", "cas-config-null"),
  ],
  scheduleNull: [
    turned({ scheduleNull: "accept" }, "schedule-null"),
    turned({ scheduleNull: "ignore" }, "schedule-null"),
  ],
  budget: [turned({ budget: "reject" }, "budget-null"), turned({ budget: "ignore-null" }, "budget-null")],
  duplicateNames: [turned({ duplicateNames: "allow" }, "deployment-names")],
  duplicateNamesElsewhere: [turned({ duplicateNamesElsewhere: "conflict" }, "agent-names", "environment-names")],
  idempotencyKeys: [
    turned({ idempotencyKeys: "keep-refusals" }, "refused-key"),
    turned(
      { idempotencyKeys: "ignore" },
      ...["agent-key", "credential-key", "deployment-key", "environment-key", "run-key", "vault-key"],
    ),
  ],
  idempotencyKeysElsewhere: [
    turned({ idempotencyKeysElsewhere: "ignore" }, "credential-key", "environment-key", "vault-key"),
  ],
  idempotencyKeysForRuns: [turned({ idempotencyKeysForRuns: "ignore" }, "run-key")],
  keyHours: [{ ...turned({ keyHours: 1 / 3600 }, "key-memory"), alone: true }],
  hiddenForMs: [turned({ hiddenForMs: 2_500 }, "shown-at-once")],
  runsUnlistedForMs: [turned({ runsUnlistedForMs: 5_000 }, "run-listed")],
  runTouchesDeployment: [turned({ runTouchesDeployment: true }, "run-touches")],
  dateAheadMs: [turned({ dateAheadMs: 60_000 }, "dates")],
  createStatus: eitherIsRead,
  deleteReply: eitherIsRead,
  nameFilter: [turned({ nameFilter: "part" }, "name-filter")],
  missingReference: [turned({ missingReference: 400 }, "missing-agent")],
  attachments: [turned({ attachments: "at-write" }, "missing-vault")],
  fillingIn: [turned({ fillingIn: "late" }, "agent-shown", "deployment-shown", "filled-in-late", "networking-shown")],
  addedMembers: [
    turned({ addedMembers: "elements" }, "agent-shown"),
    turned({ addedMembers: "objects" }, "agent-shown", "deployment-shown", "environment-shown"),
  ],
  listOrder: [turned({ listOrder: "reversed" }, "list-order", "vault-order")],
  idForm: [turned({ idForm: "base-36" }, "ids")],
  bodyDepth: "no argument of the probe is that deep",
  fillDefaults: [turned({ fillDefaults: true }, "deployment-shown")],
  descriptionUnset: [turned({ descriptionUnset: null }, "description-unset")],
  environmentVariables: [turned({ environmentVariables: "canonical" }, "environment-variables")],
  vaultOrder: [turned({ vaultOrder: "sort" }, "vault-order")],
  repositoryToken: "the probe names no repository",
  archivedWrite: [turned({ archivedWrite: 403 }, "archived-write"), turned({ archivedWrite: 400 }, "archived-write")],
  unknownFields: [turned({ unknownFields: "accept" }, "unknown-members")],
  nextPage: [turned({ nextPage: "missing" }, "next-page")],
  unauthorized: "the probe sends no wrong token",
  writeLimitPerSecond: "the probe keeps to what the service advises",
  readLimitPerSecond: "the probe keeps to what the service advises",
  retryAfter: "the probe keeps to what the service advises",
  emptyPatchBumpsUpdatedAt: neverSent,
  agentVersion: [turned({ agentVersion: "optional" }, "agent-version")],
  unchangedAgent: [turned({ unchangedAgent: "same-version" }, "unchanged-agent")],
  archiveAgentTwice: [turned({ archiveAgentTwice: 200 }, "archive-agent-twice")],
  archiveElsewhereTwice: [turned({ archiveElsewhereTwice: 200 }, "archive-vault-twice")],
  multiagentNull: [turned({ multiagentNull: "reject" }, "team-null")],
  modelEcho: [turned({ modelEcho: "object" }, "model-shown"), turned({ modelEcho: "resolved" }, "model-shown")],
  skillVersions: noVersionsOfSkills,
  toolSettings: [turned({ toolSettings: "resolved" }, "agent-shown")],
  mcpPermissionPolicy: "the probe names no MCP server, as a run would call it",
  unusedMcpServers: "the probe names no MCP server, as a run would call it",
  browserToolset: "a beta that a program asks for; a message shows the refusal of the service",
  longestTokenLifeSeconds: "the key of a service account is exchanged before the probe begins",
  expiresIn: eitherIsRead,
  exchangeExpiresAt: eitherIsRead,
  memoryStoreNameLimit: noMemory,
  memoryStoreDescriptionNull: noMemory,
  memoryStoreKey: noMemory,
  memoryContent: noMemory,
  memoryVersion: noMemory,
  environmentConfig: alwaysSent,
  environmentConfigUpdate: [turned({ environmentConfigUpdate: "merge" }, "config-replaced")],
  environmentTypeChange: "the package replaces the environment",
  networking: [
    turned({ networking: "materialise" }, "networking-shown"),
    turned({ networking: "omit" }, "networking-shown"),
  ],
  unrestrictedNetworking: [turned({ unrestrictedNetworking: "with-limits" }, "unrestricted-shown")],
  packageLists: [turned({ packageLists: "as-sent" }, "package-lists")],
  readOnlyPackages: [turned({ readOnlyPackages: "accept" }, "read-only-packages")],
  packagesUnderLimited: [turned({ packagesUnderLimited: "reject" }, "packages-under-limited")],
  setupScriptLimit: noLargeBody,
  environmentNameLimit: noLargeBody,
  environmentScope: neverSent,
  emptyEnvironmentMetadata: [turned({ emptyEnvironmentMetadata: "delete" }, "environment-label")],
  vaultUpdate: neverSent,
  archivedVault: "the probe deletes its vaults",
  duplicateCredentials: [turned({ duplicateCredentials: "allow" }, "two-credentials")],
  credentialsPerVault: "the probe makes two credentials at most",
  archivedCredentialWrite: neverSent,
  credentialMessages: "the package reads no message",
  variableNetworking: "the probe always sends it",
  variableSettings: [
    turned({ variableSettings: "fixed" }, "variable-settings"),
    turned({ variableSettings: "dropped" }, "variable-settings"),
  ],
  refreshResource: "the probe has no account at an MCP server",
  skillCreateStatus: eitherIsRead,
  legacySkillFile: noVersionsOfSkills,
  skillPackageBytes: noVersionsOfSkills,
  skillFiles: noVersionsOfSkills,
  skillDescriptionLimit: noVersionsOfSkills,
  skillDetails: noVersionsOfSkills,
  skillContent: noVersionsOfSkills,
  skillListWithoutSource: noVersionsOfSkills,
  missingSkill: noVersionsOfSkills,
  deletedSkillVersion: noVersionsOfSkills,
  unknownModel: [turned({ unknownModel: 400 }, "unknown-model")],
  modelCatalogue: [turned({ modelCatalogue: "away" }, "models")],
  fileBytes: noFile,
  fileTooLarge: noFile,
  fileContent: noFile,
  fileExpiresAt: noFile,
  fileContentOfUploads: noFile,
  fileInUse: noFile,
  fileNames: noFile,
  sessionsStart: noSession,
  sessionsEnd: noSession,
  cancelTakesMs: noSession,
  cancelingStatus: noSession,
  cancelWaiting: noSession,
  cancelTerminated: noSession,
  removeRunningSession: noSession,
  archiveSessionTwice: noSession,
  usageParts: noSession,
  sandboxCreditsLateMs: noSession,
  commaSeparatedStatuses: noSession,
  eventTypes: noSession,
  eventOrder: noSession,
  ownerFilters: [turned({ ownerFilters: "ignore" }, "filters")],
  eventOrderQuery: noSession,
  outcomeEvaluations: noSession,
  beforeId: [turned({ beforeId: "ignore" }, "before-id"), turned({ beforeId: "reject" }, "before-id")],
  listEntries: [turned({ listEntries: "without-metadata" }, "listed-whole")],
};
