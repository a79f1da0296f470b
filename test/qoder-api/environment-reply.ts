import { isObject } from "./parse";
import type { Switches } from "./switches";
import type { Environment, JsonObject } from "./wire";

const NO_PACKAGES = { type: "packages", apt: [], cargo: [], gem: [], go: [], npm: [], pip: [] };

/** What an environment without `networking` has. */
const LIMITED = { type: "limited", allowed_hosts: [], allow_package_managers: false, allow_mcp_servers: false };

/** The Environment object as a GET would answer it. */
export function environmentReply(environment: Environment, switches: Switches): Environment {
  const { config } = environment;
  if (config["type"] !== "cloud") return structuredClone(environment);
  const { networking, packages, ...others } = config;
  return structuredClone({
    ...environment,
    config: {
      ...others,
      packages: { ...NO_PACKAGES, ...(isObject(packages) ? packages : {}) },
      ...shownNetworking(networking, switches),
    },
  });
}

function shownNetworking(networking: unknown, switches: Switches): JsonObject {
  if (switches.networking === "omit") return {};
  if (switches.networking === "echo") return networking === undefined ? {} : { networking };
  const given = isObject(networking) ? networking : {};
  return { networking: given["type"] === "unrestricted" ? given : { ...LIMITED, ...given } };
}
