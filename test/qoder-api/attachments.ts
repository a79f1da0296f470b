import { ApiError, invalid } from "./errors";
import type { Files } from "./files";
import type { StoredObject } from "./managed-objects";
import type { MemoryStores } from "./memory-stores";
import type { OwnedStore, Owner } from "./owners";
import type { Switches } from "./switches";
import type { Vaults } from "./vaults";
import type { ErrorDetail, JsonObject } from "./wire";

interface AttachedIds {
  vault_ids: string[];
  resources: JsonObject[];
}

interface Attachable {
  readonly noun: string;
  /** The type of the run error if the object does not exist. */
  readonly missing: string;
  readonly archived?: string;
  readonly objects: OwnedStore<StoredObject>;
}

/** The vaults, memory stores and files that a deployment names. */
export class Attachments {
  readonly #switches: Switches;
  readonly #vaults: Attachable;
  readonly #resources: ReadonlyMap<unknown, Attachable & { member: string }>;

  constructor(
    { vaults, memoryStores, files }: { vaults: Vaults; memoryStores: MemoryStores; files: Files },
    switches: Switches,
  ) {
    this.#switches = switches;
    this.#vaults = {
      noun: "Vault",
      missing: "vault_not_found_error",
      archived: "vault_archived_error",
      objects: vaults,
    };
    const store = { noun: "Memory store", missing: "session_resource_not_found_error", objects: memoryStores };
    this.#resources = new Map([
      ["memory_store", { ...store, archived: "memory_store_archived_error", member: "memory_store_id" }],
      ["file", { noun: "File", missing: "file_not_found_error", objects: files, member: "file_id" }],
    ]);
  }

  /** Throws for a write that names an object which does not exist or is archived. */
  refuse(owner: Owner, ids: AttachedIds): void {
    if (this.#switches.attachments !== "at-write") return;
    for (const { id, param, kind } of this.#named(ids)) {
      const { noun } = kind;
      if (isMissing(kind, owner, id)) {
        throw new ApiError(this.#switches.missingReference, `${noun} '${id}' was not found.`, param);
      }
      if (isArchived(kind, owner, id)) throw invalid(`${noun} is archived.`, param);
    }
  }

  /** The reason why the service can start no session with these objects; null if it can. */
  runError(owner: Owner, ids: AttachedIds): ErrorDetail | null {
    if (this.#switches.attachments === "unchecked") return null;
    for (const { id, kind } of this.#named(ids)) {
      if (isMissing(kind, owner, id)) return { type: kind.missing, message: `${kind.noun} does not exist.` };
      if (kind.archived !== undefined && isArchived(kind, owner, id)) {
        return { type: kind.archived, message: `${kind.noun} is archived.` };
      }
    }
    return null;
  }

  #named({ vault_ids, resources }: AttachedIds): { id: string; param: string; kind: Attachable }[] {
    const vaults = vault_ids.map((id, index) => ({ id, param: `vault_ids.${index}`, kind: this.#vaults }));
    const others = resources.flatMap((resource, index) => {
      const kind = this.#resources.get(resource["type"]);
      if (kind === undefined) return [];
      return [{ id: String(resource[kind.member]), param: `resources.${index}.${kind.member}`, kind }];
    });
    return [...vaults, ...others];
  }
}

function isMissing({ objects }: Attachable, owner: Owner, id: string): boolean {
  return objects.find(owner, id) === undefined;
}

function isArchived({ objects }: Attachable, owner: Owner, id: string): boolean {
  const fields: JsonObject = { ...objects.find(owner, id)?.fields };
  return typeof fields["archived_at"] === "string";
}
