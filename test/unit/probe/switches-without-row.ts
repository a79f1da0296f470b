import type { Switches } from "../../qoder-api";

const noVersionsOfSkills = "the probe makes no skill";
const noFile = "the probe uploads no file";
const noSession = "how sessions continue is no question of docs/assumptions.md";
const eitherIsRead = "the package reads either form, and nothing depends on it";

/** The switches of the stand-in about which no row asks, and why. */
export const switchesWithoutRow: { readonly [Name in keyof Switches]?: string } = {
  deleteReply: eitherIsRead,
  blockContent: eitherIsRead,
  unknownFields: "the package sends only documented members",
  agentVersion: "the package always sends the version",
  duplicateCredentials: "the package deletes the old credential first in either case",
  repositoryToken: "the probe names no repository",
  unauthorized: "the probe sends no wrong token",
  writeLimitPerSecond: "the probe keeps to what the service advises",
  readLimitPerSecond: "the probe keeps to what the service advises",
  retryAfter: "the probe keeps to what the service advises",
  skillVersions: noVersionsOfSkills,
  mcpPermissionPolicy: "the probe names no MCP server, as a run would call it",
  skillContent: noVersionsOfSkills,
  skillUpdatedLateUs: noVersionsOfSkills,
  skillListWithoutSource: noVersionsOfSkills,
  fileContentOfUploads: noFile,
  fileNames: noFile,
  sessionsStart: noSession,
  sessionsEnd: noSession,
  cancelTakesMs: noSession,
  cancelingStatus: noSession,
  cancelWaiting: noSession,
  sandboxCreditsLateMs: noSession,
  eventTypes: noSession,
  eventOrder: noSession,
  outcomeEvaluations: noSession,
};
