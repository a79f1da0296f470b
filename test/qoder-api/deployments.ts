import { parseCreate, parsePatch, patchedFields } from "./deployment-input";
import { deploymentReply } from "./deployment-reply";
import { ApiError, conflict, notFound } from "./errors";
import { countedRun, defaultCasConfig, mergedObjects } from "./metadata";
import { isSameOwner, OwnedStore, type Owner } from "./owners";
import { isObject, parseBody } from "./parse";
import type { References } from "./references";
import { emptySchema } from "./request-schemas";
import type { Runs, StoredRun } from "./runs";
import type { Service } from "./service";
import type { DeploymentFields, StoredDeployment, StoredSchedule } from "./stored-deployment";
import { wholeSeconds } from "./timestamps";
import type { Deployment } from "./wire";

/** Raw server-side values. `metadata` is merged at every depth, every other field is set as it is. */
export type DeploymentOverwrite = Partial<Omit<Deployment, "schedule">> & {
  schedule?: (StoredSchedule & { last_run_at?: string }) | null;
  [field: string]: unknown;
};

export class Deployments {
  readonly #service: Service;
  readonly #references: References;
  readonly #runs: Runs;
  readonly #store = new OwnedStore<StoredDeployment>();

  constructor(service: Service, references: References, runs: Runs) {
    this.#service = service;
    this.#references = references;
    this.#runs = runs;
  }

  create(owner: Owner, body: unknown): StoredDeployment {
    const patch = parseCreate(body, this.#service.switches);
    const fields = this.#patched(owner, this.#blank(), patch, true);
    this.#refuseTakenName(owner, fields);
    return this.#store.add({ id: fields.id, owner, fields, lastRunAt: undefined });
  }

  find(owner: Owner, id: string): StoredDeployment {
    const stored = this.#store.find(owner, id);
    if (stored === undefined || this.#isHidden(stored)) throw notFound(`Deployment '${id}' was not found.`);
    return stored;
  }

  #isHidden({ fields }: StoredDeployment): boolean {
    return this.#service.clock().getTime() - Date.parse(fields.created_at) < this.#service.switches.hiddenForMs;
  }

  require(id: string): StoredDeployment {
    return this.#store.require(id);
  }

  newestFirst(owner: Owner): StoredDeployment[] {
    return this.#store.newestFirst(owner);
  }

  all(): StoredDeployment[] {
    return this.#store.all();
  }

  reply(stored: StoredDeployment): Deployment {
    return deploymentReply(stored, this.#service.switches, this.#service.clock());
  }

  update(stored: StoredDeployment, body: unknown): StoredDeployment {
    this.#refuseArchived(stored);
    const patch = parsePatch(body, this.#service.switches);
    if (Object.keys(patch).length > 0) {
      const fields = this.#patched(stored.owner, stored.fields, patch, false);
      this.#refuseTakenName(stored.owner, fields);
      stored.fields = fields;
      this.#touch(stored);
    } else if (this.#service.switches.emptyPatchBumpsUpdatedAt) {
      this.#touch(stored);
    }
    return stored;
  }

  pause(stored: StoredDeployment, body: unknown): StoredDeployment {
    parseBody(emptySchema, body, this.#service.switches);
    this.#refuseArchived(stored);
    if (stored.fields.status === "paused") throw conflict("Deployment is already paused");
    stored.fields.status = "paused";
    stored.fields.paused_reason = { type: "manual" };
    return this.#touch(stored);
  }

  /** What the service does by itself after failures. */
  pauseByError(stored: StoredDeployment, errorType: string): StoredDeployment {
    stored.fields.status = "paused";
    stored.fields.paused_reason = { type: "error", error: { type: errorType } };
    return this.#touch(stored);
  }

  unpause(stored: StoredDeployment, body: unknown): StoredDeployment {
    parseBody(emptySchema, body, this.#service.switches);
    this.#refuseArchived(stored);
    if (stored.fields.status !== "paused") throw conflict("Deployment is not paused");
    stored.fields.status = "active";
    stored.fields.paused_reason = null;
    return this.#touch(stored);
  }

  /** "Archive a deployment": the suffix frees the name for reuse; the status stays. */
  archive(stored: StoredDeployment, body: unknown): StoredDeployment {
    parseBody(emptySchema, body, this.#service.switches);
    if (stored.fields.archived_at !== null) throw conflict("Deployment is already archived");
    this.#touch(stored);
    stored.fields.archived_at = stored.fields.updated_at;
    stored.fields.name += `_archived_${Math.floor(this.#service.clock().getTime() / 1000)}`;
    return stored;
  }

  /** "Trigger a deployment": also a run that gets no session is answered as a run, with its error. */
  run(stored: StoredDeployment, body: unknown): StoredRun {
    parseBody(emptySchema, body, this.#service.switches);
    const { fields } = stored;
    if (fields.archived_at !== null || fields.status !== "active") {
      throw conflict("Deployment is archived or not in active status");
    }
    const run = this.#runs.start(stored, this.#references.runError(stored.owner, fields));
    stored.lastRunAt = wholeSeconds(run.startedAt);
    fields.metadata = countedRun(fields.metadata, stored.lastRunAt, run.error !== null);
    return run;
  }

  overwrite(stored: StoredDeployment, overwrite: DeploymentOverwrite): StoredDeployment {
    const { schedule, metadata, ...raw } = overwrite;
    Object.assign(stored.fields, raw);
    const merged = mergedObjects(stored.fields.metadata, metadata ?? {});
    if (isObject(merged)) stored.fields.metadata = merged;
    if (schedule === null) stored.fields.schedule = null;
    if (!schedule) return stored;
    const { last_run_at: lastRunAt = stored.lastRunAt, ...settings } = schedule;
    stored.lastRunAt = lastRunAt;
    stored.fields.schedule = settings;
    return stored;
  }

  remove(id: string): void {
    this.#store.remove(id);
  }

  #patched(owner: Owner, base: DeploymentFields, patch: ReturnType<typeof parsePatch>, isCreate: boolean) {
    const { switches } = this.#service;
    return patchedFields(base, patch, { owner, references: this.#references, switches, isCreate });
  }

  /** A new deployment before its body: agent and environment always come from there. */
  #blank(): DeploymentFields {
    const now = wholeSeconds(this.#service.clock());
    return {
      id: this.#service.makeId("dep"),
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
      archived_at: null,
      created_at: now,
      updated_at: now,
    };
  }

  #touch(stored: StoredDeployment): StoredDeployment {
    stored.fields.updated_at = wholeSeconds(this.#service.clock());
    return stored;
  }

  #refuseArchived(stored: StoredDeployment): void {
    if (stored.fields.archived_at === null) return;
    throw new ApiError(this.#service.switches.archivedWrite, "Deployment is archived");
  }

  /** Archiving renames "to free the original name for reuse": the names of live deployments are unique. */
  #refuseTakenName(owner: Owner, fields: DeploymentFields): void {
    if (this.#service.switches.duplicateNames === "allow") return;
    const isTaken = this.all().some(
      (other) =>
        other.id !== fields.id &&
        other.fields.name === fields.name &&
        other.fields.archived_at === null &&
        isSameOwner(other.owner, owner),
    );
    if (isTaken) throw conflict(`A deployment named '${fields.name}' already exists.`);
  }
}
