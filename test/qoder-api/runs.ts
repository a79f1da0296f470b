import { z } from "zod";
import type { Deployments, StoredDeployment } from "./deployments";
import { notFound } from "./errors";
import { ownerOf } from "./exchange";
import { LateReads } from "./late-reads";
import { OwnedStore, type Owner } from "./managed-objects";
import {
  flag,
  idOf,
  instant,
  isAtOrAfter,
  isAtOrBefore,
  isWithin,
  pageOf,
  pageQuery,
  queryOf,
  type Routes,
  seenQuery,
  timeRange,
} from "./object-routes";
import { type Service, trimmedFraction, wholeSeconds } from "./service";
import type { Sessions } from "./sessions";
import type { AgentReference, DeploymentRun, ErrorDetail, RunTrigger } from "./wire";

/** The duration of the run in the example of "List runs". */
export const SESSION_MILLISECONDS = 17_268;

export interface StoredRun {
  id: string;
  owner: Owner;
  deploymentId: string;
  environmentId: string;
  agent: AgentReference;
  sessionId: string | null;
  turnId: string;
  error: ErrorDetail | null;
  trigger: RunTrigger;
  /** True if too many runs were going on, so that no session started. */
  isSkipped: boolean;
  startedAt: Date;
}

export class Runs extends OwnedStore<StoredRun> {
  readonly #late: LateReads<never>;

  constructor(
    private readonly service: Service,
    private readonly sessions: Sessions,
  ) {
    super();
    this.#late = new LateReads(service);
  }

  start(
    deployment: StoredDeployment,
    { error, trigger, places }: { error: ErrorDetail | null; trigger: RunTrigger; places: number },
  ): StoredRun {
    const { makeId, clock } = this.service;
    const [id, startedAt] = [makeId("drun"), clock()];
    const isSkipped = this.#going(deployment.id) >= places;
    this.#late.add(id, undefined);
    return this.add({
      id,
      owner: deployment.owner,
      deploymentId: deployment.id,
      environmentId: deployment.fields.environment_id,
      agent: { ...deployment.fields.agent },
      sessionId: error === null && !isSkipped ? this.sessions.start(deployment).id : null,
      turnId: makeId("turn"),
      error,
      trigger,
      isSkipped,
      startedAt,
    });
  }

  #going(deploymentId: string): number {
    return this.all().filter((run) => run.deploymentId === deploymentId && this.status(run) === "running").length;
  }

  read(owner: Owner, id: string): StoredRun {
    const run = this.find(owner, id);
    if (run === undefined || this.#late.of(id, "GET") !== undefined)
      throw notFound(`Deployment run '${id}' was not found.`);
    return run;
  }

  /** The runs in a list, without those that are too new to be listed. */
  override newestFirst(owner: Owner): StoredRun[] {
    const { clock, switches } = this.service;
    const shownUntil = clock().getTime() - switches.runsUnlistedForMs;
    return super
      .newestFirst(owner)
      .filter(({ id, startedAt }) => startedAt.getTime() <= shownUntil && this.#late.of(id, "list") === undefined);
  }

  /** True if a run started a session in the environment. A session keeps its environment, even after its end or deletion. */
  haveUsed(environmentId: string): boolean {
    return this.all().some((run) => run.environmentId === environmentId && run.sessionId !== null);
  }

  reply(run: StoredRun): DeploymentRun {
    const isFirstGeneration = this.service.switches.generation === 1;
    return {
      id: run.id,
      type: "deployment_run",
      deployment_id: run.deploymentId,
      agent: run.agent,
      session_id: run.sessionId,
      error: run.error,
      trigger_context: run.trigger,
      created_at: isFirstGeneration ? trimmedFraction(run.startedAt) : wholeSeconds(run.startedAt),
      ...(isFirstGeneration ? this.#progress(run) : {}),
    };
  }

  status(run: StoredRun): "running" | "completed" | "failed" | "skipped" {
    if (run.isSkipped) return "skipped";
    if (run.error !== null) return "failed";
    return this.service.clock().getTime() < completion(run).getTime() ? "running" : "completed";
  }

  #progress(run: StoredRun): Partial<DeploymentRun> {
    const status = this.status(run);
    const startedAt = trimmedFraction(run.startedAt);
    const completed = { completed_at: trimmedFraction(completion(run)), duration_ms: SESSION_MILLISECONDS };
    return {
      status,
      triggered_at: startedAt,
      cas_run_extras: { attempt: 1, turn_id: run.turnId, started_at: startedAt },
      ...(status === "completed" ? completed : {}),
      ...(status === "failed" ? { completed_at: startedAt } : {}),
    };
  }
}

function completion(run: StoredRun): Date {
  return new Date(run.startedAt.getTime() + SESSION_MILLISECONDS);
}

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
  has_error: flag.optional(),
  ...timeRange,
});

export function runRoutes(
  { app, switches }: Routes,
  { deployments, runs }: { deployments: Deployments; runs: Runs },
): void {
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
    const run = runs.read(owner, idOf(request, "run_id"));
    if (run.deploymentId !== deployment.id) throw notFound("Deployment or Run does not exist.");
    return reply(run);
  });

  app.get("/deployment_runs", (request) => {
    const query = seenQuery(queryOf(request, globalQuery), switches);
    const isListed = (run: StoredRun) =>
      (query.deployment_id ?? run.deploymentId) === run.deploymentId &&
      hasStatus(run, query.status) &&
      (switches.generation === 1 || isSearched(run, query));
    return pageOf(query, { items: runs.newestFirst(ownerOf(request)), isListed, reply }, switches);
  });

  app.get("/deployment_runs/:id", (request) => reply(runs.read(ownerOf(request), idOf(request))));
}

/** The filters that generation 1 does not have. */
function isSearched(run: StoredRun, query: z.infer<typeof globalQuery>): boolean {
  const at = run.startedAt.toISOString();
  if (query.has_error !== undefined && (run.error !== null) !== query.has_error) return false;
  return isWithin(at, query);
}
