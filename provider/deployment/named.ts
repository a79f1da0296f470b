import { agents, environments, files, memoryStores, type NamingPlace, vaults } from "../program/named-kinds";

/** Where the arguments of a deployment name other objects. One row a place: what a new argument names is a row here. */
export const named: readonly NamingPlace[] = [
  // An agent means the version that it has after this `up`. Member by member: in the preview of a change only the version is not known.
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
