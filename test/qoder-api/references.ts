import type { Agents } from "./agents";
import type { AgentInput } from "./deployment-input";
import type { Environments } from "./environments";
import { ApiError, invalid } from "./errors";
import type { Files } from "./files";
import type { StoredObject } from "./managed-objects";
import type { MemoryStores } from "./memory-stores";
import type { OwnedStore, Owner } from "./owners";
import type { SkillReferences } from "./skill-versions";
import type { Switches } from "./switches";
import type { Vaults } from "./vaults";
import type { AgentReference, ErrorDetail, JsonObject } from "./wire";

interface ReferenceIds {
  agent: { id: string; version: number };
  environment_id: string;
  vault_ids: string[];
  resources: JsonObject[];
}

interface Named {
  readonly agents: Agents;
  readonly environments: Environments;
  readonly attachments: Attachments;
  readonly skills: SkillReferences;
}

/** The objects that a deployment names. */
export class References {
  readonly #named: Named;
  readonly #switches: Switches;

  constructor(named: Named, switches: Switches) {
    this.#named = named;
    this.#switches = switches;
  }

  /** "Create a deployment": an id alone, or an object without a version, means the latest version at this moment. */
  agent(owner: Owner, input: AgentInput): AgentReference {
    const { id, version } = typeof input === "string" ? { id: input } : input;
    const stored = this.#named.agents.find(owner, id);
    const agent =
      version === undefined || stored === undefined ? stored?.fields : this.#named.agents.version(stored, version);
    if (agent === undefined) {
      throw this.#missing(version === undefined ? `Agent '${id}'` : `Version ${version} of agent '${id}'`, "agent");
    }
    return { id, type: "agent", version: agent.version };
  }

  environment(owner: Owner, id: string): string {
    if (this.#named.environments.find(owner, id) === undefined)
      throw this.#missing(`Environment '${id}'`, "environment_id");
    return id;
  }

  /** "Update a deployment": the service answers 400 if the agent or the environment is archived. */
  refuseArchived(owner: Owner, ids: ReferenceIds): void {
    if (isArchived(this.#named.agents.find(owner, ids.agent.id))) throw invalid("Agent is archived.", "agent");
    if (isArchived(this.#named.environments.find(owner, ids.environment_id))) {
      throw invalid("Environment is archived.", "environment_id");
    }
    this.#named.attachments.refuse(owner, ids);
  }

  /** The reason why no session can start, in the form of `paused_reason` and of run errors; null if one can. */
  runError(owner: Owner, ids: ReferenceIds): ErrorDetail | null {
    const stored = this.#named.agents.find(owner, ids.agent.id);
    const agent = stored?.fields;
    const environment = this.#named.environments.find(owner, ids.environment_id)?.fields;
    if (agent === undefined) return { type: "unknown_error", message: "Agent does not exist." };
    if (agent.archived_at !== null) return { type: "agent_archived_error", message: "Agent is archived." };
    if (environment === undefined) {
      return { type: "environment_not_found_error", message: "Environment does not exist." };
    }
    if (environment.archived_at !== null) {
      return { type: "environment_archived_error", message: "Environment is archived." };
    }
    const { skills = [] } = (stored && this.#named.agents.version(stored, ids.agent.version)) ?? {};
    return this.#named.skills.runError(skills) ?? this.#named.attachments.runError(owner, ids);
  }

  #missing(what: string, param: string): ApiError {
    return new ApiError(this.#switches.missingReference, `${what} was not found.`, param);
  }
}

function isArchived(stored: StoredObject | undefined): boolean {
  return stored !== undefined && stored.fields.archived_at !== null;
}

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
      if (isArchived(kind.objects.find(owner, id))) throw invalid(`${noun} is archived.`, param);
    }
  }

  /** The reason why the service can start no session with these objects; null if it can. */
  runError(owner: Owner, ids: AttachedIds): ErrorDetail | null {
    if (this.#switches.attachments === "unchecked") return null;
    for (const { id, kind } of this.#named(ids)) {
      if (isMissing(kind, owner, id)) return { type: kind.missing, message: `${kind.noun} does not exist.` };
      if (kind.archived !== undefined && isArchived(kind.objects.find(owner, id))) {
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
