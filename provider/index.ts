export { QoderDeployment } from "./deployment";
export type * from "./deployment/arguments";
export type { PausedReason } from "./deployment/outputs";
export { QoderProvider, type QoderProviderArgs } from "./program/provider";
