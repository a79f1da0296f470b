import type { Agents } from "./agents";
import type { Attachments } from "./attachments";
import type { Environments } from "./environments";
import { ApiError, invalid } from "./errors";
import type { StoredObject } from "./managed-objects";
import type { Owner } from "./owners";
import type { AgentInput } from "./request-schemas";
import type { SkillReferences } from "./skill-references";
import type { Switches } from "./switches";
import type { AgentReference, ErrorDetail, JsonObject } from "./wire";

interface ReferenceIds {
  agent: { id: string; version: number };
  environment_id: string;
  vault_ids: string[];
  resources: JsonObject[];
}

/** The objects that a deployment names. */
export class References {
  readonly #agents: Agents;
  readonly #environments: Environments;
  readonly #attachments: Attachments;
  readonly #skills: SkillReferences;
  readonly #switches: Switches;

  constructor(
    named: { agents: Agents; environments: Environments; attachments: Attachments; skills: SkillReferences },
    switches: Switches,
  ) {
    this.#agents = named.agents;
    this.#environments = named.environments;
    this.#attachments = named.attachments;
    this.#skills = named.skills;
    this.#switches = switches;
  }

  /** "Create a deployment": an id alone, or an object without a version, means the latest version at this moment. */
  agent(owner: Owner, input: AgentInput): AgentReference {
    const { id, version } = typeof input === "string" ? { id: input } : input;
    const stored = this.#agents.find(owner, id);
    const agent =
      version === undefined || stored === undefined ? stored?.fields : this.#agents.version(stored, version);
    if (agent === undefined) {
      throw this.#missing(version === undefined ? `Agent '${id}'` : `Version ${version} of agent '${id}'`, "agent");
    }
    return { id, type: "agent", version: agent.version };
  }

  environment(owner: Owner, id: string): string {
    if (this.#environments.find(owner, id) === undefined) throw this.#missing(`Environment '${id}'`, "environment_id");
    return id;
  }

  /** "Update a deployment": the service answers 400 if the agent or the environment is archived. */
  refuseArchived(owner: Owner, ids: ReferenceIds): void {
    if (isArchived(this.#agents.find(owner, ids.agent.id))) throw invalid("Agent is archived.", "agent");
    if (isArchived(this.#environments.find(owner, ids.environment_id))) {
      throw invalid("Environment is archived.", "environment_id");
    }
    this.#attachments.refuse(owner, ids);
  }

  /** The reason why no session can start, in the form of `paused_reason` and of run errors; null if one can. */
  runError(owner: Owner, ids: ReferenceIds): ErrorDetail | null {
    const stored = this.#agents.find(owner, ids.agent.id);
    const agent = stored?.fields;
    const environment = this.#environments.find(owner, ids.environment_id)?.fields;
    if (agent === undefined) return { type: "unknown_error", message: "Agent does not exist." };
    if (agent.archived_at !== null) return { type: "agent_archived_error", message: "Agent is archived." };
    if (environment === undefined) {
      return { type: "environment_not_found_error", message: "Environment does not exist." };
    }
    if (environment.archived_at !== null) {
      return { type: "environment_archived_error", message: "Environment is archived." };
    }
    const { skills = [] } = (stored && this.#agents.version(stored, ids.agent.version)) ?? {};
    return this.#skills.runError(skills) ?? this.#attachments.runError(owner, ids);
  }

  #missing(what: string, param: string): ApiError {
    return new ApiError(this.#switches.missingReference, `${what} was not found.`, param);
  }
}

function isArchived(stored: StoredObject | undefined): boolean {
  return stored !== undefined && stored.fields.archived_at !== null;
}
