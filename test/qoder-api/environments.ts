import { z } from "zod";
import { type EnvironmentPatch, parseEnvironment, patchedEnvironment } from "./environment-input";
import { ApiError } from "./errors";
import { isInRange, sharedListQuery } from "./lists";
import { PatchedObjects, type StoredObject } from "./managed-objects";
import { objectRoutes, type Routes } from "./object-routes";
import type { Owner } from "./owners";
import { isObject } from "./parse";
import type { Runs } from "./runs";
import type { Service } from "./service";
import type { Switches } from "./switches";
import type { Environment, JsonObject } from "./wire";

export type StoredEnvironment = StoredObject<Environment>;

export class Environments extends PatchedObjects<StoredEnvironment, Environment, EnvironmentPatch> {
  readonly #runs: Runs;

  constructor(service: Service, runs: Runs) {
    super(service, {
      noun: "Environment",
      article: "An",
      duplicateNames: (switches) => switches.duplicateNamesElsewhere,
    });
    this.#runs = runs;
  }

  /** "Delete an environment": the refusal has a status that does not fit its type. */
  override delete(stored: StoredEnvironment): JsonObject {
    if (this.#runs.haveUsed(stored.id)) {
      const message = "Environment is still referenced by a session or tool call.";
      throw new ApiError(409, message, undefined, {}, "invalid_request_error");
    }
    return super.delete(stored);
  }

  protected render(stored: StoredEnvironment, switches: Switches): Environment {
    return environmentReply(stored.fields, switches);
  }

  protected parse(body: unknown, isCreate: boolean): EnvironmentPatch {
    return parseEnvironment(body, this.service.switches, isCreate);
  }

  protected patched(_owner: Owner, base: Environment, patch: EnvironmentPatch, isCreate: boolean): Environment {
    return patchedEnvironment(base, patch, this.service.switches, isCreate);
  }

  protected keep(owner: Owner, fields: Environment): StoredEnvironment {
    return this.add({ id: fields.id, owner, fields });
  }

  protected blank(): Environment {
    return {
      ...this.newborn(this.service.makeId("env")),
      type: "environment",
      name: "environment",
      description: "",
      config: { type: "cloud" },
    };
  }
}

const NO_PACKAGES = { type: "packages", apt: [], cargo: [], gem: [], go: [], npm: [], pip: [] };

/** The networking of an environment whose body had none. */
const LIMITED = { type: "limited", allowed_hosts: [], allow_package_managers: false, allow_mcp_servers: false };

/** The Environment object of a reply. */
function environmentReply(environment: Environment, switches: Switches): Environment {
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

export function environmentRoutes(shared: Routes, environments: Environments): void {
  const { app } = shared;
  objectRoutes(app, {
    path: "/environments",
    objects: environments,
    ...shared,
    listQuery,
    isListed: (stored, query) => isInRange(stored.fields, query),
    create: (owner, body) => environments.create(owner, body),
    remove: (stored) => environments.delete(stored),
  });
}
