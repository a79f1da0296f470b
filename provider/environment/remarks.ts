import { type Remark, warning } from "../api/remark";
import { same } from "../resource/fields/comparison";
import type { ProgramChange } from "../resource/kind";
import { containsUnknown } from "../resource/unknown";
import { installed, networkingOf, type PackageKind } from "./config";
import type { EnvironmentArguments } from "./values";

/** In every reply, and seen to be refused in a request. */
const oftenRefused: readonly string[] = ["cargo", "gem", "go"] satisfies PackageKind[];

/** What people do not expect of an environment. Only where the configuration is new or changes. */
export function configRemarks({ before, after: { config }, inputs }: ProgramChange<EnvironmentArguments>): Remark[] {
  if (config === undefined || containsUnknown(inputs["config"]) || same(before.config, config)) {
    return [];
  }
  if (config.type !== "cloud") {
    return [];
  }
  const packages = installed(config).map(([kind]) => kind);
  const { type, allowPackageManagers } = networkingOf(config);
  const isShut = type === "limited" && allowPackageManagers !== true && packages.length > 0;
  const refused = packages.filter((kind) => oftenRefused.includes(kind));
  return [
    ...(config.networking === undefined ? [withoutNetworking] : []),
    ...(isShut ? [warning(`${packages.join(", ")}: ${shutPackages}`)] : []),
    ...(refused.length === 0 ? [] : [warning(`${refused.join(", ")}: ${refusedPackages}`)]),
  ];
}

const withoutNetworking = warning(
  'without config.networking the network is limited: no hosts, no package managers, no MCP servers; networking: { type: "unrestricted" } opens it',
);
const shutPackages =
  "a limited network lets no packages be installed at the start of a session; set config.networking.allowPackageManagers: true";
const refusedPackages = "the service was seen to refuse these packages; if it does, install them in config.setupScript";
