import { patchedAgent } from "./agent-input";
import { agentReply } from "./agent-reply";
import { type AgentPatch, createAgentSchema, updateAgentSchema } from "./agent-schemas";
import { conflict, invalid, notFound } from "./errors";
import { switchesAt } from "./filling-in";
import { ManagedObjects, type StoredObject } from "./managed-objects";
import type { Models } from "./models";
import type { Owner } from "./owners";
import { parseBody } from "./parse";
import type { Service } from "./service";
import type { SkillReferences } from "./skill-references";
import { sortedJson } from "./sorted-json";
import type { Switches } from "./switches";
import { microseconds } from "./timestamps";
import type { Agent } from "./wire";

export interface StoredAgent extends StoredObject {
  /** The newest version. */
  fields: Agent;
  /** The earlier versions, oldest first. */
  superseded: Agent[];
}

export class Agents extends ManagedObjects<StoredAgent, Agent> {
  readonly #skills: SkillReferences;
  readonly #models: Models;

  constructor(service: Service, skills: SkillReferences, models: Models) {
    super(service, {
      noun: "Agent",
      article: "An",
      stamp: microseconds,
      duplicateNames: (switches) => switches.duplicateNamesElsewhere,
      archiveTwice: (switches) => switches.archiveAgentTwice,
    });
    this.#skills = skills;
    this.#models = models;
  }

  create(owner: Owner, body: unknown): StoredAgent {
    const patch = parseBody(createAgentSchema, body, this.service.switches);
    this.#refuseUnknown(owner, patch);
    const fields = patchedAgent(this.#blank(), patch, this.service.switches, true);
    this.refuseTakenName(owner, fields);
    return this.#keep(owner, fields);
  }

  /** Adds an object without any check. */
  place(owner: Owner, overrides: Partial<Agent>): StoredAgent {
    return this.#keep(owner, { ...this.#blank(), ...overrides });
  }

  /** "Update an agent": a request must name the version that it read, and the service refuses an old one. */
  update(stored: StoredAgent, body: unknown): StoredAgent {
    const { switches } = this.service;
    this.refuseArchived(stored);
    const { version, ...patch } = parseBody(updateAgentSchema, body, switches);
    if (version === undefined && switches.agentVersion === "required") {
      throw invalid("Missing required field: version", "version");
    }
    if (version !== undefined && version !== stored.fields.version) throw conflict("Version conflict");
    this.#refuseUnknown(stored.owner, patch);
    const fields = patchedAgent(stored.fields, patch, switches, false);
    this.refuseTakenName(stored.owner, fields);
    const isChange = sortedJson(fields) !== sortedJson(stored.fields);
    const isPublished = isChange || this.undoesChange(stored, patch) || switches.unchangedAgent === "new-version";
    return isPublished ? this.#publish(stored, fields, patch) : stored;
  }

  bumpVersion(stored: StoredAgent): StoredAgent {
    return this.#publish(stored, stored.fields, {});
  }

  protected render(stored: StoredAgent, switches: Switches): Agent {
    return this.#shown(stored.fields, switches);
  }

  /** Every change of an agent makes a new version. */
  protected override markChange(stored: StoredAgent): void {
    this.bumpVersion(stored);
  }

  replyOf(stored: StoredAgent, version: number): Agent {
    const agent = this.version(stored, version);
    if (agent === undefined) throw notFound(`Version ${version} of agent '${stored.id}' was not found.`);
    return this.shown(agent, this.#shown(agent, switchesAt("read", this.service.switches)));
  }

  version(stored: StoredAgent, version: number): Agent | undefined {
    return this.versions(stored).find((agent) => agent.version === version);
  }

  /** All versions, newest first. */
  versions({ fields, superseded }: StoredAgent): Agent[] {
    return [...superseded, fields].reverse();
  }

  #shown(agent: Agent, switches: Switches): Agent {
    return agentReply(agent, switches, (skillId) => this.#skills.newestVersion(skillId));
  }

  /** Throws for an unknown skill or model. */
  #refuseUnknown(owner: Owner, { skills = [], model }: AgentPatch): void {
    this.#skills.refuse(owner, skills);
    if (model !== undefined) this.#models.refuseUnknown(typeof model === "string" ? model : model.id);
  }

  #keep(owner: Owner, fields: Agent): StoredAgent {
    return this.add({ id: fields.id, owner, fields, superseded: [] });
  }

  #publish(stored: StoredAgent, fields: Agent, patch: object): StoredAgent {
    stored.superseded.push(stored.fields);
    this.replaceFields(stored, { ...fields, version: stored.fields.version + 1 }, patch);
    return stored;
  }

  #blank(): Agent {
    const now = this.now();
    return {
      id: this.service.makeId("agent"),
      type: "agent",
      name: "agent",
      description: "",
      model: "ultimate",
      system: "",
      tools: [],
      mcp_servers: [],
      skills: [],
      metadata: {},
      multiagent: null,
      version: 1,
      archived_at: null,
      created_at: now,
      updated_at: now,
    };
  }
}
