import type { Switches } from "../../qoder-api";

const noVersionsOfSkills = "nothing depends on it, or no agent of the probe has the skill";
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
  fileNames: "the package compares only the characters that every service keeps",
  sessionsStart: noSession,
  sessionsEnd: noSession,
  cancelingStatus: noSession,
  cancelWaiting: noSession,
  sandboxCreditsLateMs: noSession,
  eventTypes: noSession,
  eventOrder: noSession,
  outcomeEvaluations: noSession,
};
