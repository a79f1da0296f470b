import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { Agents } from "./agents";
import type { StoredDeployment } from "./deployments";
import { environmentVariables } from "./environment-variables";
import { invalid } from "./errors";
import { jsonOf, optionalJsonOf, ownerOf } from "./exchange";
import { ManagedObjects, type Owner } from "./managed-objects";
import type { Models } from "./models";
import { flag, idOf, isWithin, pageOf, pageQuery, queryOf, type Routes, seenQuery, timeRange } from "./object-routes";
import { deletions, emptySchema, mergedMetadata, metadata, parseBody } from "./parse";
import { shownResources } from "./resources";
import type { Service } from "./service";
import { type SessionFields, SessionLife, type StoredSession } from "./session-life";
import type { Switches } from "./switches";
import type { Agent, JsonObject, OutcomeEvaluation, Session, SessionEvent } from "./wire";

const editSchema = z.strictObject({ title: z.string().nullable().optional(), metadata: metadata.optional() });

/** The id of a resource in a session is shorter than other ids. */
const RESOURCE_ID_LENGTH = "sesr_".length + 24;

/** The sessions, which the runs of deployments start. */
export class Sessions extends ManagedObjects<StoredSession, Session> {
  readonly life: SessionLife;
  readonly #ofDeployments = new Map<string | null, StoredSession[]>();

  constructor(
    service: Service,
    private readonly agents: Agents,
    private readonly models: Models,
  ) {
    super(service, {
      noun: "Session",
    });
    this.life = new SessionLife(service);
  }

  start({ id, owner, fields }: StoredDeployment): StoredSession {
    const now = this.now(`resources of ${id}`);
    const resources = shownResources(fields.resources, { ...this.service.switches, fillDefaults: true });
    const session: Partial<SessionFields> = {
      deployment_id: id,
      agent: this.#snapshot(owner, fields.agent),
      environment_id: fields.environment_id,
      environment_variables: environmentVariables(fields.environment_variables),
      resources: resources.map((resource) => ({
        ...resource,
        id: this.service.makeId("sesr").slice(0, RESOURCE_ID_LENGTH),
        created_at: now,
        updated_at: now,
      })),
      vault_ids: [...fields.vault_ids],
      budget: fields.budget,
    };
    return this.making(() => this.place(owner, session, fields.initial_events));
  }

  place(owner: Owner, overrides: Partial<SessionFields>, events: readonly JsonObject[] = []): StoredSession {
    const createdAt = this.service.clock().getTime();
    const fields: SessionFields = {
      ...this.newborn(this.service.makeId("sess")),
      status: "idle",
      title: null,
      deployment_id: null,
      agent: { id: "agent_1", type: "agent", version: 1 },
      environment_id: "env_1",
      environment_variables: {},
      resources: [],
      vault_ids: [],
      budget: null,
      outcome_evaluations: [],
      ...overrides,
    };
    const stored: StoredSession = {
      ...{ id: fields.id, owner, fields, events: [], createdAt, hasBegun: false },
      ...{ workingSince: undefined, activeMs: 0, endedAt: undefined, cancelAt: undefined, credits: undefined },
    };
    for (const { type, ...members } of events) {
      const outcome = type === "user.define_outcome" ? { outcome_id: this.service.makeId("outc") } : {};
      this.life.tell(stored, String(type), { ...structuredClone(members), ...outcome }, createdAt);
    }
    this.life.settle(stored);
    const { deployment_id: deployment } = fields;
    this.#ofDeployments.set(deployment, [...(this.#ofDeployments.get(deployment) ?? []), stored]);
    return this.add(stored);
  }

  update(stored: StoredSession, body: unknown): StoredSession {
    const patch = parseBody(editSchema, body, this.service.switches);
    const { fields } = stored;
    return this.apply(stored, patch, () => ({
      ...fields,
      title: patch.title === undefined ? fields.title : patch.title,
      metadata: mergedMetadata(fields.metadata, patch.metadata ?? {}, deletions(false)),
    }));
  }

  /** "Cancel a session": an archived session answers 404, as an unknown one does. */
  cancel(stored: StoredSession): 200 | 202 | 409 {
    if (stored.fields.archived_at !== null) throw this.missing(stored.id);
    return this.life.cancel(stored, this.service.clock().getTime());
  }

  /** True if a working session has the file. */
  isFileInUse(fileId: string): boolean {
    return this.live().some(
      ({ fields, workingSince }) =>
        workingSince !== undefined && fields.resources.some((resource) => resource["file_id"] === fileId),
    );
  }

  override find(owner: Owner, id: string): StoredSession | undefined {
    const stored = super.find(owner, id);
    if (stored !== undefined) this.life.settle(stored);
    return stored;
  }

  /** The sessions of one deployment. The account may have thousands of others. */
  ofDeployment(owner: Owner, deploymentId: string): StoredSession[] {
    return (this.#ofDeployments.get(deploymentId) ?? []).flatMap(({ id }) => this.find(owner, id) ?? []);
  }

  override require(id: string): StoredSession {
    const stored = super.require(id);
    this.life.settle(stored);
    return stored;
  }

  override all(): StoredSession[] {
    const all = super.all();
    for (const stored of all) this.life.settle(stored);
    return all;
  }

  protected render(stored: StoredSession, switches: Switches): Session {
    const { budget, ...shown } = structuredClone(stored.fields);
    const isCanceled = stored.cancelAt !== undefined && switches.cancelingStatus === "canceling";
    const now = this.service.clock().getTime();
    const until = stored.workingSince === undefined ? (stored.endedAt ?? now) : now;
    const active = stored.activeMs + (stored.workingSince === undefined ? 0 : now - stored.workingSince);
    return {
      ...shown,
      ...(switches.sessionDeployment === "named" ? {} : { deployment_id: null }),
      outcome_evaluations: evaluationsOf(shown.outcome_evaluations, switches),
      type: "session",
      status: isCanceled ? "canceling" : shown.status,
      ...(budget === null ? {} : { budget }),
      stats: { active_seconds: active / 1000, duration_seconds: (until - stored.createdAt) / 1000 },
      usage: usageOf(stored, now, switches),
    };
  }

  /** "Sessions": the agent as it is at this moment, with the context window of the session. */
  #snapshot(owner: Owner, { id, version }: { id: string; version: number }): JsonObject {
    const stored = this.agents.find(owner, id);
    const agent = stored && this.agents.version(stored, version);
    if (agent === undefined) return { id, type: "agent", version };
    const { metadata: _metadata, archived_at: _archivedAt, created_at: _, updated_at: __, ...shown } = agent;
    return structuredClone({ ...shown, model: this.#modelOf(agent) });
  }

  #modelOf({ model }: Agent): JsonObject {
    const settings: JsonObject = typeof model === "string" ? { id: model } : model;
    const { context_window, ...others } = settings;
    const window = context_window ?? this.models.find(String(settings["id"]))?.default_context_window;
    return { ...others, ...(window === undefined ? {} : { effective_context_window: window }) };
  }
}

function evaluationsOf(all: readonly OutcomeEvaluation[], { outcomeEvaluations }: Switches): OutcomeEvaluation[] {
  if (outcomeEvaluations === "last") return all.slice(-1);
  return outcomeEvaluations === "newest-first" ? [...all].reverse() : [...all];
}

/** "Usage": the credits so far, rounded down to two decimals; empty before the first credits. */
function usageOf({ credits, endedAt }: StoredSession, now: number, switches: Switches): Session["usage"] {
  if (credits === undefined) return {};
  const isSettled = endedAt !== undefined && now - endedAt >= switches.sandboxCreditsLateMs;
  const sandbox = isSettled ? credits.sandbox : 0;
  return { total_credits: floored(credits.model + sandbox) };
}

function floored(credits: number): number {
  // `toFixed` removes the error of binary fractions in sums such as 0.1 + 0.2.
  return Math.floor(Number((credits * 100).toFixed(6))) / 100;
}

const status = z.enum(["running", "idle", "rescheduling", "terminated"]);
const order = z.enum(["asc", "desc"]);

const listQuery = z.object({
  limit: pageQuery.limit,
  page: pageQuery.page,
  ...timeRange,
  order: order.default("desc"),
  include_archived: flag.optional(),
  "statuses[]": z.array(status).optional(),
  agent_id: z.string().optional(),
  deployment_id: z.string().optional(),
});
type SessionQuery = z.infer<typeof listQuery>;

const eventsQuery = z.object({
  ...pageQuery,
  ...timeRange,
  order: order.optional(),
  "types[]": z.array(z.string()).optional(),
});

export function sessionRoutes({ app, switches, writes }: Routes, { sessions }: { sessions: Sessions }): void {
  const reply = (stored: StoredSession) => sessions.reply(stored);
  const found = (request: FastifyRequest) => sessions.read(ownerOf(request), idOf(request));

  app.get("/sessions", (request) => {
    const query = seenQuery(queryOf(request, listQuery), switches);
    const { deployment_id: deployment } = query;
    const owner = ownerOf(request);
    const all =
      deployment === undefined ? sessions.newestFirst(owner).reverse() : sessions.ofDeployment(owner, deployment);
    const items = inOrder(all, query.order);
    return pageOf(
      query,
      { items, isListed: (stored) => isMatch(stored, query) && sessions.seen(stored, "list") !== undefined, reply },
      switches,
    );
  });

  app.get("/sessions/:id", (request) => {
    const stored = found(request);
    if (sessions.seen(stored, "GET") === undefined) throw sessions.missing(stored.id);
    return reply(stored);
  });

  app.post("/sessions/:id", (request, response) =>
    writes.answer(request, response, () => reply(sessions.update(found(request), jsonOf(request)))),
  );

  app.get("/sessions/:id/events", (request) => {
    const { events } = found(request);
    const query = queryOf(request, eventsQuery);
    const types = typesOf(query["types[]"], switches);
    const isListed = ({ type, processed_at }: SessionEvent) =>
      isWithin(processed_at, query) && (types === undefined || types.includes(type));
    const order = switches.eventOrderQuery === "honour" ? query.order : undefined;
    const items = inOrder(events, order ?? switches.eventOrder);
    return pageOf(query, { items, isListed, reply: (event) => event }, switches);
  });

  app.post("/sessions/:id/cancel", (request, response) => {
    parseBody(emptySchema, optionalJsonOf(request), switches);
    const stored = found(request);
    const status = sessions.cancel(stored);
    return response.code(status).send({ id: stored.id, type: "session", status: "canceling" });
  });

  app.post("/sessions/:id/archive", (request, response) =>
    writes.answer(request, response, () => reply(sessions.archive(found(request), optionalJsonOf(request)))),
  );
}

function isMatch({ fields }: StoredSession, query: SessionQuery): boolean {
  const statuses: string[] | undefined = query["statuses[]"];
  const { agent } = fields;
  return (
    (fields.archived_at === null || query.include_archived === true) &&
    (statuses === undefined || statuses.includes(fields.status)) &&
    (query.agent_id === undefined || query.agent_id === agent["id"]) &&
    isWithin(fields.created_at, query)
  );
}

function typesOf(types: string[] | undefined, { eventTypes }: Switches): string[] | undefined {
  if (types !== undefined && eventTypes === "reject") throw invalid("Invalid value for types[].", "types[]");
  return eventTypes === "ignore" ? undefined : types;
}

function inOrder<Item>(oldestFirst: readonly Item[], wanted: "asc" | "desc"): Item[] {
  return wanted === "asc" ? [...oldestFirst] : [...oldestFirst].reverse();
}
