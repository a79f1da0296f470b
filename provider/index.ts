export { QoderProvider, type QoderProviderArgs } from "./account";
export { type PausedReason, QoderDeployment } from "./deployment";
export type * from "./deployment-args";
