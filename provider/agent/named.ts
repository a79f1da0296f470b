import { agents, type NamedKind, type NamingPlace, skills } from "../program/named-kinds";

/** "List models": the enabled ones of the account. */
const models: NamedKind = { noun: "model", collection: "models", isCatalogue: true };

/**
 * Where the arguments of an agent name other objects. Skills and other agents are written member by member: in the preview of a change
 * only the version is not known.
 */
export const named: readonly NamingPlace[] = [
  {
    at: ["multiagent", "agents", "*"],
    kind: agents,
    written: (agent) => ({ type: "agent", id: Reflect.get(agent, "id"), version: Reflect.get(agent, "version") }),
  },
  {
    at: ["skills", "*"],
    kind: skills,
    written: (skill) => ({
      // The result of a look-up has a type, and each skill that a program declares is the account's own.
      type: Reflect.get(skill, "type") ?? "custom",
      skillId: Reflect.get(skill, "id"),
      version: Reflect.get(skill, "latestVersion"),
    }),
  },
  { at: ["model"], kind: models },
];
