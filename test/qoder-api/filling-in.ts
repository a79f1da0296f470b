import type { Switches } from "./switches";

/** "write": the reply answers a write of the object. "read": it answers a GET. */
export type Moment = "write" | "read";

/** The switches that fill in nothing. */
const asSent: Partial<Switches> = {
  fillDefaults: false,
  modelEcho: "as-given",
  skillVersions: "as-sent",
  toolSettings: "as-sent",
  networking: "echo",
  unrestrictedNetworking: "as-sent",
  packageLists: "as-sent",
};

/**
 * The switches that fill in documented defaults: "Create an environment" has the limited networking and the package lists,
 * "Resources" the mount paths, "Define an outcome" the iterations, the types of the official clients the settings of tools.
 */
const asDocumented: Partial<Switches> = {
  fillDefaults: true,
  toolSettings: "resolved",
  networking: "materialise",
  packageLists: "all",
};

/** The switches for a reply at this moment. */
export function switchesAt(moment: Moment, switches: Switches): Switches {
  if (switches.fillingIn === "at-once") return switches;
  return { ...switches, ...(moment === "write" ? asSent : asDocumented) };
}
