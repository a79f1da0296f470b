import { providerSource, resourceType } from "../program/source";

export const deploymentType = resourceType("Deployment");
/** The name is in the states of all versions. */
export const deploymentSource = providerSource("provider");
