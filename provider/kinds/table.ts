/**
 * The table of kinds: one row for each kind of object, for the classes, both doors, the commands and the lifecycle. Every list of
 * kinds follows from it. The table loads no HTTP, no zod and no SDK; `loaded-kinds.ts` loads the code of each kind.
 */

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
  /** The members beside the id in a program, each with the member of the listed object that has its values. */
  readonly choices?: Readonly<Record<string, string>>;
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
  readonly remarks: readonly SourceRemark[];
}

interface SourceRemark {
  readonly kind: "skill-files" | "plain-secret";
  readonly severity: "info" | "warning";
  readonly text: string;
}

interface FilesRead {
  readonly given: Arguments;
  readonly read: SourceRead;
  /** See `DeclaredKind`, where only these arguments have the default. */
  readonly nameArgument?: string;
}

/** A kind of resource. */
export interface DeclaredKind extends NamedKind {
  /** The class that programs use, also in messages: `QoderDeployment`. */
  readonly label: string;
  readonly type: string;
  readonly idPrefix: string;
  /** The provider's code in the state; see `source.ts`. */
  readonly source: string;
  /** The argument with the name at Qoder, whose default is the Pulumi name; absent for kinds without this default. */
  readonly nameArgument?: string;
  /** The members of each argument that are secret, at any depth; absent if none is. No reply and no message shows them. */
  readonly secretMembers?: Readonly<Record<string, readonly string[]>>;
  /** The outputs that are always secret. */
  readonly secretOutputs?: readonly string[];
  /** Expands the short forms of arguments. */
  expanded?(args: Arguments, whenKnown: WhenKnown): Arguments;
  /** Replaces the files of this machine in the arguments; absent if the kind has none. */
  reads?(args: Arguments, name: string): FilesRead;
  /** The places among the arguments that name other objects; absent if none does. */
  readonly named?: readonly NamingPlace[];
  /** Live objects need what they name: the guard for objects in use asks the lists of these kinds. */
  readonly needsNamed?: true;
  /** For objects inside another object (ids `parent/own`): the first part of the parent's path, and the argument with its id. */
  readonly within?: { readonly collection: string; readonly argument: string };
  /** The reason, as a clause, for which a change of an argument whose row says `replaces` replaces the object. */
  readonly replacement?: string;
}

/** A place in the arguments that contains the id of another object. */
export interface NamingPlace {
  /** The path to the place; `*` means every element of a list. */
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

/** The members that follow from the name of the kind: `exported` is the name of its provider in `dynamic-provider.ts`. */
function declared<Name extends string, Exported extends string>(name: Name, exported: Exported) {
  return {
    label: `Qoder${name}`,
    type: resourceType(name),
    source: providerSource(exported),
    exported,
  } as const;
}

export const environments = {
  ...declared("Environment", "environment"),
  noun: "environment",
  collection: "environments",
  idPrefix: "env_",
  lookUp: "getEnvironment",
  nameArgument: "name",
  expanded: withConfig,
} as const;
export const skills = {
  ...declared("Skill", "skill"),
  noun: "skill",
  collection: "skills",
  idPrefix: "skill_",
  lookUp: "getSkill",
  idMember: "skillId",
  versions: "versions",
  replacement: "the API cannot change it",
} as const;
export const files = {
  ...declared("File", "file"),
  noun: "file",
  collection: "files",
  idPrefix: "file_",
  replacement: "the API changes no file",
} as const;
/** "List models": the models that the account may use. */
const models: NamedKind = {
  ...{ noun: "model", collection: "models", isCatalogue: true },
  choices: { effort: "efforts" },
};
// Each member of an agent or a skill is an Output of its own, so that a preview of a change knows the id.
export const agents = {
  ...declared("Agent", "agent"),
  noun: "agent",
  collection: "agents",
  idPrefix: "agent_",
  lookUp: "getAgent",
  nameArgument: "name",
  needsNamed: true,
  get named(): readonly NamingPlace[] {
    return [
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
  },
} as const;
export const vaults = {
  ...declared("Vault", "vault"),
  noun: "vault",
  collection: "vaults",
  idPrefix: "vault_",
  nameArgument: "displayName",
  replacement: "the API changes no vault",
} as const;
export const vaultCredentials = {
  ...declared("VaultCredential", "vaultCredential"),
  noun: "vault credential",
  collection: "credentials",
  idPrefix: "vcred_",
  within: { collection: vaults.collection, argument: "vaultId" },
  secretMembers: { auth: ["token", "accessToken", "refreshToken", "clientSecret", "secretValue"] },
  named: [{ at: ["vaultId"], kind: vaults, provesAccount: true }] satisfies readonly NamingPlace[],
} as const;
export const memoryStores = {
  ...declared("MemoryStore", "memoryStore"),
  noun: "memory store",
  collection: "memory_stores",
  idPrefix: "memstore_",
  nameArgument: "name",
} as const;
/** A program marks the secrets that it declares. In a deployment that it looks up, any variable may be a password. */
export type DeploymentSecretOutput = "environmentVariables";
export const deployments = {
  ...declared("Deployment", "deployment"),
  noun: "deployment",
  collection: "deployments",
  idPrefix: "dep_",
  lookUp: "getDeployment",
  nameArgument: "name",
  secretMembers: { resources: ["authorizationToken", "password"] },
  secretOutputs: ["environmentVariables"] satisfies readonly DeploymentSecretOutput[],
  expanded: withInitialEvents,
  needsNamed: true,
  named: [
    // A QoderAgent passes its id and the version after this `up`.
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
  ] satisfies readonly NamingPlace[],
} as const;
export const deploymentRuns = {
  ...declared("DeploymentRun", "deploymentRun"),
  noun: "deployment run",
  collection: "deployment_runs",
  idPrefix: "drun_",
  named: [{ at: ["deploymentId"], kind: deployments }] satisfies readonly NamingPlace[],
} as const;

/** The kinds by the last part of their type, which states contain. A kind comes after the kinds that its arguments name. */
export const kinds = {
  Environment: environments,
  Skill: skills,
  File: files,
  Agent: agents,
  Vault: vaults,
  VaultCredential: vaultCredentials,
  MemoryStore: memoryStores,
  Deployment: deployments,
  DeploymentRun: deploymentRuns,
} as const satisfies Readonly<Record<string, DeclaredKind>>;
export type KindName = keyof typeof kinds;

/** The names of the kinds, in the order of the table. */
export const kindNames: readonly KindName[] = Object.keys(kinds).filter((name): name is KindName => name in kinds);

/** The kinds whose live objects need what they name; deployments, which name most, come first. */
export const namingKinds = Object.values<DeclaredKind>(kinds)
  .toReversed()
  .flatMap(({ named, needsNamed, ...kind }) => (named !== undefined && needsNamed ? [{ ...kind, named }] : []));

/**
 * The outputs that repeat an argument under another name, so they are secret if it is: the engine marks only equal names. Besides
 * them, `__shown` repeats any argument.
 */
export const repeatedArguments = { effectiveMetadata: "metadata", filename: "name" } as const;

/** The kind of a resource in a state or a preview, under the dynamic provider or under the plugin; undefined for other resources. */
export function kindOfType(type: string): DeclaredKind | undefined {
  return Object.values<DeclaredKind>(kinds).find((kind) => type === kind.type || type === pluginType(kind.type));
}

export function isDeploymentType(type: string): boolean {
  return kindOfType(type) === deployments;
}

/**
 * The provider's code in every state: one constant line that loads this package by its name from the project's folder. So the
 * installed version always runs, also in `refresh` and `destroy`. The line never changes, so no preview shows it, and it
 * contains no path, version or secret. The engine loads the line with `require-from-string` and calls `handler`
 * (pulumi/pulumi sdk/nodejs/cmd/dynamic-provider). `exported` is the name of the kind in `dynamic-provider.ts`. The commands of this
 * package write the same line and must not load the SDK, so this file loads nothing.
 */
export function providerSource(exported: string): string {
  return `exports.handler=()=>require("module").createRequire(process.cwd()+"/")("pulumi-qoder/provider").${exported};`;
}

/** The engine sends resources of such a type to the dynamic provider of Node.js. */
export function resourceType(name: string): string {
  return `pulumi-nodejs:dynamic/qoder:${name}`;
}

/** The type of the same resource under the plugin. */
export function pluginType(type: string): string {
  return type.replace(resourceType(""), "qoder:index:");
}

/** The URN as the engine knows it. A program of the SDK puts its organization before it. */
export function engineUrn(urn: string): string | undefined {
  return /urn:pulumi:.*/s.exec(urn)?.[0];
}

/** The name in a URN, `urn:pulumi:stack::project::types::name`. The name may contain any text, also `::`. */
export function nameInUrn(urn: string): string {
  return urn.split("::").slice(3).join("::");
}

/**
 * Applies a function to a value, at once or as soon as the value is known, and keeps its mark as a secret. The SDK and the
 * plugin have different forms for unknown values and for secrets.
 */
export type WhenKnown = (given: unknown, then: (known: unknown) => unknown) => unknown;

export type Arguments = Readonly<Record<string, unknown>>;

/** Expands the short forms of `initialEvents`: a string becomes a message of the user. */
export function withInitialEvents(args: Arguments, whenKnown: WhenKnown): Arguments {
  const initialEvents = whenKnown(args["initialEvents"], (events) => {
    if (typeof events === "string") {
      return [userMessage(events)];
    }
    // Each event by itself: one unknown event would otherwise make the whole list unknown in the preview.
    return Array.isArray(events) ? events.map((event) => whenKnown(event, eventArgument)) : events;
  });
  return { ...args, initialEvents };
}

function eventArgument(given: unknown): unknown {
  return typeof given === "string" ? userMessage(given) : given;
}

function userMessage(content: string) {
  return { type: "user.message", content };
}

/** Adds the configuration of an environment if the program gives none: a cloud environment. */
function withConfig(args: Arguments, whenKnown: WhenKnown): Arguments {
  return { ...args, config: whenKnown(args["config"], (config) => config ?? { type: "cloud" }) };
}
