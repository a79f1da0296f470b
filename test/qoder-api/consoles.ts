import type { Collections } from "./collections";
import { type Console, consoleOf, type MakingConsole, makingConsole, type OwnerOf } from "./console";
import type { StoredCredential } from "./credentials";
import type { DeploymentOverwrite } from "./deployments";
import { type Service, wholeSeconds } from "./service";
import type { ServiceAccount } from "./service-accounts";
import { type SessionConsole, sessionConsole } from "./session-console";
import { type SkillConsole, skillConsole } from "./skill-console";
import type {
  Agent,
  Deployment,
  DeploymentRun,
  Environment,
  ErrorDetail,
  FileMetadata,
  JsonObject,
  MemoryStore,
  ModelInfo,
  Vault,
  VaultCredential,
} from "./wire";

interface AgentConsole extends MakingConsole<Agent> {
  /** Publishes a new version without any change. */
  bumpVersion(id: string): number;
}

interface DeploymentConsole extends Console<Deployment, DeploymentOverwrite> {
  create(body: JsonObject, account?: string, workspace?: string, id?: string): Deployment;
  pause(id: string): Deployment;
  pauseByError(id: string, errorType: string): Deployment;
  unpause(id: string): Deployment;
  run(id: string): DeploymentRun;
  /** Starts a run as its schedule would. `problem`: why it gets no session. `dueAt`: now if left out. */
  runBySchedule(id: string, problem?: ErrorDetail, dueAt?: string): DeploymentRun;
}

interface CredentialConsole extends Console<VaultCredential> {
  /** Adds a credential to the vault with these fields, without any check. */
  create(vaultId: string, overrides?: Partial<VaultCredential>): VaultCredential;
  /** The stored `auth`, with the secrets that no reply shows. */
  auth(id: string): JsonObject;
  /** Stores a new token, which expires at this time. */
  renew(id: string, expiresAt: string): VaultCredential;
}

interface MemoryStoreConsole extends MakingConsole<MemoryStore> {
  /** Adds a document to the store, as an agent does. */
  remember(id: string, document: string): void;
}

/** The actions on files. No file is archived. */
interface FileConsole extends Omit<Console<FileMetadata>, "archive" | "live"> {
  /** Adds an object without any check. */
  create(
    overrides?: Partial<FileMetadata> & { content?: string | Buffer },
    account?: string,
    workspace?: string,
  ): FileMetadata;
  content(id: string): Buffer;
}

/** Service accounts, for which the service has no public endpoint. */
interface ServiceAccountConsole {
  /** Adds a service account with a key, for objects of the first account unless `account` names another. */
  create(options?: { account?: string; key?: string }): ServiceAccount;
  /** The service refuses the key from now on; issued tokens stay valid. */
  revoke(id: string): void;
  /** The service refuses the issued tokens from now on. */
  endTokens(id: string): void;
}

/** The console of each kind. */
export interface Consoles {
  readonly agents: AgentConsole;
  readonly environments: MakingConsole<Environment>;
  readonly deployments: DeploymentConsole;
  /** No run is edited or archived. No page says how long the service keeps a run, so tests remove runs. */
  readonly runs: Pick<Console<DeploymentRun>, "get" | "all" | "remove">;
  readonly sessions: SessionConsole;
  /** `edit` changes `display_name` and `metadata`, which no endpoint of the API does. */
  readonly vaults: MakingConsole<Vault>;
  readonly credentials: CredentialConsole;
  readonly memoryStores: MemoryStoreConsole;
  readonly files: FileConsole;
  readonly skills: SkillConsole;
  /** The catalogue of models. Tests change the list itself. */
  readonly models: ModelInfo[];
  readonly serviceAccounts: ServiceAccountConsole;
}

export function consolesOf(collections: Collections, service: Service, ownerOf: OwnerOf): Consoles {
  const { environments, runs, vaults, memoryStores, models, serviceAccounts } = collections;
  return {
    agents: agentConsole(collections, ownerOf),
    environments: makingConsole(environments, ownerOf),
    deployments: deploymentConsole(collections, service, ownerOf),
    runs: {
      get: (id) => runs.reply(runs.require(id)),
      all: () => runs.all().map((run) => runs.reply(run)),
      remove: (id) => runs.remove(id),
    },
    sessions: sessionConsole(collections.sessions, service, ownerOf),
    vaults: makingConsole(vaults, ownerOf),
    credentials: credentialConsole(collections),
    memoryStores: {
      ...makingConsole(memoryStores, ownerOf),
      remember: (id, document) => memoryStores.remember(memoryStores.require(id), document),
    },
    files: fileConsole(collections, ownerOf),
    skills: skillConsole(collections, ownerOf),
    models: models.all,
    serviceAccounts: {
      create: ({ account, key } = {}) => serviceAccounts.create(ownerOf(account).account, key),
      revoke: (id) => serviceAccounts.revoke(id),
      endTokens: (id) => serviceAccounts.endTokens(id),
    },
  };
}

function agentConsole({ agents }: Collections, ownerOf: OwnerOf): AgentConsole {
  return {
    ...makingConsole(agents, ownerOf),
    // A person at the console sees the version of the agent, so the edit names it.
    edit: (id, patch) => {
      const stored = agents.require(id);
      return agents.reply(agents.update(stored, { version: stored.fields.version, ...patch }));
    },
    bumpVersion: (id) => agents.reply(agents.bumpVersion(agents.require(id))).version,
  };
}

function deploymentConsole(
  { deployments, runs }: Collections,
  { clock }: Service,
  ownerOf: OwnerOf,
): DeploymentConsole {
  const of = (id: string) => deployments.require(id);
  return {
    ...consoleOf(deployments),
    create: (body, account, workspace, id) =>
      deployments.reply(deployments.create(ownerOf(account, workspace), body, id)),
    overwrite: (id, fields) => deployments.reply(deployments.overwrite(of(id), fields)),
    pause: (id) => deployments.reply(deployments.pause(of(id), {})),
    pauseByError: (id, errorType) => deployments.reply(deployments.pauseByError(of(id), errorType)),
    unpause: (id) => deployments.reply(deployments.unpause(of(id), {})),
    run: (id) => runs.reply(deployments.run(of(id), {})),
    runBySchedule: (id, problem, dueAt = wholeSeconds(clock())) =>
      runs.reply(deployments.run(of(id), {}, { type: "schedule", scheduled_at: dueAt }, problem)),
  };
}

function credentialConsole({ credentials, vaults }: Collections): CredentialConsole {
  const reply = (stored: StoredCredential) => credentials.reply(stored);
  return {
    ...consoleOf(credentials),
    create: (vaultId, overrides = {}) => reply(credentials.place(vaults.require(vaultId), overrides)),
    auth: (id) => structuredClone(credentials.require(id).fields.auth),
    renew: (id, expiresAt) => {
      const stored = credentials.require(id);
      credentials.renew(stored, { access_token: `renewed until ${expiresAt}`, expires_at: expiresAt });
      return reply(stored);
    },
  };
}

function fileConsole({ files }: Collections, ownerOf: OwnerOf): FileConsole {
  const { archive: _archive, live: _live, ...shared } = consoleOf(files);
  return {
    ...shared,
    create: ({ content = "text", ...overrides } = {}, account, workspace) => {
      const { expires_at = null, ...others } = overrides;
      return files.reply(files.place(ownerOf(account, workspace), Buffer.from(content), { ...others, expires_at }));
    },
    content: (id) => Buffer.from(files.require(id).content),
  };
}
