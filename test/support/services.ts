import type { Switches } from "../qoder-api";

const filled: Partial<Switches> = {
  fillDefaults: true,
  modelEcho: "resolved",
  skillVersions: "resolved",
  toolSettings: "resolved",
  networking: "materialise",
  unrestrictedNetworking: "with-limits",
  environmentVariables: "canonical",
};

/** The forms in which a service may answer with the arguments. */
export const services: Readonly<Record<string, Partial<Switches>>> = {
  "repeats the request": { packageLists: "as-sent" },
  // An update repeats the added members of the settings of a deployment, because a request replaces all settings.
  "fills in defaults and adds a member to each object": { ...filled, addedMembers: "objects", unknownFields: "accept" },
};

/** The service whose replies differ most from the requests. */
export const richest: Partial<Switches> = { ...Object.values(services).at(-1) };
