import { z } from "zod";
import { countedRun, defaultCasConfig, mergedDeploymentMetadata, placesForRuns, shownMetadata } from "./cas-config";
import { canonicalEnvironmentVariables, checkEnvironmentVariables } from "./environment-variables";
import { conflict, invalid } from "./errors";
import { optionalJsonOf } from "./exchange";
import type { Writes } from "./idempotency";
import { initialEvents, shownEvents, storedEvents } from "./initial-events";
import { type Overwrite, type Owner, PatchedObjects, type StoredObject } from "./managed-objects";
import { isInRange, objectRoutes, type Routes, sharedListQuery } from "./object-routes";
import { emptySchema, metadata, name, parseBody, replaced } from "./parse";
import type { References } from "./references";
import { resources, shownResources, storedResources } from "./resources";
import type { Runs, StoredRun } from "./runs";
import { checkSchedule, upcomingRuns } from "./schedule";
import { type Service, wholeSeconds } from "./service";
import type { Switches } from "./switches";
import type { Budget, Deployment, ErrorDetail, RunTrigger, Schedule } from "./wire";

/** The bodies of "Create a deployment" and "Update a deployment". Limits count characters. */

const agent = z.union([
  z.string().min(1),
  z.strictObject({ id: z.string().min(1), type: z.literal("agent"), version: z.int().min(1).optional() }),
]);

const schedule = z.strictObject({ type: z.literal("cron"), expression: z.string(), timezone: z.string() });

const vaultIds = z.array(z.string()).max(50, "must hold at most 50 ids");
const budget = z.strictObject({
  type: z.literal("limit"),
  max_credit_cost: z
    .string()
    .regex(/^\d{1,12}(\.\d{1,2})?$/, "must be a decimal with at most 12 integer and 2 fraction digits")
    .refine((cost) => Number(cost) > 0, "must be positive"),
});

const createSchema = z.strictObject({
  name,
  description: z.string().nullable().optional(),
  agent,
  environment_id: z.string().min(1),
  schedule: schedule.optional(),
  initial_events: initialEvents,
  resources: resources.optional(),
  vault_ids: vaultIds.optional(),
  metadata: metadata.optional(),
  environment_variables: z.string().nullable().optional(),
  budget: budget.optional(),
});

const updateSchema = z.strictObject({
  name: name.optional(),
  description: z.string().nullable().optional(),
  agent: agent.optional(),
  environment_id: z.string().min(1).optional(),
  schedule: schedule.nullable().optional(),
  initial_events: initialEvents.optional(),
  resources: resources.nullable().optional(),
  vault_ids: vaultIds.nullable().optional(),
  metadata: metadata.nullable().optional(),
  environment_variables: z.string().nullable().optional(),
  budget: budget.nullable().optional(),
});

export type AgentInput = z.infer<typeof agent>;
type DeploymentPatch = z.infer<typeof updateSchema>;

/** The pages of generation 1 have neither field. */
function absentFields(switches: Switches): string[] {
  if (switches.generation === 1) return ["environment_variables", "budget"];
  return switches.budget === "reject" ? ["budget"] : [];
}

function storedList<Given, Stored>(
  given: Given[] | null | undefined,
  current: Stored[],
  store: (g: Given[]) => Stored[],
) {
  return given === undefined ? current : store(given ?? []);
}

/** A merge patch: null for the whole `metadata` removes all keys except `cas_config`. */
function metadataAfter(base: DeploymentFields, patch: DeploymentPatch, switches: Switches, isCreate: boolean) {
  if (patch.metadata !== null) {
    return mergedDeploymentMetadata(base.metadata, patch.metadata ?? {}, switches, isCreate);
  }
  return Object.fromEntries(Object.entries(base.metadata).filter(([key]) => key === "cas_config"));
}

/** The stored fields: those of the reply without the fields that follow the clock, with the credentials, and with the last run, which a reply shows in the schedule. */
type DeploymentFields = Omit<Deployment, "schedule" | "environment_variables" | "budget"> & {
  schedule: StoredSchedule | null;
  environment_variables: string;
  budget: Budget | null;
  lastRunAt: string | undefined;
};

type StoredSchedule = Pick<Schedule, "type" | "expression" | "timezone">;

export type StoredDeployment = StoredObject<DeploymentFields>;

type OverwritableFields = Omit<DeploymentFields, "schedule" | "lastRunAt"> & {
  schedule: (StoredSchedule & { last_run_at?: string }) | null;
};
export type DeploymentOverwrite = Overwrite<OverwritableFields>;

export class Deployments extends PatchedObjects<DeploymentFields, Deployment, DeploymentPatch> {
  constructor(
    service: Service,
    private readonly references: References,
    private readonly runs: Runs,
  ) {
    super(service, {
      noun: "Deployment",
      schemas: { create: createSchema, update: updateSchema },
      stamp: wholeSeconds,
      // An archive renames "to free the original name for reuse", so the names of live deployments are unique.
      duplicateNames: (switches) => switches.duplicateNames,
    });
  }

  /** "Archive a deployment" keeps the next trigger in the stats, and empties `upcoming_runs_at`. No example shows `budget`, so a reply has the key only if a budget is set. */
  protected render(stored: StoredDeployment, switches: Switches): Deployment {
    const { schedule, environment_variables: variables, budget, lastRunAt: last_run_at, ...fields } = stored.fields;
    const upcoming = schedule === null ? [] : upcomingRuns(schedule, this.service.clock());
    const runTimes = {
      upcoming_runs_at: fields.archived_at === null ? upcoming : [],
      ...(last_run_at === undefined ? {} : { last_run_at }),
    };
    const isCanonical = switches.environmentVariables === "canonical";
    const environment_variables = isCanonical ? canonicalEnvironmentVariables(variables) : variables;
    return structuredClone({
      ...fields,
      initial_events: shownEvents(fields.initial_events, switches),
      resources: shownResources(fields.resources, switches),
      metadata: shownMetadata(fields.metadata, switches, upcoming[0]),
      schedule: schedule === null ? null : { ...schedule, ...runTimes },
      ...(switches.generation === 1 ? {} : { environment_variables, ...(budget ? { budget } : {}) }),
    });
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
    if (!this.service.latitude.isFree("moves")) this.touch(stored);
    else this.work(stored, "a pause by the service");
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
    const error = this.references.runError(stored.owner, fields) ?? problem;
    const run = this.runs.start(stored, { error, trigger, places: placesForRuns(fields.metadata, switches) });
    if (switches.runTouchesDeployment) this.touch(stored);
    else this.work(stored, "a run");
    const off = this.service.latitude.microsecondsOff(`${run.id} last_run_at`, run.startedAt);
    fields.lastRunAt = wholeSeconds(run.startedAt, off);
    fields.metadata = countedRun(fields.metadata, fields.lastRunAt, run.error !== null);
    return run;
  }

  override overwrite(stored: StoredDeployment, overwrite: DeploymentOverwrite): StoredDeployment {
    const { schedule, ...shared } = overwrite;
    super.overwrite(stored, shared);
    if (schedule === null) stored.fields.schedule = null;
    if (!schedule) return stored;
    const { last_run_at: lastRunAt = stored.fields.lastRunAt, ...settings } = schedule;
    stored.fields.lastRunAt = lastRunAt;
    stored.fields.schedule = settings;
    return stored;
  }

  protected override parse(body: unknown, isCreate: boolean): DeploymentPatch {
    const { switches } = this.service;
    const patch = super.parse(body, isCreate, absentFields(switches));
    if (patch.schedule) checkSchedule(patch.schedule);
    if (patch.environment_variables) checkEnvironmentVariables(patch.environment_variables);
    if (patch.schedule === null) {
      // "Update a deployment": `schedule` must have all sub-fields. The page does not say what null does.
      if (switches.scheduleNull === "reject") {
        throw invalid("Invalid value for schedule: must be an object", "schedule");
      }
      if (switches.scheduleNull === "ignore") delete patch.schedule;
    }
    if (patch.budget === null && switches.budget === "ignore-null") delete patch.budget;
    return patch;
  }

  /** "Update a deployment": a sent member replaces the value, `metadata` is merged by key, and other members stay. */
  protected patched(owner: Owner, base: DeploymentFields, patch: DeploymentPatch, isCreate: boolean): DeploymentFields {
    const { references, service } = this;
    const { switches } = service;
    const { agent, environment_id: environment } = patch;
    const fields: DeploymentFields = {
      ...base,
      name: patch.name ?? base.name,
      description: replaced(patch.description, base.description),
      agent: agent === undefined ? base.agent : references.agent(owner, agent),
      environment_id: environment === undefined ? base.environment_id : references.environment(owner, environment),
      schedule: replaced(patch.schedule, base.schedule),
      initial_events: patch.initial_events ? storedEvents(patch.initial_events, switches) : base.initial_events,
      resources: storedList(patch.resources, base.resources, (given) =>
        storedResources(given, base.resources, switches),
      ),
      vault_ids: storedList(patch.vault_ids, base.vault_ids, (given) => given),
      metadata: metadataAfter(base, patch, switches, isCreate),
      environment_variables: replaced(patch.environment_variables, base.environment_variables) ?? "",
      budget: replaced(patch.budget, base.budget),
    };
    references.refuseArchived(owner, fields);
    return fields;
  }

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
      lastRunAt: undefined,
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
      writes.answer(request, response, () => {
        const stored = found(request);
        return reply(deployments.writing(stored, () => deployments[action](stored, optionalJsonOf(request))));
      }),
    );
  }

  app.post("/deployments/:id/run", (request, response) =>
    writesOfRuns.answer(request, response, () => {
      const stored = found(request);
      return runs.reply(deployments.writing(stored, () => deployments.run(stored, optionalJsonOf(request))));
    }),
  );
}

function isMatch({ fields }: StoredDeployment, query: z.infer<typeof listQuery>): boolean {
  if (query.status !== undefined && fields.status !== query.status) return false;
  if (query.agent_id !== undefined && fields.agent.id !== query.agent_id) return false;
  return isInRange(fields, query);
}
