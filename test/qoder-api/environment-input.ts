import { z } from "zod";
import { invalid } from "./errors";
import { deletions, mergedMetadata, metadata } from "./metadata";
import { characters, parseBody, replaced } from "./parse";
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
  scope: z.enum(["organization", "account"]).optional(),
  metadata: metadata.optional(),
};

const createEnvironmentSchema = z.strictObject({ name, ...fields });
const updateEnvironmentSchema = z.strictObject({ name: name.optional(), ...fields });

type EnvironmentConfig = z.infer<typeof config>;
export type EnvironmentPatch = z.infer<typeof updateEnvironmentSchema>;

/** The pages describe `apt`, `npm` and `pip`; only replies have these three lists. */
const READ_ONLY_PACKAGES = ["cargo", "gem", "go"] as const;

const SETUP_SCRIPT_LIMITS = {
  "65536-bytes": { limit: 65_536, length: (script: string) => Buffer.byteLength(script) },
  "10000-characters": { limit: 10_000, length: characters },
};

export function parseEnvironment(body: unknown, switches: Switches, isCreate: boolean): EnvironmentPatch {
  const schema = isCreate ? createEnvironmentSchema : updateEnvironmentSchema;
  const patch = parseBody<EnvironmentPatch>(schema, body, switches, absentFields(switches));
  if (isCreate && patch.config === undefined && switches.environmentConfig === "required") {
    throw invalid("Missing required field: config", "config");
  }
  return patch;
}

/** "Update an environment" replaces `config` as a whole, merges `metadata` by key, and keeps members that the body leaves out. */
export function patchedEnvironment(
  base: Environment,
  patch: EnvironmentPatch,
  switches: Switches,
  isCreate: boolean,
): Environment {
  const { environmentNameLimit: limit } = switches;
  if (limit !== undefined && characters(patch.name ?? "") > limit) {
    throw invalid(`Invalid value for name: must be at most ${limit} characters`, "name");
  }
  if (patch.config !== undefined) checkConfig(patch.config, switches);
  const isEmptyDeleted = !isCreate && switches.emptyEnvironmentMetadata === "delete";
  return {
    ...base,
    name: patch.name ?? base.name,
    description: replaced(patch.description, base.description) ?? "",
    config: patch.config === undefined ? base.config : configAfter(base, patch.config, switches, isCreate),
    ...(patch.scope === undefined ? {} : { scope: patch.scope }),
    metadata: mergedMetadata(base.metadata, patch.metadata ?? {}, isEmptyDeleted ? [null, ""] : deletions(isCreate)),
  };
}

/** Only the types of the official clients have the field `scope`. */
function absentFields(switches: Switches): string[] {
  return switches.environmentScope === "reject" ? ["scope"] : [];
}

function checkConfig(config: EnvironmentConfig, switches: Switches): void {
  const { limit, length } = SETUP_SCRIPT_LIMITS[switches.setupScriptLimit];
  if (length(config.setup_script ?? "") > limit) {
    const unit = switches.setupScriptLimit.split("-")[1];
    throw invalid(`Invalid value for config.setup_script: must be at most ${limit} ${unit}`, "config.setup_script");
  }
  if (config.type === "cloud") checkPackages(config, switches);
}

function checkPackages(config: Extract<EnvironmentConfig, { type: "cloud" }>, switches: Switches): void {
  const { networking, packages = {} } = config;
  const refused = READ_ONLY_PACKAGES.find((list) => (packages[list] ?? []).length > 0);
  if (refused !== undefined && switches.readOnlyPackages === "reject") {
    throw invalid(`Invalid value for config.packages.${refused}: is not supported`, `config.packages.${refused}`);
  }
  const isAllowed = networking?.type === "unrestricted" || networking?.allow_package_managers === true;
  const isEmpty = Object.values(packages).every((list) => !Array.isArray(list) || list.length === 0);
  if (!isAllowed && !isEmpty && switches.packagesUnderLimited === "reject") {
    throw invalid("packages need networking.allow_package_managers when networking is limited.", "config.packages");
  }
}

function configAfter(base: Environment, config: EnvironmentConfig, switches: Switches, isCreate: boolean): JsonObject {
  if (!isCreate && config.type !== base.config["type"] && switches.environmentTypeChange === "reject") {
    throw invalid("Invalid value for config.type: cannot be changed", "config.type");
  }
  return isCreate || switches.environmentConfigUpdate === "replace" ? config : { ...base.config, ...config };
}
