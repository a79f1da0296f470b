import { providerSource, resourceType } from "../program/source";

export const agentType = resourceType("Agent");
export const agentSource = providerSource("agent");
