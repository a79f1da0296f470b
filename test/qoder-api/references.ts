import type { Agents } from "./agents";
import type { AgentInput } from "./deployments";
import type { Environments } from "./environments";
import { ApiError, invalid } from "./errors";
import type { Files } from "./files";
import type { OwnedStore, Owner, StoredObject } from "./managed-objects";
import type { MemoryStores } from "./memory-stores";
import type { SkillReferences } from "./skill-versions";
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
  readonly vaults: Vaults;
  readonly memoryStores: MemoryStores;
  readonly files: Files;
  readonly skills: SkillReferences;
}

/** The objects that a deployment names. */
export class References {
  constructor(private readonly named: Named) {}

  /** "Create a deployment": an id alone, or an object without a version, means the latest version at this moment. */
  agent(owner: Owner, input: AgentInput): AgentReference {
    const { id, version } = typeof input === "string" ? { id: input } : input;
    const stored = this.named.agents.find(owner, id);
    const agent =
      version === undefined || stored === undefined ? stored?.fields : this.named.agents.version(stored, version);
    if (agent === undefined) {
      throw this.#missing(version === undefined ? `Agent '${id}'` : `Version ${version} of agent '${id}'`, "agent");
    }
    return { id, type: "agent", version: agent.version };
  }

  environment(owner: Owner, id: string): string {
    if (this.named.environments.find(owner, id) === undefined)
      throw this.#missing(`Environment '${id}'`, "environment_id");
    return id;
  }

  /** "Update a deployment": the service answers 400 if the agent or the environment is archived. */
  refuseArchived(owner: Owner, ids: ReferenceIds): void {
    if (isArchived(this.named.agents.find(owner, ids.agent.id))) throw invalid("Agent is archived.", "agent");
    if (isArchived(this.named.environments.find(owner, ids.environment_id))) {
      throw invalid("Environment is archived.", "environment_id");
    }
  }

  /** The reason why no session can start, in the form of `paused_reason` and of run errors; null if one can. */
  runError(owner: Owner, ids: ReferenceIds): ErrorDetail | null {
    const stored = this.named.agents.find(owner, ids.agent.id);
    const agent = stored?.fields;
    const environment = this.named.environments.find(owner, ids.environment_id)?.fields;
    if (agent === undefined) return { type: "unknown_error", message: "Agent does not exist." };
    if (agent.archived_at !== null) return { type: "agent_archived_error", message: "Agent is archived." };
    if (environment === undefined) {
      return { type: "environment_not_found_error", message: "Environment does not exist." };
    }
    if (environment.archived_at !== null) {
      return { type: "environment_archived_error", message: "Environment is archived." };
    }
    const { skills = [] } = (stored && this.named.agents.version(stored, ids.agent.version)) ?? {};
    return this.named.skills.runError(skills) ?? this.#attachmentError(owner, ids);
  }

  #attachmentError(owner: Owner, ids: ReferenceIds): ErrorDetail | null {
    for (const { id, kind } of attachmentsOf(this.named, ids)) {
      const stored = kind.objects.find(owner, id);
      if (stored === undefined) return { type: kind.missing, message: `${kind.noun} does not exist.` };
      if (kind.archived !== undefined && isArchived(stored)) {
        return { type: kind.archived, message: `${kind.noun} is archived.` };
      }
    }
    return null;
  }

  #missing(what: string, param: string): ApiError {
    return new ApiError(404, `${what} was not found.`, param);
  }
}

function isArchived(stored: StoredObject | undefined): boolean {
  return stored !== undefined && stored.fields.archived_at !== null;
}

interface Attachable {
  readonly noun: string;
  /** The type of the run error if the object does not exist. */
  readonly missing: string;
  readonly archived?: string;
  readonly objects: OwnedStore<StoredObject>;
}

/** What a run looks at, and no page says that a write does: vaults, and these resources by their types. */
function attachmentsOf(
  { vaults, memoryStores, files }: Named,
  { vault_ids, resources }: ReferenceIds,
): { id: string; kind: Attachable }[] {
  const vault = { noun: "Vault", missing: "vault_not_found_error", archived: "vault_archived_error", objects: vaults };
  const store = { noun: "Memory store", missing: "session_resource_not_found_error", objects: memoryStores };
  const kinds = new Map<unknown, Attachable & { member: string }>([
    ["memory_store", { ...store, archived: "memory_store_archived_error", member: "memory_store_id" }],
    ["file", { noun: "File", missing: "file_not_found_error", objects: files, member: "file_id" }],
  ]);
  const others = resources.flatMap((resource) => {
    const kind = kinds.get(resource["type"]);
    return kind === undefined ? [] : [{ id: String(resource[kind.member]), kind }];
  });
  return [...vault_ids.map((id) => ({ id, kind: vault })), ...others];
}
