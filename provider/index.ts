export { QoderProvider, type QoderProviderArgs } from "./account";
export { QoderDeployment } from "./deployment";
export type * from "./deployment-args";
export type { PausedReason } from "./deployment-outputs";
