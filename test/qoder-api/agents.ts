import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { conflict, invalid, notFound } from "./errors";
import { betasOf, jsonOf, ownerOf } from "./exchange";
import { type Owner, PatchedObjects, type StoredObject } from "./managed-objects";
import { idOf, objectRoutes, pageOf, pageQuery, queryOf, type Routes, sharedListQuery } from "./object-routes";
import { atMost, deletions, isObject, mergedMetadata, metadata, name, replaced } from "./parse";
import { switchesAt } from "./rendition";
import type { Service } from "./service";
import type { SkillReferences } from "./skill-versions";
import type { Switches } from "./switches";
import type { Agent, JsonObject } from "./wire";

/** The bodies of "Create an agent" and "Update an agent". Limits count characters. */

const AGENT_TOOLSET = "agent_toolset_20260401";
const BROWSER_TOOLSET = "browser_toolset_20260714";

const text = (limit: number) => z.string().refine(atMost(limit), `must be at most ${limit} characters`);

const model = z.union([
  z.string().min(1),
  z.strictObject({
    id: z.string().min(1),
    effort: z.string().min(1).optional(),
    context_window: z.int().min(1).optional(),
  }),
]);

const policy = {
  enabled: z.boolean().optional(),
  permission_policy: z.strictObject({ type: z.enum(["always_allow", "always_ask", "always_deny"]) }).optional(),
};

const toolSettings = {
  configs: z.array(z.strictObject({ name: z.string().min(1), ...policy })).optional(),
  default_config: z.strictObject(policy).optional(),
};

const tool = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal(AGENT_TOOLSET),
    enabled_tools: z.array(z.string()).optional(),
    disallowed_tools: z.array(z.string()).optional(),
    ...toolSettings,
  }),
  z.strictObject({ type: z.literal("mcp_toolset"), mcp_server_name: z.string().min(1), ...toolSettings }),
  z.strictObject({
    type: z.literal("custom"),
    name: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, "must be 1-128 letters, digits, _ or -"),
    description: z.string(),
    input_schema: z.looseObject({}),
  }),
  z.strictObject({ type: z.literal(BROWSER_TOOLSET) }),
]);

const mcpServer = z.strictObject({ type: z.literal("url"), name: text(255).min(1), url: z.string().min(1) });

const skill = z.strictObject({
  type: z.enum(["custom", "qoder"]),
  skill_id: z.string().min(1),
  version: z.string().min(1).optional(),
});

const member = z.union([
  z.string().min(1),
  z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("agent"), id: z.string().min(1), version: z.int().min(1).optional() }),
    z.strictObject({ type: z.literal("self") }),
    z.strictObject({ type: z.literal("advisor"), model }),
  ]),
]);

const fields = {
  // In the types of the official clients, null clears these two.
  description: text(2048).nullable().optional(),
  system: text(100_000).nullable().optional(),
  tools: z.array(tool).max(128, "must hold at most 128 tools").optional(),
  mcp_servers: z
    .array(mcpServer)
    .max(20, "must hold at most 20 servers")
    .refine((servers) => new Set(servers.map((server) => server.name)).size === servers.length, "names must be unique")
    .optional(),
  skills: z.array(skill).max(20, "must hold at most 20 skills").optional(),
  metadata: metadata.optional(),
  multiagent: z
    .strictObject({
      type: z.literal("coordinator"),
      agents: z.array(member).min(1, "must hold 1-20 agents").max(20, "must hold 1-20 agents"),
    })
    .nullable()
    .optional(),
};

const createAgentSchema = z.strictObject({ name, model, ...fields });

const updateAgentSchema = z.strictObject({
  version: z.int().min(1).optional(),
  name: name.optional(),
  model: model.optional(),
  ...fields,
});

type UpdateOfAgent = z.infer<typeof updateAgentSchema>;
type AgentPatch = Omit<UpdateOfAgent, "version">;
type ToolInput = z.infer<typeof tool>;

/** The tools of a session, in the API's own spelling. */
const TOOL_NAMES = ["Bash", "Read", "Write", "Edit", "Glob", "Grep", "WebFetch", "WebSearch", "DeliverArtifacts"];

/** "Models": a request names a model without efforts by its id alone. */
const MODELS_WITHOUT_EFFORTS = ["auto"];

function checkPatch(patch: AgentPatch, switches: Switches): void {
  if (isObject(patch.model) && MODELS_WITHOUT_EFFORTS.includes(patch.model.id)) {
    throw invalid(`Invalid value for model: '${patch.model.id}' takes the string form only`, "model");
  }
  if (patch.multiagent === null && switches.multiagentNull === "reject") {
    throw invalid("Invalid value for multiagent: must be an object", "multiagent");
  }
  for (const [index, tool] of (patch.tools ?? []).entries()) {
    const unknown = toolNames(tool).find((name) => !TOOL_NAMES.includes(name));
    if (unknown !== undefined) throw invalid(`unknown tool name '${unknown}'`, `tools.${index}`);
  }
}

/** Tools of an MCP server name that server. */
function toolNames(tool: ToolInput): string[] {
  if (tool.type !== AGENT_TOOLSET) return [];
  const { enabled_tools: enabled = [], disallowed_tools: disallowed = [], configs = [] } = tool;
  return [...enabled, ...disallowed, ...configs.map((config) => config.name)];
}

function checkServers(agent: Agent): void {
  const servers = agent.mcp_servers.map((server) => server["name"]);
  const used = agent.tools.map((tool) => (tool["type"] === "mcp_toolset" ? tool["mcp_server_name"] : undefined));
  const foreign = used.findIndex((name) => name !== undefined && !servers.includes(name));
  if (foreign >= 0) {
    const param = `tools.${foreign}.mcp_server_name`;
    throw invalid(`Invalid value for ${param}: no MCP server is named '${used[foreign]}'`, param);
  }
}

type StoredAgent = StoredObject<Agent>;

export class Agents extends PatchedObjects<Agent, Agent, UpdateOfAgent> {
  /** The earlier versions of each agent, oldest first. */
  readonly #superseded = new WeakMap<StoredAgent, readonly Agent[]>();

  constructor(
    service: Service,
    private readonly skills: SkillReferences,
  ) {
    super(service, {
      noun: "Agent",
      schemas: { create: createAgentSchema, update: updateAgentSchema },
      article: "An",
      duplicateNames: (switches) => switches.duplicateNamesElsewhere,
      archiveTwice: (switches) => switches.archiveAgentTwice,
    });
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

  protected render({ fields }: StoredAgent, switches: Switches): Agent {
    return this.#shown(fields, switches);
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

  versions(stored: StoredAgent): Agent[] {
    return [stored.fields, ...(this.#superseded.get(stored) ?? [])];
  }

  #shown(agent: Agent, switches: Switches): Agent {
    const withVersion = (skill: JsonObject) => ({
      version: this.skills.newestVersion(String(skill["skill_id"])),
      ...skill,
    });
    return structuredClone({
      ...agent,
      model: shownModel(agent.model, switches),
      tools: switches.toolSettings === "as-sent" ? agent.tools : agent.tools.map((tool) => resolved(tool, switches)),
      skills: switches.skillVersions === "as-sent" ? agent.skills : agent.skills.map(withVersion),
    });
  }

  /** "Update an agent" replaces arrays as a whole, merges `metadata` by key, and keeps members that the body leaves out. */
  protected patched(owner: Owner, base: Agent, patch: AgentPatch, isCreate: boolean): Agent {
    this.skills.refuse(owner, patch.skills ?? []);
    checkPatch(patch, this.service.switches);
    const fields: Agent = {
      ...base,
      name: patch.name ?? base.name,
      model: patch.model ?? base.model,
      system: replaced(patch.system, base.system) ?? "",
      description: replaced(patch.description, base.description) ?? "",
      tools: patch.tools ?? base.tools,
      mcp_servers: patch.mcp_servers ?? base.mcp_servers,
      skills: patch.skills ?? base.skills,
      metadata: mergedMetadata(base.metadata, patch.metadata ?? {}, deletions(isCreate)),
      multiagent: replaced(patch.multiagent, base.multiagent),
    };
    checkServers(fields);
    if (fields.multiagent !== null && !fields.tools.some((tool) => tool["type"] === AGENT_TOOLSET)) {
      throw invalid(`multiagent needs the tool ${AGENT_TOOLSET}.`, "multiagent");
    }
    return fields;
  }

  #publish(stored: StoredAgent, fields: Agent, patch: object): StoredAgent {
    this.#superseded.set(stored, this.versions(stored));
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

function shownModel(model: Agent["model"], { modelEcho }: Switches): Agent["model"] {
  if (typeof model !== "string" || modelEcho === "as-given") return model;
  return {
    id: model,
    ...(modelEcho === "resolved" && !MODELS_WITHOUT_EFFORTS.includes(model) ? STANDARD_SETTINGS : {}),
  };
}

/** The types of the official clients call the settings of a tool "resolved": each setting has a value. */
function resolved(tool: JsonObject, switches: Switches): JsonObject {
  const isDocumented = tool["type"] === AGENT_TOOLSET;
  if (!isDocumented && (tool["type"] !== "mcp_toolset" || switches.fillingIn === "late")) return tool;
  const policy = isDocumented ? "always_allow" : switches.mcpPermissionPolicy;
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
