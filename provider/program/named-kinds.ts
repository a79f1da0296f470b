import { agentType, deploymentType, environmentType, fileType, memoryStoreType, skillType, vaultType } from "./source";

/** A kind of object that arguments name by an id. */
interface NamedKind {
  readonly noun: string;
  /** The first part of the path of each object, such as `agents`. */
  readonly collection: string;
  /** The class of the resources and their type; absent if programs cannot declare the kind. */
  readonly label?: string;
  readonly type?: string;
  /** The beginning of every id, such as `agent_`. */
  readonly idPrefix?: string;
  /** The function that finds an object by its name; absent if there is none for the kind. */
  readonly lookUp?: string;
  /** The member of a value that contains the id; absent for `id`. */
  readonly idMember?: string;
  /** The last part of the path of versions; absent if the path of the object itself takes `?version=`. */
  readonly versions?: string;
  /**
   * The service lists all objects. An id that is not in the list is a warning and no error, because the list changes with the
   * account and over time.
   */
  readonly isCatalogue?: true;
}

export const agents = {
  noun: "agent",
  collection: "agents",
  label: "QoderAgent",
  type: agentType,
  idPrefix: "agent_",
  lookUp: "getAgent",
} as const;
export const environments = {
  noun: "environment",
  collection: "environments",
  label: "QoderEnvironment",
  type: environmentType,
  idPrefix: "env_",
  lookUp: "getEnvironment",
} as const;
export const deployments = {
  noun: "deployment",
  collection: "deployments",
  label: "QoderDeployment",
  type: deploymentType,
  idPrefix: "dep_",
  lookUp: "getDeployment",
} as const;
export const vaults = {
  noun: "vault",
  collection: "vaults",
  label: "QoderVault",
  type: vaultType,
  idPrefix: "vault_",
} as const;
export const memoryStores = {
  noun: "memory store",
  collection: "memory_stores",
  label: "QoderMemoryStore",
  type: memoryStoreType,
  idPrefix: "memstore_",
} as const;
export const files = {
  noun: "file",
  collection: "files",
  label: "QoderFile",
  type: fileType,
  idPrefix: "file_",
} as const;
export const skills = {
  noun: "skill",
  collection: "skills",
  label: "QoderSkill",
  type: skillType,
  idPrefix: "skill_",
  lookUp: "getSkill",
  idMember: "skillId",
  versions: "versions",
} as const;

/** A place in the arguments that contains the id of another object. */
export interface NamingPlace {
  /** The path to the place; `*` stands for every element of a list. */
  readonly at: readonly [argument: string, ...members: string[]];
  readonly kind: NamedKind;
  /** No run starts without the object, so a refresh with `qoder:verify` warns if the object is archived. */
  readonly isNeeded?: true;
  /** The value that replaces a resource or the result of a look-up at this place; absent for the id. */
  readonly written?: (named: object) => unknown;
}

/** The places where the arguments of a deployment name other objects, one row for each place. */
export const namedByDeployments: readonly NamingPlace[] = [
  // A QoderAgent stands for its id and the version after this `up`. Each member is an Output of its own, so that a preview of
  // a change knows the id.
  {
    at: ["agent"],
    kind: agents,
    isNeeded: true,
    written: (agent) => ({ id: Reflect.get(agent, "id"), version: Reflect.get(agent, "version") }),
  },
  { at: ["environmentId"], kind: environments, isNeeded: true },
  { at: ["vaultIds", "*"], kind: vaults },
  { at: ["resources", "*", "memoryStoreId"], kind: memoryStores },
  { at: ["resources", "*", "fileId"], kind: files },
  { at: ["initialEvents", "*", "content", "*", "source", "fileId"], kind: files },
  { at: ["initialEvents", "*", "rubric", "fileId"], kind: files },
];

/** "List models": the models that the account may use. */
const models: NamedKind = { noun: "model", collection: "models", isCatalogue: true };

/** The places of an agent. Each member of a skill or an agent is an Output of its own, as above. */
export const namedByAgents: readonly NamingPlace[] = [
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

export const namedByRuns: readonly NamingPlace[] = [{ at: ["deploymentId"], kind: deployments }];

export const namedByCredentials: readonly NamingPlace[] = [{ at: ["vaultId"], kind: vaults }];
