import { each, type NamedKind, type NamingPlace } from "../resource/named";

export const agents: NamedKind = { noun: "agent", collection: "agents" };

/** Where the arguments of an agent name others. */
export const named: readonly NamingPlace[] = [{ at: ["multiagent", "agents", each], kind: agents }];
