import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { invalid } from "./errors";
import { optionalJsonOf, ownerOf } from "./exchange";
import { flag, idOf, isWithin, pageOf, pageQuery, queryOf, seenQuery, timeRange } from "./lists";
import type { Routes } from "./object-routes";
import { emptySchema, parseBody } from "./parse";
import type { StoredSession } from "./session-life";
import type { Sessions } from "./sessions";
import type { Switches } from "./switches";
import type { SessionEvent } from "./wire";

const status = z.enum(["running", "idle", "rescheduling", "terminated"]);
const order = z.enum(["asc", "desc"]);

/** The filters of "List sessions". */
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
    return pageOf(query, { items, isListed: (stored) => isMatch(stored, query), reply }, switches);
  });

  app.get("/sessions/:id", (request) => reply(found(request)));

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
