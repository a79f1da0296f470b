export { QoderAgent } from "./agent";
export type * from "./agent/arguments";
export { type GetAgentResult, getAgent, getAgentOutput } from "./agent/look-up";
export { deploymentArgs, QoderDeployment } from "./deployment";
export type * from "./deployment/arguments";
export { type GetDeploymentResult, getDeployment, getDeploymentOutput } from "./deployment/look-up";
export type { DeployedAgent, PausedReason } from "./deployment/outputs";
export { QoderDeploymentRun } from "./deployment-run";
export type * from "./deployment-run/arguments";
export {
  type ListDeploymentRunsArgs,
  type ListDeploymentRunsOutputArgs,
  listDeploymentRuns,
  listDeploymentRunsOutput,
} from "./deployment-run/list";
export type { RunError } from "./deployment-run/outputs";
export type { DeploymentRun } from "./deployment-run/run";
export { QoderEnvironment } from "./environment";
export type * from "./environment/arguments";
export { type GetEnvironmentResult, getEnvironment, getEnvironmentOutput } from "./environment/look-up";
export type {
  LookUpArgs,
  LookUpOptions,
  LookUpOutputArgs,
  LookUpOutputOptions,
} from "./program/look-up-arguments";
export { QoderProvider, type QoderProviderArgs } from "./program/provider";
export { describeSchedule, type NextRunsOptions, nextRuns, type SpreadOptions, spread } from "./schedule/functions";
export type { Schedule } from "./schedule/schedule";
