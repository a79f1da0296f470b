import { providerSource, resourceType } from "../program/source";

export const environmentType = resourceType("Environment");
export const environmentSource = providerSource("environment");
