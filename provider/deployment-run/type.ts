import { providerSource, resourceType } from "../program/source";

export const deploymentRunType = resourceType("DeploymentRun");
export const deploymentRunSource = providerSource("deploymentRun");
