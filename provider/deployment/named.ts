import { agents } from "../agent/named";
import { each, type NamedKind, type NamingPlace } from "../resource/named";

const environments: NamedKind = { noun: "environment", collection: "environments" };
const vaults: NamedKind = { noun: "vault", collection: "vaults" };
const memoryStores: NamedKind = { noun: "memory store", collection: "memory_stores" };
const files: NamedKind = { noun: "file", collection: "files" };

/** Where the arguments of a deployment name other objects. One row a place: what a new argument names is a row here. */
export const named: readonly NamingPlace[] = [
  { at: ["agent"], kind: agents, isNeeded: true },
  { at: ["environmentId"], kind: environments, isNeeded: true },
  { at: ["vaultIds", each], kind: vaults },
  { at: ["resources", each, "memoryStoreId"], kind: memoryStores },
  { at: ["resources", each, "fileId"], kind: files },
  { at: ["initialEvents", each, "content", each, "source", "fileId"], kind: files },
  { at: ["initialEvents", each, "rubric", "fileId"], kind: files },
];
