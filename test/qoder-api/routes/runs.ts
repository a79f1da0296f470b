import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Deployments } from "../deployments";
import { notFound } from "../errors";
import { ownerOf } from "../exchange";
import { pageOf, pageQuery } from "../pagination";
import type { Runs, StoredRun } from "../runs";
import type { Service } from "../service";
import { flag, idOf, instant, isAtOrAfter, isAtOrBefore, isWithin, queryOf, runIdOf, timeRange } from "./queries";

const status = z.enum(["pending", "running", "completed", "failed", "skipped"]).optional();

const scopedQuery = z.object({
  ...pageQuery,
  status,
  triggered_after: instant.optional(),
  triggered_before: instant.optional(),
});

const globalQuery = z.object({
  ...pageQuery,
  status,
  deployment_id: z.string().optional(),
  trigger_type: z.enum(["manual", "schedule", "retry"]).optional(),
  has_error: flag.optional(),
  ...timeRange,
});

export function runRoutes(
  app: FastifyInstance,
  service: Service,
  { deployments, runs }: { deployments: Deployments; runs: Runs },
): void {
  const { switches } = service;
  const reply = (run: StoredRun) => runs.reply(run);
  // Only generation 1 has the status of runs, and filters by it.
  const hasStatus = (run: StoredRun, wanted: string | undefined) =>
    wanted === undefined || switches.generation === 2 || runs.status(run) === wanted;

  app.get("/deployments/:id/runs", (request) => {
    const owner = ownerOf(request);
    const deployment = deployments.read(owner, idOf(request));
    const query = queryOf(request, scopedQuery);
    const items = runs.newestFirst(owner).filter((run) => run.deploymentId === deployment.id);
    const isListed = (run: StoredRun) => {
      const at = run.startedAt.toISOString();
      const isInside = isAtOrAfter(at, query.triggered_after) && isAtOrBefore(at, query.triggered_before);
      return isInside && hasStatus(run, query.status);
    };
    return pageOf(query, { items, isListed, reply }, switches);
  });

  app.get("/deployments/:id/runs/:run_id", (request) => {
    const owner = ownerOf(request);
    const deployment = deployments.read(owner, idOf(request));
    const run = runs.find(owner, runIdOf(request));
    if (run.deploymentId !== deployment.id) throw notFound("Deployment or Run does not exist.");
    return reply(run);
  });

  app.get("/deployment_runs", (request) => {
    const query = queryOf(request, globalQuery);
    const isListed = (run: StoredRun) =>
      isMatch(run, query) && hasStatus(run, query.status) && (switches.generation === 1 || isSearched(run, query));
    return pageOf(query, { items: runs.newestFirst(ownerOf(request)), isListed, reply }, switches);
  });

  app.get("/deployment_runs/:id", (request) => reply(runs.find(ownerOf(request), idOf(request))));
}

function isMatch(run: StoredRun, query: z.infer<typeof globalQuery>): boolean {
  if (query.deployment_id !== undefined && run.deploymentId !== query.deployment_id) return false;
  return query.trigger_type === undefined || run.trigger.type === query.trigger_type;
}

/** The filters that generation 1 does not have. */
function isSearched(run: StoredRun, query: z.infer<typeof globalQuery>): boolean {
  const at = run.startedAt.toISOString();
  if (query.has_error !== undefined && (run.error !== null) !== query.has_error) return false;
  return isWithin(at, query);
}
