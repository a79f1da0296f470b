import { agents, type NamedKind, type NamingPlace, skills } from "../program/named-kinds";

/** "List models": the models that the account may use. */
const models: NamedKind = { noun: "model", collection: "models", isCatalogue: true };

/**
 * The places where the arguments of an agent name other objects. Each member of a skill or an agent is an Output of its own,
 * so that a preview of a change knows the id.
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
      // The result of a look-up has a type; a skill that a program declares belongs to the account.
      type: Reflect.get(skill, "type") ?? "custom",
      skillId: Reflect.get(skill, "id"),
      version: Reflect.get(skill, "latestVersion"),
    }),
  },
  { at: ["model"], kind: models },
];
