import { z } from "zod";
import { countedRun, defaultCasConfig, placesForRuns } from "./cas-config";
import { type DeploymentPatch, parseDeployment, patchedFields } from "./deployment-input";
import { type DeploymentFields, deploymentReply, type StoredDeployment, type StoredSchedule } from "./deployment-reply";
import { conflict } from "./errors";
import { optionalJsonOf } from "./exchange";
import type { Writes } from "./idempotency";
import { isInRange, sharedListQuery } from "./lists";
import { type Overwrite, PatchedObjects } from "./managed-objects";
import { objectRoutes, type Routes } from "./object-routes";
import type { Owner } from "./owners";
import { emptySchema, parseBody } from "./parse";
import type { References } from "./references";
import type { Runs, StoredRun } from "./runs";
import { type Service, wholeSeconds } from "./service";
import type { Switches } from "./switches";
import type { Deployment, ErrorDetail, RunTrigger } from "./wire";

type OverwritableFields = Omit<DeploymentFields, "schedule"> & {
  schedule: (StoredSchedule & { last_run_at?: string }) | null;
};
export type DeploymentOverwrite = Overwrite<OverwritableFields>;

export class Deployments extends PatchedObjects<StoredDeployment, Deployment, DeploymentPatch> {
  readonly #references: References;
  readonly #runs: Runs;

  constructor(service: Service, references: References, runs: Runs) {
    super(service, {
      noun: "Deployment",
      stamp: wholeSeconds,
      // An archive renames "to free the original name for reuse", so the names of live deployments are unique.
      duplicateNames: (switches) => switches.duplicateNames,
    });
    this.#references = references;
    this.#runs = runs;
  }

  protected render(stored: StoredDeployment, switches: Switches): Deployment {
    return deploymentReply(stored, switches, this.service.clock());
  }

  pause(stored: StoredDeployment, body: unknown): StoredDeployment {
    parseBody(emptySchema, body, this.service.switches);
    this.refuseArchived(stored);
    if (stored.fields.status === "paused") throw conflict("Deployment is already paused");
    stored.fields.status = "paused";
    stored.fields.paused_reason = { type: "manual" };
    this.touch(stored);
    return stored;
  }

  /** Pauses the deployment, as the service does by itself after failures. */
  pauseByError(stored: StoredDeployment, errorType: string): StoredDeployment {
    stored.fields.status = "paused";
    stored.fields.paused_reason = { type: "error", error: { type: errorType } };
    this.touch(stored);
    return stored;
  }

  unpause(stored: StoredDeployment, body: unknown): StoredDeployment {
    parseBody(emptySchema, body, this.service.switches);
    this.refuseArchived(stored);
    if (stored.fields.status !== "paused") throw conflict("Deployment is not paused");
    stored.fields.status = "active";
    stored.fields.paused_reason = null;
    this.touch(stored);
    return stored;
  }

  /** "Archive a deployment" adds a suffix, which frees the name, and keeps the status. */
  override archive(stored: StoredDeployment, body: unknown): StoredDeployment {
    super.archive(stored, body);
    stored.fields.name += `_archived_${Math.floor(this.service.clock().getTime() / 1000)}`;
    return stored;
  }

  /**
   * "Trigger a deployment" also answers with a run, which has an error, if no session can start. `problem`: a reason besides
   * the agent and the environment.
   */
  run(
    stored: StoredDeployment,
    body: unknown,
    trigger: RunTrigger = { type: "manual" },
    problem: ErrorDetail | null = null,
  ): StoredRun {
    const { switches } = this.service;
    parseBody(emptySchema, body, switches);
    const { fields } = stored;
    if (fields.archived_at !== null || fields.status !== "active") {
      throw conflict("Deployment is archived or not in active status");
    }
    const error = this.#references.runError(stored.owner, fields) ?? problem;
    const run = this.#runs.start(stored, { error, trigger, places: placesForRuns(fields.metadata, switches) });
    if (switches.runTouchesDeployment) this.touch(stored);
    stored.lastRunAt = wholeSeconds(run.startedAt);
    fields.metadata = countedRun(fields.metadata, stored.lastRunAt, run.error !== null);
    return run;
  }

  override overwrite(stored: StoredDeployment, overwrite: DeploymentOverwrite): StoredDeployment {
    const { schedule, ...shared } = overwrite;
    super.overwrite(stored, shared);
    if (schedule === null) stored.fields.schedule = null;
    if (!schedule) return stored;
    const { last_run_at: lastRunAt = stored.lastRunAt, ...settings } = schedule;
    stored.lastRunAt = lastRunAt;
    stored.fields.schedule = settings;
    return stored;
  }

  protected parse(body: unknown, isCreate: boolean): DeploymentPatch {
    return parseDeployment(body, this.service.switches, isCreate);
  }

  protected patched(owner: Owner, base: DeploymentFields, patch: DeploymentPatch, isCreate: boolean): DeploymentFields {
    const { switches } = this.service;
    return patchedFields(base, patch, { owner, references: this.#references, switches, isCreate });
  }

  protected keep(owner: Owner, fields: DeploymentFields): StoredDeployment {
    return this.add({ id: fields.id, owner, fields, lastRunAt: undefined });
  }

  /** The default fields of a new deployment. The body always gives the agent and the environment. */
  protected blank(id = this.service.makeId("dep")): DeploymentFields {
    return {
      ...this.newborn(id),
      type: "deployment",
      name: "",
      description: "",
      agent: { id: "", type: "agent", version: 0 },
      environment_id: "",
      schedule: null,
      initial_events: [],
      resources: [],
      vault_ids: [],
      metadata: { cas_config: defaultCasConfig() },
      environment_variables: "",
      budget: null,
      status: "active",
      paused_reason: null,
    };
  }
}

const listQuery = z.object({
  ...sharedListQuery,
  status: z.enum(["active", "paused"]).optional(),
  agent_id: z.string().optional(),
});

export function deploymentRoutes(
  shared: Routes,
  writesOfRuns: Writes,
  { deployments, runs }: { deployments: Deployments; runs: Runs },
): void {
  const { app, writes } = shared;
  const reply = (stored: StoredDeployment) => deployments.reply(stored);

  const found = objectRoutes(app, {
    path: "/deployments",
    objects: deployments,
    ...shared,
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
}

function isMatch({ fields }: StoredDeployment, query: z.infer<typeof listQuery>): boolean {
  if (query.status !== undefined && fields.status !== query.status) return false;
  if (query.agent_id !== undefined && fields.agent.id !== query.agent_id) return false;
  return isInRange(fields, query);
}
