import { agents, environments, files, memoryStores, type NamingPlace, vaults } from "../program/named-kinds";

/** The places where the arguments of a deployment name other objects, one row for each place. */
export const named: readonly NamingPlace[] = [
  // A QoderAgent stands for its id and the version after this `up`. Each member is an Output of its own, so that a preview of
  // a change knows the id.
  {
    at: ["agent"],
    kind: agents,
    isNeeded: true,
    written: (agent) => ({ id: Reflect.get(agent, "id"), version: Reflect.get(agent, "version") }),
  },
  { at: ["environmentId"], kind: environments, isNeeded: true },
  { at: ["vaultIds", "*"], kind: vaults },
  { at: ["resources", "*", "memoryStoreId"], kind: memoryStores },
  { at: ["resources", "*", "fileId"], kind: files },
  { at: ["initialEvents", "*", "content", "*", "source", "fileId"], kind: files },
  { at: ["initialEvents", "*", "rubric", "fileId"], kind: files },
];
