import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Agents } from "../agents";
import type { Environments } from "../environments";
import { notFound } from "../errors";
import { jsonOf, ownerOf } from "../exchange";
import { pageOf, pageQuery } from "../pagination";
import type { Service } from "../service";
import type { Agent, Environment } from "../wire";
import { flag, idOf, queryOf } from "./queries";
import type { Writes } from "./writes";

const CREATED = 201;
const listQuery = z.object({ ...pageQuery, include_archived: flag.default(false) });
const versionQuery = z.object({ version: z.coerce.number().int().optional() });

export function agentRoutes(app: FastifyInstance, { switches }: Service, writes: Writes, agents: Agents): void {
  app.post("/agents", (request, reply) =>
    writes.answer(request, reply, () => agents.createFrom(ownerOf(request), jsonOf(request)), CREATED),
  );

  app.get("/agents", (request) => {
    const query = queryOf(request, listQuery);
    const isListed = (agent: Agent) => query.include_archived || agent.archived_at === null;
    return pageOf(query, { items: agents.list(ownerOf(request)), isListed, reply: (agent) => agent }, switches);
  });

  app.get("/agents/:id", (request) => {
    const { version } = queryOf(request, versionQuery);
    const agent = agents.find(ownerOf(request), idOf(request), version);
    if (agent === undefined) throw notFound(`Agent '${idOf(request)}' was not found.`);
    return agent;
  });

  app.post("/agents/:id", (request, reply) =>
    writes.answer(request, reply, () => agents.update(ownerOf(request), idOf(request), jsonOf(request))),
  );

  app.post("/agents/:id/archive", (request, reply) =>
    writes.answer(request, reply, () => agents.archive(ownerOf(request), idOf(request))),
  );
}

export function environmentRoutes(
  app: FastifyInstance,
  { switches }: Service,
  writes: Writes,
  environments: Environments,
): void {
  app.post("/environments", (request, reply) =>
    writes.answer(request, reply, () => environments.createFrom(ownerOf(request), jsonOf(request)), CREATED),
  );

  app.get("/environments", (request) => {
    const query = queryOf(request, listQuery);
    const isListed = (environment: Environment) => query.include_archived || environment.archived_at === null;
    const items = environments.list(ownerOf(request));
    return pageOf(query, { items, isListed, reply: (environment) => environment }, switches);
  });

  app.get("/environments/:id", (request) => {
    const environment = environments.find(ownerOf(request), idOf(request));
    if (environment === undefined) throw notFound(`Environment '${idOf(request)}' was not found.`);
    return environment;
  });

  app.post("/environments/:id/archive", (request, reply) =>
    writes.answer(request, reply, () => environments.archive(ownerOf(request), idOf(request))),
  );
}
