import { parseEnvironment, parseEnvironmentPatch, patchedEnvironment } from "./environment-input";
import { environmentReply } from "./environment-reply";
import { ApiError } from "./errors";
import { ManagedObjects, type StoredObject } from "./managed-objects";
import type { Owner } from "./owners";
import type { Runs } from "./runs";
import type { Service } from "./service";
import type { Switches } from "./switches";
import { microseconds } from "./timestamps";
import type { Environment, JsonObject } from "./wire";

export interface StoredEnvironment extends StoredObject {
  fields: Environment;
}

export class Environments extends ManagedObjects<StoredEnvironment, Environment> {
  readonly #runs: Runs;

  constructor(service: Service, runs: Runs) {
    super(service, {
      noun: "Environment",
      article: "An",
      stamp: microseconds,
      duplicateNames: (switches) => switches.duplicateNamesElsewhere,
      archiveTwice: () => 409,
    });
    this.#runs = runs;
  }

  create(owner: Owner, body: unknown): StoredEnvironment {
    const patch = parseEnvironment(body, this.service.switches);
    const fields = patchedEnvironment(this.#blank(), patch, this.service.switches, true);
    this.refuseTakenName(owner, fields);
    return this.#keep(owner, fields);
  }

  /** Adds an object without any check. */
  place(owner: Owner, overrides: Partial<Environment>): StoredEnvironment {
    return this.#keep(owner, { ...this.#blank(), ...overrides });
  }

  update(stored: StoredEnvironment, body: unknown): StoredEnvironment {
    this.refuseArchived(stored);
    const patch = parseEnvironmentPatch(body, this.service.switches);
    return this.apply(stored, patch, () => patchedEnvironment(stored.fields, patch, this.service.switches, false));
  }

  /** "Delete an environment": the refusal has a status that does not fit its type. */
  delete({ id }: StoredEnvironment): JsonObject {
    if (this.#runs.haveUsed(id)) {
      const message = "Environment is still referenced by a session or tool call.";
      throw new ApiError(409, message, undefined, {}, "invalid_request_error");
    }
    this.remove(id);
    return { id, type: "environment_deleted" };
  }

  protected render(stored: StoredEnvironment, switches: Switches): Environment {
    return environmentReply(stored.fields, switches);
  }

  #keep(owner: Owner, fields: Environment): StoredEnvironment {
    return this.add({ id: fields.id, owner, fields });
  }

  #blank(): Environment {
    const now = this.now();
    return {
      id: this.service.makeId("env"),
      type: "environment",
      name: "environment",
      description: "",
      config: { type: "cloud" },
      metadata: {},
      archived_at: null,
      created_at: now,
      updated_at: now,
    };
  }
}
