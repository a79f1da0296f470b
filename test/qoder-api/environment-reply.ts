import { isObject } from "./parse";
import type { Switches } from "./switches";
import type { Environment, JsonObject } from "./wire";

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
