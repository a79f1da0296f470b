import type { FastifyRequest } from "fastify";
import { z } from "zod";
import {
  AGENT_TOOLSET,
  type AgentPatch,
  BROWSER_TOOLSET,
  createAgentSchema,
  MODELS_WITHOUT_EFFORTS,
  patchedAgent,
  type UpdateOfAgent,
  updateAgentSchema,
} from "./agent-input";
import { conflict, invalid, notFound } from "./errors";
import { betasOf, jsonOf, ownerOf } from "./exchange";
import { idOf, isInRange, pageOf, pageQuery, queryOf, sharedListQuery } from "./lists";
import { PatchedObjects, type StoredObject } from "./managed-objects";
import { objectRoutes, type Routes } from "./object-routes";
import type { Owner } from "./owners";
import { isObject, parseBody } from "./parse";
import { switchesAt } from "./rendition";
import type { Service } from "./service";
import type { SkillReferences } from "./skill-versions";
import type { Switches } from "./switches";
import type { Agent, JsonObject } from "./wire";

export interface StoredAgent extends StoredObject {
  /** The newest version. */
  fields: Agent;
  /** The earlier versions, oldest first. */
  superseded: Agent[];
}

export class Agents extends PatchedObjects<StoredAgent, Agent, UpdateOfAgent> {
  readonly #skills: SkillReferences;

  constructor(service: Service, skills: SkillReferences) {
    super(service, {
      noun: "Agent",
      article: "An",
      duplicateNames: (switches) => switches.duplicateNamesElsewhere,
      archiveTwice: (switches) => switches.archiveAgentTwice,
    });
    this.#skills = skills;
  }

  /** "Update an agent": a request must name the version that it read, and the service refuses an old one. */
  override update(stored: StoredAgent, body: unknown): StoredAgent {
    const { switches } = this.service;
    this.refuseArchived(stored);
    const { version, ...patch } = this.parse(body, false);
    if (version === undefined && switches.agentVersion === "required") {
      throw invalid("Missing required field: version", "version");
    }
    if (version !== undefined && version !== stored.fields.version) throw conflict("Version conflict");
    const fields = this.patched(stored.owner, stored.fields, patch, false);
    this.refuseTakenName(stored.owner, fields);
    return this.#publish(stored, fields, patch);
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

  protected parse(body: unknown, isCreate: boolean): UpdateOfAgent {
    return parseBody<UpdateOfAgent>(isCreate ? createAgentSchema : updateAgentSchema, body, this.service.switches);
  }

  protected patched(owner: Owner, base: Agent, patch: AgentPatch, isCreate: boolean): Agent {
    this.#skills.refuse(owner, patch.skills ?? []);
    return patchedAgent(base, patch, this.service.switches, isCreate);
  }

  protected keep(owner: Owner, fields: Agent): StoredAgent {
    return this.add({ id: fields.id, owner, fields, superseded: [] });
  }

  #publish(stored: StoredAgent, fields: Agent, patch: object): StoredAgent {
    stored.superseded.push(stored.fields);
    this.replaceFields(stored, { ...fields, version: stored.fields.version + 1 }, patch);
    return stored;
  }

  protected blank(): Agent {
    return {
      ...this.newborn(this.service.makeId("agent")),
      type: "agent",
      name: "agent",
      description: "",
      model: "ultimate",
      system: "",
      tools: [],
      mcp_servers: [],
      skills: [],
      multiagent: null,
      version: 1,
    };
  }
}

/** "Models": the settings of a session if the agent names only the model. */
const STANDARD_SETTINGS: JsonObject = { effort: "high", context_window: 200_000 };

/** The Agent object of a reply. */
function agentReply(agent: Agent, switches: Switches, newestVersion: (skillId: string) => string): Agent {
  return structuredClone({
    ...agent,
    model: shownModel(agent.model, switches),
    tools: switches.toolSettings === "as-sent" ? agent.tools : agent.tools.map((tool) => resolved(tool, switches)),
    skills:
      switches.skillVersions === "as-sent"
        ? agent.skills
        : agent.skills.map((s) => ({ version: newestVersion(String(s["skill_id"])), ...s })),
  });
}

function shownModel(model: Agent["model"], { modelEcho }: Switches): Agent["model"] {
  if (typeof model !== "string" || modelEcho === "as-given") return model;
  return {
    id: model,
    ...(modelEcho === "resolved" && !MODELS_WITHOUT_EFFORTS.includes(model) ? STANDARD_SETTINGS : {}),
  };
}

/** The types of the official clients call the settings of a tool "resolved": each setting has a value. */
function resolved(tool: JsonObject, switches: Switches): JsonObject {
  if (tool["type"] !== AGENT_TOOLSET && tool["type"] !== "mcp_toolset") return tool;
  const policy = tool["type"] === AGENT_TOOLSET ? "always_allow" : switches.mcpPermissionPolicy;
  const given = isObject(tool["default_config"]) ? tool["default_config"] : {};
  const standard = { enabled: true, permission_policy: { type: policy }, ...given };
  const configs = Array.isArray(tool["configs"]) ? tool["configs"].filter(isObject) : [];
  return { ...tool, default_config: standard, configs: configs.map((config) => ({ ...standard, ...config })) };
}

const BROWSER_BETA = "browser-use-2026-07-14";

const listQuery = z.object(sharedListQuery);
const versionQuery = z.object({ version: z.coerce.number().int().min(1).optional() });
const versionsQuery = z.object(pageQuery);

export function agentRoutes(shared: Routes, agents: Agents): void {
  const { app, switches } = shared;
  objectRoutes(app, {
    path: "/agents",
    objects: agents,
    ...shared,
    listQuery,
    isListed: (stored, query) => isInRange(stored.fields, query),
    create: (owner, body) => agents.create(owner, body),
    answer: (stored, request) => {
      const { version } = queryOf(request, versionQuery);
      return version === undefined ? agents.reply(stored) : agents.replyOf(stored, version);
    },
    admit: (request) => admitBrowserTools(request),
  });

  app.get("/agents/:id/versions", (request) => {
    const stored = agents.read(ownerOf(request), idOf(request));
    const query = queryOf(request, versionsQuery);
    // "List versions" shows version numbers, as strings, in `first_id` and `last_id`.
    const items = agents.versions(stored).map(({ version }) => ({ id: String(version), version }));
    return pageOf(query, { items, reply: ({ version }) => agents.replyOf(stored, version) }, switches);
  });
}

/** The browser tools are a beta feature: only a request that names the beta may have them. */
function admitBrowserTools(request: FastifyRequest): void {
  const body = jsonOf(request);
  const tools: unknown[] = isObject(body) && Array.isArray(body["tools"]) ? body["tools"] : [];
  if (!tools.some((tool) => isObject(tool) && tool["type"] === BROWSER_TOOLSET)) return;
  if (!betasOf(request).includes(BROWSER_BETA)) {
    throw invalid(`tools containing ${BROWSER_TOOLSET} require the 'x-qoder-beta: ${BROWSER_BETA}' header.`, "tools");
  }
}
