import { z } from "zod";
import { ApiError, invalid } from "./errors";
import { type Owner, PatchedObjects, type StoredObject } from "./managed-objects";
import { objectRoutes, type Routes, sharedListQuery } from "./object-routes";
import { deletions, isObject, mergedMetadata, metadata, replaced } from "./parse";
import type { Runs } from "./runs";
import type { Service } from "./service";
import type { Switches } from "./switches";
import type { Environment, JsonObject } from "./wire";

/** The bodies of "Create an environment" and "Update an environment". */

const networking = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("unrestricted") }),
  z.strictObject({
    type: z.literal("limited"),
    allowed_hosts: z.array(z.string()).optional(),
    allow_package_managers: z.boolean().optional(),
    allow_mcp_servers: z.boolean().optional(),
  }),
]);

const packageList = z.array(z.string().min(1)).optional();

const packages = z.strictObject({
  type: z.literal("packages").optional(),
  apt: packageList,
  cargo: packageList,
  gem: packageList,
  go: packageList,
  npm: packageList,
  pip: packageList,
});

const setupScript = z.string().optional();

const config = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("cloud"),
    networking: networking.optional(),
    packages: packages.optional(),
    setup_script: setupScript,
  }),
  z.strictObject({ type: z.literal("self_hosted"), setup_script: setupScript }),
]);

const name = z.string().min(1, "must not be empty");

const fields = {
  // In the types of the official clients, null clears the member.
  description: z.string().nullable().optional(),
  config: config.optional(),
  metadata: metadata.optional(),
};

const createEnvironmentSchema = z.strictObject({ name, ...fields });
const updateEnvironmentSchema = z.strictObject({ name: name.optional(), ...fields });

type EnvironmentConfig = z.infer<typeof config>;
type EnvironmentPatch = z.infer<typeof updateEnvironmentSchema>;

/** The pages describe `apt`, `npm` and `pip`; only replies have these three lists. */
const READ_ONLY_PACKAGES = ["cargo", "gem", "go"] as const;

const MAX_SETUP_SCRIPT_BYTES = 65_536;

function checkConfig(config: EnvironmentConfig): void {
  if (Buffer.byteLength(config.setup_script ?? "") > MAX_SETUP_SCRIPT_BYTES) {
    const limit = `must be at most ${MAX_SETUP_SCRIPT_BYTES} bytes`;
    throw invalid(`Invalid value for config.setup_script: ${limit}`, "config.setup_script");
  }
  if (config.type !== "cloud") return;
  const refused = READ_ONLY_PACKAGES.find((list) => (config.packages?.[list] ?? []).length > 0);
  if (refused !== undefined) {
    throw invalid(`Invalid value for config.packages.${refused}: is not supported`, `config.packages.${refused}`);
  }
}

function configAfter(base: Environment, config: EnvironmentConfig, switches: Switches, isCreate: boolean): JsonObject {
  if (!isCreate && config.type !== base.config["type"]) {
    throw invalid("Invalid value for config.type: cannot be changed", "config.type");
  }
  return isCreate || switches.environmentConfigUpdate === "replace" ? config : { ...base.config, ...config };
}

export class Environments extends PatchedObjects<Environment, Environment, EnvironmentPatch> {
  constructor(
    service: Service,
    private readonly runs: Runs,
  ) {
    super(service, {
      noun: "Environment",
      schemas: { create: createEnvironmentSchema, update: updateEnvironmentSchema },
      article: "An",
      duplicateNames: (switches) => switches.duplicateNamesElsewhere,
    });
  }

  /** "Delete an environment": the refusal has a status that does not fit its type. */
  override delete(stored: StoredObject<Environment>): JsonObject {
    if (this.runs.haveUsed(stored.id)) {
      const message = "Environment is still referenced by a session or tool call.";
      throw new ApiError(409, message, undefined, {}, "invalid_request_error");
    }
    return super.delete(stored);
  }

  protected render({ fields }: StoredObject<Environment>, switches: Switches): Environment {
    const { config } = fields;
    if (config["type"] !== "cloud") return structuredClone(fields);
    const { networking, packages, ...others } = config;
    const shown = { ...others, ...shownPackages(packages, switches), ...shownNetworking(networking, switches) };
    return structuredClone({ ...fields, config: shown });
  }

  protected override parse(body: unknown, isCreate: boolean): EnvironmentPatch {
    const patch = super.parse(body, isCreate);
    if (isCreate && patch.config === undefined) throw invalid("Missing required field: config", "config");
    return patch;
  }

  /** "Update an environment" replaces `config` as a whole, merges `metadata` by key, and keeps members that the body leaves out. */
  protected patched(_owner: Owner, base: Environment, patch: EnvironmentPatch, isCreate: boolean): Environment {
    const { switches } = this.service;
    if (patch.config !== undefined) checkConfig(patch.config);
    const isEmptyDeleted = !isCreate && switches.emptyEnvironmentMetadata === "delete";
    return {
      ...base,
      name: patch.name ?? base.name,
      description: replaced(patch.description, base.description) ?? "",
      config: patch.config === undefined ? base.config : configAfter(base, patch.config, switches, isCreate),
      metadata: mergedMetadata(base.metadata, patch.metadata ?? {}, isEmptyDeleted ? [null, ""] : deletions(isCreate)),
    };
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
    create: (owner, body) => environments.create(owner, body),
    remove: (stored) => environments.delete(stored),
  });
}
