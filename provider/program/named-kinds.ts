import { agentType, deploymentType, environmentType, fileType, memoryStoreType, skillType, vaultType } from "./source";

/** A kind of object that arguments name by an id. */
export interface NamedKind {
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
