export { QoderAgent } from "./agent";
export type * from "./agent/arguments";
export { deploymentArgs, QoderDeployment } from "./deployment";
export type * from "./deployment/arguments";
export type { PausedReason } from "./deployment/outputs";
export { QoderEnvironment } from "./environment";
export type * from "./environment/arguments";
export { QoderProvider, type QoderProviderArgs } from "./program/provider";
