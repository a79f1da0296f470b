import type { NamingPlace } from "../resource/named";

/** Where the arguments of a run name other objects. */
export const named: readonly NamingPlace[] = [
  { at: ["deploymentId"], kind: { noun: "deployment", collection: "deployments" } },
];
