import { z } from "zod";
import { conflict, notFound } from "./errors";
import { OwnedStore, type Owner } from "./owners";
import { parseBody } from "./parse";
import type { Service } from "./service";
import { trimmedFraction } from "./timestamps";
import type { Agent } from "./wire";

const agentFields = {
  description: z.string().optional(),
  model: z.unknown().optional(),
  system: z.string().optional(),
  tools: z.array(z.unknown()).optional(),
  mcp_servers: z.array(z.unknown()).optional(),
  skills: z.array(z.unknown()).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
  multiagent: z.unknown().optional(),
};

const createSchema = z.strictObject({ name: z.string().min(1), ...agentFields });
const updateSchema = z.strictObject({ version: z.int(), name: z.string().min(1).optional(), ...agentFields });

type AgentChanges = Partial<{ [Key in keyof Agent]: Agent[Key] | undefined }>;

interface StoredAgent {
  id: string;
  owner: Owner;
  /** Every published version, oldest first. */
  versions: Agent[];
}

export class Agents {
  readonly #service: Service;
  readonly #store = new OwnedStore<StoredAgent>();

  constructor(service: Service) {
    this.#service = service;
  }

  create(owner: Owner, overrides: AgentChanges = {}): Agent {
    const now = trimmedFraction(this.#service.clock());
    const agent: Agent = {
      id: this.#service.makeId("agent"),
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
    Object.assign(agent, given(overrides));
    this.#store.add({ id: agent.id, owner, versions: [agent] });
    return agent;
  }

  createFrom(owner: Owner, body: unknown): Agent {
    return this.create(owner, parseBody(createSchema, body, this.#service.switches));
  }

  list(owner: Owner): Agent[] {
    return this.#store.newestFirst(owner).map(latest);
  }

  find(owner: Owner, id: string, version?: number): Agent | undefined {
    const stored = this.#store.find(owner, id);
    if (stored === undefined || version === undefined) return stored && latest(stored);
    return stored.versions.find((agent) => agent.version === version);
  }

  get(id: string): Agent {
    return latest(this.#store.require(id));
  }

  /** "Update an agent": the version that was read must be sent; a stale one is refused. */
  update(owner: Owner, id: string, body: unknown): Agent {
    const stored = this.#require(owner, id);
    const { version, ...changes } = parseBody(updateSchema, body, this.#service.switches);
    if (version !== latest(stored).version) throw conflict("Version conflict");
    return this.#publish(stored, changes);
  }

  /** A new version is published. */
  bumpVersion(id: string): number {
    return this.#publish(this.#store.require(id), {}).version;
  }

  archive(owner: Owner, id: string): Agent {
    return this.#archive(this.#require(owner, id));
  }

  archiveAny(id: string): Agent {
    return this.#archive(this.#store.require(id));
  }

  remove(id: string): void {
    this.#store.remove(id);
  }

  #require(owner: Owner, id: string): StoredAgent {
    const stored = this.#store.find(owner, id);
    if (stored === undefined) throw notFound(`Agent '${id}' was not found.`);
    return stored;
  }

  #publish(stored: StoredAgent, changes: AgentChanges): Agent {
    const before = latest(stored);
    const now = trimmedFraction(this.#service.clock());
    const agent: Agent = { ...before, version: before.version + 1, updated_at: now };
    Object.assign(agent, given(changes));
    stored.versions.push(agent);
    return agent;
  }

  #archive(stored: StoredAgent): Agent {
    const agent = latest(stored);
    if (agent.archived_at !== null) throw conflict("Agent is already archived");
    agent.archived_at = trimmedFraction(this.#service.clock());
    agent.updated_at = agent.archived_at;
    return agent;
  }
}

function latest(stored: StoredAgent): Agent {
  const agent = stored.versions.at(-1);
  if (agent === undefined) throw new Error(`agent ${stored.id} has no version`);
  return agent;
}

function given(changes: AgentChanges): AgentChanges {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
}
