import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Deployments } from "../deployments";
import { ApiError } from "../errors";
import { betasOf, optionalJsonOf, ownerOf } from "../exchange";
import { pageOf } from "../pagination";
import { parseBody } from "../parse";
import { type DeploymentSearch, searchSchema } from "../request-schemas";
import type { Runs } from "../runs";
import type { Service } from "../service";
import type { StoredDeployment } from "../stored-deployment";
import { isInRange, objectRoutes, sharedListQuery } from "./objects";
import type { Writes } from "./writes";

const SEARCH_BETA = "search-2026-08-31";

const listQuery = z.object({
  ...sharedListQuery,
  status: z.enum(["active", "paused"]).optional(),
  agent_id: z.string().optional(),
});

export function deploymentRoutes(
  app: FastifyInstance,
  service: Service,
  { writes, writesOfRuns }: { writes: Writes; writesOfRuns: Writes },
  { deployments, runs }: { deployments: Deployments; runs: Runs },
): void {
  const { switches } = service;
  const reply = (stored: StoredDeployment) => deployments.reply(stored);

  const found = objectRoutes(app, {
    path: "/deployments",
    objects: deployments,
    writes,
    switches,
    listQuery,
    isListed: isMatch,
    create: (owner, body) => deployments.create(owner, body),
  });

  for (const action of ["pause", "unpause"] as const) {
    app.post(`/deployments/:id/${action}`, (request, response) =>
      writes.answer(request, response, () => reply(deployments[action](found(request), optionalJsonOf(request)))),
    );
  }

  app.post("/deployments/:id/run", (request, response) =>
    writesOfRuns.answer(request, response, () => runs.reply(deployments.run(found(request), optionalJsonOf(request)))),
  );

  app.post("/deployments/search", (request) => {
    if (!betasOf(request).includes(SEARCH_BETA)) {
      throw new ApiError(503, `search requires the 'x-qoder-beta: ${SEARCH_BETA}' header.`);
    }
    const search = parseBody(searchSchema, optionalJsonOf(request), switches);
    const items = deployments.newestFirst(ownerOf(request));
    const isListed = (stored: StoredDeployment) => isMatch(stored, search) && isFound(stored, search);
    // "Search deployments" shows the total only in the first page.
    const total = search.page ? null : items.filter(isListed).length;
    return { ...pageOf(search, { items, isListed, reply }, switches), total };
  });
}

function isMatch({ fields }: StoredDeployment, query: z.infer<typeof listQuery>): boolean {
  if (query.status !== undefined && fields.status !== query.status) return false;
  if (query.agent_id !== undefined && fields.agent.id !== query.agent_id) return false;
  return isInRange(fields, query);
}

function isFound({ fields }: StoredDeployment, search: DeploymentSearch): boolean {
  const isNamed = fields.name.toLowerCase().includes(search.name?.toLowerCase() ?? "");
  return isNamed && Object.entries(search.metadata ?? {}).every(([key, value]) => fields.metadata[key] === value);
}
