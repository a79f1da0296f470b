import { type Arguments, type WhenKnown, withConfig, withInitialEvents } from "./short-forms";
import { pluginType, providerSource, resourceType } from "./source";

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

/**
 * The files that a program read for a resource, and the problems that it found. `check` removes this from the inputs, so no
 * state contains it.
 */
export interface SourceRead {
  /** The absolute path, because the provider runs in another folder. Empty if there is no file. */
  readonly path: string;
  /** The problems; each starts with the path of the argument. */
  readonly problems: readonly string[];
  readonly remarks: readonly { readonly severity: "info" | "warning"; readonly text: string }[];
}

/** A kind of resource, as the classes, the plugin, the commands and the lifecycle know it. A row loads no HTTP, no zod and no SDK. */
export interface DeclaredKind extends NamedKind {
  readonly label: string;
  readonly type: string;
  readonly idPrefix: string;
  /** The provider's code in the state; see `source.ts`. */
  readonly source: string;
  /** The argument with the name at Qoder, whose default is the Pulumi name; absent for kinds without this default. */
  readonly nameArgument?: string;
  /** The state names the arguments that contain secrets, so that no message and no output of a refresh shows one. */
  readonly namesSecrets: boolean;
  /** The members of each argument that are secret, at any depth; absent if none is. No reply and no message shows them. */
  readonly secretMembers?: Readonly<Record<string, readonly string[]>>;
  /** The outputs that are always secret. */
  readonly secretOutputs?: readonly string[];
  /** Expands the short forms of arguments. */
  expanded?(args: Arguments, whenKnown: WhenKnown): Arguments;
  /** Replaces the files of this machine in the arguments; absent if the kind has none. */
  reads?(args: Arguments, name: string): { readonly given: Arguments; readonly read: SourceRead };
  /** The places among the arguments that name other objects; absent if none does. */
  readonly named?: readonly NamingPlace[];
}

/** The members that follow from the name of the kind: `exported` is the name of its provider in `plugin.ts`. */
function declared(name: string, exported: string) {
  return {
    label: `Qoder${name}`,
    type: resourceType(name),
    source: providerSource(exported),
    namesSecrets: true,
  };
}

export const agents = {
  ...declared("Agent", "agent"),
  noun: "agent",
  collection: "agents",
  idPrefix: "agent_",
  lookUp: "getAgent",
  nameArgument: "name",
} as const;
export const environments = {
  ...declared("Environment", "environment"),
  noun: "environment",
  collection: "environments",
  idPrefix: "env_",
  lookUp: "getEnvironment",
  nameArgument: "name",
  expanded: withConfig,
} as const;
/** A program marks the secrets that it declares. In a deployment that it looks up, any variable may be a password. */
export type DeploymentSecretOutput = "environmentVariables";
export const deployments = {
  // "provider" is in the states of all versions, so the name never changes.
  ...declared("Deployment", "provider"),
  noun: "deployment",
  collection: "deployments",
  idPrefix: "dep_",
  lookUp: "getDeployment",
  nameArgument: "name",
  // States of older versions name no secrets of deployments, so an absent name would prove nothing.
  namesSecrets: false,
  secretMembers: { resources: ["authorizationToken", "password"] },
  secretOutputs: ["environmentVariables"] satisfies readonly DeploymentSecretOutput[],
  expanded: withInitialEvents,
} as const;
export const deploymentRuns = {
  ...declared("DeploymentRun", "deploymentRun"),
  noun: "deployment run",
  collection: "deployment_runs",
  idPrefix: "drun_",
} as const;
export const vaults = {
  ...declared("Vault", "vault"),
  noun: "vault",
  collection: "vaults",
  idPrefix: "vault_",
  nameArgument: "displayName",
} as const;
export const vaultCredentials = {
  ...declared("VaultCredential", "vaultCredential"),
  noun: "vault credential",
  collection: "credentials",
  idPrefix: "vcred_",
  secretMembers: { auth: ["token", "accessToken", "refreshToken", "clientSecret", "secretValue"] },
} as const;
export const memoryStores = {
  ...declared("MemoryStore", "memoryStore"),
  noun: "memory store",
  collection: "memory_stores",
  idPrefix: "memstore_",
  nameArgument: "name",
} as const;
export const files = {
  ...declared("File", "file"),
  noun: "file",
  collection: "files",
  idPrefix: "file_",
} as const;
export const skills = {
  ...declared("Skill", "skill"),
  noun: "skill",
  collection: "skills",
  idPrefix: "skill_",
  lookUp: "getSkill",
  idMember: "skillId",
  versions: "versions",
} as const;

/**
 * The outputs that repeat an argument under another name, so they are secret if it is: the engine marks only equal names. Besides
 * them, `__shown` repeats any argument.
 */
export const repeatedArguments = { effectiveMetadata: "metadata", filename: "name" } as const;

/** Whether a resource in a state or a preview is a deployment, under the dynamic provider or under the plugin. */
export function isDeploymentType(type: string): boolean {
  return type === deployments.type || type === pluginType(deployments.type);
}

/** A place in the arguments that contains the id of another object. */
export interface NamingPlace {
  /** The path to the place; `*` stands for every element of a list. */
  readonly at: readonly [argument: string, ...members: string[]];
  readonly kind: NamedKind;
  /** The query of the list of objects that name an object here; absent if the API has none. */
  readonly filter?: string;
  /** Every token of the account sees the object. A token that sees it belongs to the account. */
  readonly provesAccount?: true;
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
    provesAccount: true,
    filter: "agent_id",
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
    provesAccount: true,
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

/** The kinds whose live objects need what they name. Runs and credentials end with it, so they need nothing. */
export const namingKinds = [
  { ...deployments, named: namedByDeployments },
  { ...agents, named: namedByAgents },
] as const;

export const namedByRuns: readonly NamingPlace[] = [{ at: ["deploymentId"], kind: deployments }];

export const namedByCredentials: readonly NamingPlace[] = [{ at: ["vaultId"], kind: vaults, provesAccount: true }];
