import { type Console, consoleOf, type OwnerOf } from "./console";
import type { Credentials, StoredCredential, Verdict } from "./credentials";
import type { Memories } from "./memories";
import type { MemoryStores } from "./memory-stores";
import type { Vaults } from "./vaults";
import type { JsonObject, Memory, MemoryStore, Vault, VaultCredential } from "./wire";

/** The actions on vaults. `edit` changes `display_name` and `metadata`, which no endpoint of the API does. */
export interface VaultConsole extends Console<Vault> {
  /** Adds an object with these fields, without any check. */
  create(overrides?: Partial<Vault>, account?: string, workspace?: string): Vault;
}

export interface CredentialConsole extends Console<VaultCredential> {
  /** Adds a credential to the vault with these fields, without any check. */
  create(vaultId: string, overrides?: Partial<VaultCredential>): VaultCredential;
  /** The stored `auth`, with the secrets that no reply shows. */
  auth(id: string): JsonObject;
  /** Stores a new token, which expires at this time. */
  renew(id: string, expiresAt: string): VaultCredential;
  /** Sets the result of validations; without `verdict` it follows from the credential again. */
  verdict(id: string, verdict?: Verdict): void;
}

export function vaultConsole(vaults: Vaults, ownerOf: OwnerOf): VaultConsole {
  return {
    ...consoleOf(vaults),
    create: (overrides = {}, account, workspace) => vaults.reply(vaults.place(ownerOf(account, workspace), overrides)),
  };
}

export function credentialConsole(credentials: Credentials, vaults: Vaults): CredentialConsole {
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
    verdict: (id, verdict) => {
      credentials.require(id).verdict = verdict;
    },
  };
}

export interface MemoryStoreConsole extends Console<MemoryStore> {
  /** Adds an object with these fields, without any check. */
  create(overrides?: Partial<MemoryStore>, account?: string, workspace?: string): MemoryStore;
}

/** The documents, which agents and people write. No document is archived. */
export interface MemoryConsole extends Omit<Console<Memory, JsonObject>, "archive" | "live"> {
  /** Adds a document to the store without any check. */
  create(storeId: string, path: string, content: string): Memory;
}

export function memoryStoreConsole(stores: MemoryStores, ownerOf: OwnerOf): MemoryStoreConsole {
  return {
    ...consoleOf(stores),
    create: (overrides = {}, account, workspace) => stores.reply(stores.place(ownerOf(account, workspace), overrides)),
  };
}

export function memoryConsole(memories: Memories, stores: MemoryStores): MemoryConsole {
  const { archive: _archive, live: _live, ...shared } = consoleOf(memories);
  return {
    ...shared,
    create: (storeId, path, content) => memories.reply(memories.place(stores.require(storeId), { path, content })),
  };
}
