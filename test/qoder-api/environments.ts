import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { parseEnvironment, parseEnvironmentPatch, patchedEnvironment } from "./environment-input";
import { ApiError } from "./errors";
import type { Writes } from "./idempotency";
import { isInRange, sharedListQuery } from "./lists";
import { ManagedObjects, type StoredObject } from "./managed-objects";
import { objectRoutes } from "./object-routes";
import type { Owner } from "./owners";
import { isObject } from "./parse";
import type { Runs } from "./runs";
import { microseconds, type Service } from "./service";
import type { Switches } from "./switches";
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

const NO_PACKAGES = { type: "packages", apt: [], cargo: [], gem: [], go: [], npm: [], pip: [] };

/** The networking of an environment whose body had none. */
const LIMITED = { type: "limited", allowed_hosts: [], allow_package_managers: false, allow_mcp_servers: false };

/** The Environment object of a reply. */
export function environmentReply(environment: Environment, switches: Switches): Environment {
  const { config } = environment;
  if (config["type"] !== "cloud") return structuredClone(environment);
  const { networking, packages, ...others } = config;
  return structuredClone({
    ...environment,
    config: {
      ...others,
      ...shownPackages(packages, switches),
      ...shownNetworking(networking, switches),
    },
  });
}

function shownPackages(packages: unknown, switches: Switches): JsonObject {
  if (switches.packageLists === "as-sent") return packages === undefined ? {} : { packages };
  return { packages: { ...NO_PACKAGES, ...(isObject(packages) ? packages : {}) } };
}

function shownNetworking(networking: unknown, switches: Switches): JsonObject {
  if (switches.networking === "omit") return {};
  const given = isObject(networking) ? networking : {};
  if (given["type"] === "unrestricted") {
    return { networking: switches.unrestrictedNetworking === "with-limits" ? { ...LIMITED, ...given } : given };
  }
  if (switches.networking === "echo") return networking === undefined ? {} : { networking };
  return { networking: { ...LIMITED, ...given } };
}

const listQuery = z.object(sharedListQuery);

export function environmentRoutes(
  app: FastifyInstance,
  { switches }: Service,
  writes: Writes,
  environments: Environments,
): void {
  objectRoutes(app, {
    path: "/environments",
    objects: environments,
    writes,
    switches,
    listQuery,
    isListed: (stored, query) => isInRange(stored.fields, query),
    create: (owner, body) => environments.create(owner, body),
    remove: (stored) => environments.delete(stored),
  });
}
