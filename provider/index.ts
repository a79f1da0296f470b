export { QoderAgent } from "./agent";
export type * from "./agent/arguments";
export { agentFile } from "./agent/file";
export { getAgent, getAgentOutput } from "./agent/look-up";
export { type GetDeploymentResult, QoderDeployment } from "./deployment";
export type * from "./deployment/arguments";
export { getDeployment, getDeploymentOutput } from "./deployment/look-up";
export { QoderDeploymentRun } from "./deployment-run";
export type {
  DeploymentRun as DeploymentRunSummary,
  DeploymentRunError,
  DeploymentRunOutputs,
  DeploymentRunWaitForResult,
  GetDeploymentRunsArgs,
  GetDeploymentRunsOutputArgs,
  QoderDeploymentRunArgs,
} from "./deployment-run/arguments";
export { getDeploymentRuns, getDeploymentRunsOutput } from "./deployment-run/list";
export { type GetEnvironmentResult, QoderEnvironment } from "./environment";
export type * from "./environment/arguments";
export { getEnvironment, getEnvironmentOutput } from "./environment/look-up";
export { Evaluation } from "./evaluation";
export type * from "./evaluation/arguments";
export { QoderFile } from "./file";
export type { FileOutputs, QoderFileArgs } from "./file/arguments";
export { QoderMemoryStore } from "./memory-store";
export type * from "./memory-store/arguments";
export type {
  LookUpArgs,
  LookUpOptions,
  LookUpOutputArgs,
  LookUpOutputOptions,
} from "./program/look-up-arguments";
export { QoderProvider } from "./program/qoder-provider";
export type { QoderProviderArgs } from "./program/qoder-provider-arguments";
export type { CommonOutputs, IdInput } from "./program/resource";
export { type RequiredSettings, requireSettings } from "./program/settings";
export type { DiagnosticKind } from "./resource/kind/diagnostics";
export { describeSchedule, type NextRunsOptions, nextRuns, type SpreadOptions, spread } from "./schedule/functions";
export type { Schedule } from "./schedule/schedule";
export { QoderSkill } from "./skill";
export type { GetSkillArgs, GetSkillOutputArgs, GetSkillResult, QoderSkillArgs, SkillOutputs } from "./skill/arguments";
export { getSkill, getSkillOutput } from "./skill/look-up";
export { QoderVault } from "./vault";
export type * from "./vault/arguments";
export { QoderVaultCredential } from "./vault-credential";
export type * from "./vault-credential/arguments";
