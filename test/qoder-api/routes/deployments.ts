import type { FastifyInstance, FastifyRequest } from "fastify";
import { z } from "zod";
import type { Deployments } from "../deployments";
import { ApiError } from "../errors";
import { jsonOf, optionalJsonOf, ownerOf } from "../exchange";
import { pageOf, pageQuery } from "../pagination";
import { parseBody } from "../parse";
import { type DeploymentSearch, searchSchema } from "../request-schemas";
import type { Runs } from "../runs";
import type { Service } from "../service";
import type { StoredDeployment } from "../stored-deployment";
import { flag, idOf, instant, isAtOrAfter, isAtOrBefore, queryOf } from "./queries";
import type { Writes } from "./writes";

const SEARCH_BETA = "search-2026-08-31";

const listQuery = z.object({
  ...pageQuery,
  status: z.enum(["active", "paused"]).optional(),
  include_archived: flag.optional(),
  agent_id: z.string().optional(),
  "created_at[gte]": instant.optional(),
  "created_at[lte]": instant.optional(),
});

export function deploymentRoutes(
  app: FastifyInstance,
  service: Service,
  writes: Writes,
  { deployments, runs }: { deployments: Deployments; runs: Runs },
): void {
  const { switches } = service;
  const found = (request: FastifyRequest) => deployments.find(ownerOf(request), idOf(request));
  const reply = (stored: StoredDeployment) => deployments.reply(stored);

  app.post("/deployments", (request, response) =>
    writes.answer(
      request,
      response,
      () => reply(deployments.create(ownerOf(request), jsonOf(request))),
      switches.createStatus,
    ),
  );

  app.get("/deployments", (request) => {
    const query = queryOf(request, listQuery);
    const items = deployments.newestFirst(ownerOf(request));
    return pageOf(query, { items, isListed: (stored) => isMatch(stored, query), reply }, switches);
  });

  app.get("/deployments/:id", (request) => reply(found(request)));

  app.post("/deployments/:id", (request, response) =>
    writes.answer(request, response, () => reply(deployments.update(found(request), jsonOf(request)))),
  );

  for (const action of ["pause", "unpause", "archive"] as const) {
    app.post(`/deployments/:id/${action}`, (request, response) =>
      writes.answer(request, response, () => reply(deployments[action](found(request), optionalJsonOf(request)))),
    );
  }

  app.post("/deployments/:id/run", (request, response) =>
    writes.answer(request, response, () => runs.reply(deployments.run(found(request), optionalJsonOf(request)))),
  );

  app.post("/deployments/search", (request) => {
    const betas = request.exchange.record.headers["x-qoder-beta"]?.split(",").map((beta) => beta.trim()) ?? [];
    if (!betas.includes(SEARCH_BETA)) {
      throw new ApiError(503, `search requires the 'x-qoder-beta: ${SEARCH_BETA}' header.`);
    }
    const search = parseBody(searchSchema, optionalJsonOf(request), switches);
    const items = deployments.newestFirst(ownerOf(request));
    const isListed = (stored: StoredDeployment) => isMatch(stored, search) && isFound(stored, search);
    // "Search deployments": the total comes with the first page only.
    const total = search.page ? null : items.filter(isListed).length;
    return { ...pageOf(search, { items, isListed, reply }, switches), total };
  });
}

function isMatch({ fields }: StoredDeployment, query: Omit<z.infer<typeof listQuery>, "limit">): boolean {
  if (fields.archived_at !== null && query.include_archived !== true) return false;
  if (query.status !== undefined && fields.status !== query.status) return false;
  if (query.agent_id !== undefined && fields.agent.id !== query.agent_id) return false;
  return (
    isAtOrAfter(fields.created_at, query["created_at[gte]"]) &&
    isAtOrBefore(fields.created_at, query["created_at[lte]"])
  );
}

function isFound({ fields }: StoredDeployment, search: DeploymentSearch): boolean {
  const isNamed = fields.name.toLowerCase().includes(search.name?.toLowerCase() ?? "");
  return isNamed && Object.entries(search.metadata ?? {}).every(([key, value]) => fields.metadata[key] === value);
}
