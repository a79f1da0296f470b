import type { Collections } from "./collections";
import { consoleOf, makingConsole, type OwnerOf } from "./console";
import type { StoredCredential } from "./credentials";
import type { DeploymentOverwrite } from "./deployments";
import { type Service, wholeSeconds } from "./service";
import { sessionConsole } from "./session-console";
import { skillConsole } from "./skill-console";
import type { ErrorDetail, FileMetadata, JsonObject, VaultCredential } from "./wire";

/** The console of each kind. */
export type Consoles = ReturnType<typeof consolesOf>;

export function consolesOf(collections: Collections, service: Service, ownerOf: OwnerOf) {
  const { environments, runs, vaults, memoryStores, models, serviceAccounts } = collections;
  return {
    agents: agentConsole(collections, ownerOf),
    environments: makingConsole(environments, ownerOf),
    deployments: deploymentConsole(collections, service, ownerOf),
    // No run is edited or archived. No page says how long the service keeps a run, so tests remove runs.
    runs: {
      get: (id: string) => runs.reply(runs.require(id)),
      all: () => runs.all().map((run) => runs.reply(run)),
      remove: (id: string) => runs.remove(id),
    },
    sessions: sessionConsole(collections.sessions, service, ownerOf),
    /** `edit` changes `display_name` and `metadata`, which no endpoint of the API does. */
    vaults: makingConsole(vaults, ownerOf),
    credentials: credentialConsole(collections),
    memoryStores: {
      ...makingConsole(memoryStores, ownerOf),
      /** Adds a document to the store, as an agent does. */
      remember: (id: string, document: string) => memoryStores.remember(memoryStores.require(id), document),
    },
    files: fileConsole(collections, ownerOf),
    skills: skillConsole(collections, ownerOf),
    /** The catalogue of models. Tests change the list itself. */
    models: models.all,
    /** Service accounts, for which the service has no public endpoint. */
    serviceAccounts: {
      /** Adds one with a key, for objects of the first account unless `account` names another. */
      create: ({ account, key }: { account?: string; key?: string } = {}) =>
        serviceAccounts.create(ownerOf(account).account, key),
      /** The service refuses the key from now on; issued tokens stay valid. */
      revoke: (id: string) => serviceAccounts.revoke(id),
      /** The service refuses the issued tokens from now on. */
      endTokens: (id: string) => serviceAccounts.endTokens(id),
    },
  };
}

function agentConsole({ agents }: Collections, ownerOf: OwnerOf) {
  return {
    ...makingConsole(agents, ownerOf),
    // A person at the console sees the version of the agent, so the edit names it.
    edit: (id: string, patch: JsonObject) => {
      const stored = agents.require(id);
      return agents.reply(agents.update(stored, { version: stored.fields.version, ...patch }));
    },
    /** Publishes a new version without any change. */
    bumpVersion: (id: string) => agents.reply(agents.bumpVersion(agents.require(id))).version,
  };
}

function deploymentConsole({ deployments, runs }: Collections, { clock }: Service, ownerOf: OwnerOf) {
  const of = (id: string) => deployments.require(id);
  return {
    ...consoleOf(deployments),
    create: (body: JsonObject, account?: string, workspace?: string, id?: string) =>
      deployments.reply(deployments.create(ownerOf(account, workspace), body, id)),
    overwrite: (id: string, fields: DeploymentOverwrite) => deployments.reply(deployments.overwrite(of(id), fields)),
    pause: (id: string) => deployments.reply(deployments.pause(of(id), {})),
    pauseByError: (id: string, errorType: string) => deployments.reply(deployments.pauseByError(of(id), errorType)),
    unpause: (id: string) => deployments.reply(deployments.unpause(of(id), {})),
    run: (id: string) => runs.reply(deployments.run(of(id), {})),
    /** Starts a run as its schedule would. `problem`: why it gets no session. */
    runBySchedule: (id: string, problem?: ErrorDetail, dueAt = wholeSeconds(clock())) =>
      runs.reply(deployments.run(of(id), {}, { type: "schedule", scheduled_at: dueAt }, problem)),
  };
}

function credentialConsole({ credentials, vaults }: Collections) {
  const reply = (stored: StoredCredential) => credentials.reply(stored);
  return {
    ...consoleOf(credentials),
    /** Adds a credential to the vault with these fields, without any check. */
    create: (vaultId: string, overrides: Partial<VaultCredential> = {}) =>
      reply(credentials.place(vaults.require(vaultId), overrides)),
    /** The stored `auth`, with the secrets that no reply shows. */
    auth: (id: string): JsonObject => structuredClone(credentials.require(id).fields.auth),
    /** Stores a new token, which expires at this time. */
    renew: (id: string, expiresAt: string) => {
      const stored = credentials.require(id);
      credentials.renew(stored, { access_token: `renewed until ${expiresAt}`, expires_at: expiresAt });
      return reply(stored);
    },
  };
}

function fileConsole({ files }: Collections, ownerOf: OwnerOf) {
  // No file is archived.
  const { archive: _archive, live: _live, ...shared } = consoleOf(files);
  return {
    ...shared,
    create: (
      { content = "text", expires_at = null, ...others }: Partial<FileMetadata> & { content?: string | Buffer } = {},
      account?: string,
      workspace?: string,
    ) => files.reply(files.place(ownerOf(account, workspace), Buffer.from(content), { ...others, expires_at })),
    content: (id: string) => Buffer.from(files.require(id).content),
  };
}
