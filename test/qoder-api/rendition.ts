import { isObject } from "./parse";
import type { Switches } from "./switches";
import type { JsonObject } from "./wire";

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
 * "Resources" the mount paths, "Define an outcome" the iterations, "Permission policies" and "Tools" the settings of the toolset. No page has
 * the `access` of a memory store or the settings of an MCP server's tools, so they never come late.
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

/** Maps whose members belong to the user: the service adds nothing to them. */
const USER_OWNED = ["metadata", "environment_variables", "input_schema"];

/** Members of replies that are no arguments. */
const SERVICE_OWNED = ["paused_reason", "stats"];

/** The lists of an agent to whose elements the service may add members. */
const LISTS_OF_OBJECTS = ["skills", "tools", "agents"];

const ADDED: JsonObject = { revision: "r1" };

/** Changes the reply itself: adds members that nobody sent. */
export function addToArguments(reply: unknown, { addedMembers: where }: Switches): void {
  if (!isObject(reply) || where === "none") return;
  for (const [name, value] of argumentsOf(reply)) addMembers(name, value, where);
}

/** The arguments in a reply. `cas_config` is an argument inside the metadata of the user. */
function argumentsOf(reply: JsonObject): [name: string, value: unknown][] {
  const { metadata } = reply;
  const settings = isObject(metadata) ? metadata["cas_config"] : undefined;
  return [...membersOf(reply), ["cas_config", settings]];
}

function membersOf(object: JsonObject): [name: string, value: unknown][] {
  return Object.entries(object).filter(([name]) => !USER_OWNED.includes(name) && !SERVICE_OWNED.includes(name));
}

function addMembers(name: string, value: unknown, where: "elements" | "objects", list = ""): void {
  if (Array.isArray(value)) {
    for (const element of value) addMembers("", element, where, name);
  } else if (isObject(value)) {
    for (const [inner, member] of membersOf(value)) addMembers(inner, member, where);
    if (where === "objects" || LISTS_OF_OBJECTS.includes(list)) Object.assign(value, ADDED);
  }
}
