import type { Switches } from "./switches";

/** A reply is the answer to a write of the object, or to a GET. */
export type Moment = "write" | "read";

/** What a body left out stays out. */
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
 * "Create an environment" has the limited networking and the package lists, "Resources" the mount paths, "Define an
 * outcome" the iterations; the types of the official clients call the settings of a tool resolved.
 */
const asDocumented: Partial<Switches> = {
  fillDefaults: true,
  toolSettings: "resolved",
  networking: "materialise",
  packageLists: "all",
};

/** What the switches are for a reply at that moment. */
export function switchesAt(moment: Moment, switches: Switches): Switches {
  if (switches.fillingIn === "at-once") return switches;
  return { ...switches, ...(moment === "write" ? asSent : asDocumented) };
}
