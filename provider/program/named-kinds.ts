import { agentType, deploymentType, environmentType, fileType, memoryStoreType, skillType, vaultType } from "./source";

/** A kind of object that arguments name by an id. */
export interface NamedKind {
  readonly noun: string;
  /** The first part of the path of each: `agents`. */
  readonly collection: string;
  /** The class of the resources, and their type; absent where no program declares one. */
  readonly label?: string;
  readonly type?: string;
  /** What every id starts with: `agent_`. */
  readonly idPrefix?: string;
  /** The function that finds one by its name; absent where programs have none. */
  readonly lookUp?: string;
  /** The member of a value that has the id; absent where that is `id`. */
  readonly idMember?: string;
  /** The last part of the path of its versions; absent where its own path shows one (`?version=`). */
  readonly versions?: string;
  /** The service shows the list of all: an id that the list lacks is a warning, as the list differs by account and moment. */
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

/** A place among the arguments that names an object by its id. */
export interface NamingPlace {
  /** The members that lead to the place; `*` stands for every element of a list. */
  readonly at: readonly [argument: string, ...members: string[]];
  readonly kind: NamedKind;
  /** Without the object nothing runs, so a refresh that verifies warns of an archived one. */
  readonly isNeeded?: true;
  /** What a resource, or the result of a look-up, stands for at this place; absent where that is its id. */
  readonly written?: (named: object) => unknown;
}
