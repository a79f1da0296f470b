import { deployments } from "../kinds/table";
import { type ResourceKind, replyOf } from "../resource/kind";
import { versionDifference } from "./agent-versions";
import { type DeploymentArguments, fields } from "./argument-rows";
import { casConfigAdvice } from "./cas-config";
import { declaredRemarks } from "./declared-remarks";
import { limitRemarks } from "./limits";
import { compared, outputs } from "./outputs";
import { pause, stateRemarks } from "./paused";
import { deploymentSchema } from "./reply";
import { repositoryRemarks, storeRemarks } from "./resources";
import { scheduleRemarks } from "./schedule-remarks";

const message = 'write initialEvents: "..."';
const schedule = 'write schedule: { expression: "0 9 * * *", timezone: "Europe/Berlin" }';
const prompts = "system of the QoderAgent has the instructions of the agent, initialEvents what each run starts with";
const vaults = "write vaultIds: [...], which takes a QoderVault or its id";
const ofAgent = "it is an argument of a QoderAgent";

/** Wrong names that people try for arguments of a deployment, each with the text to write instead. */
const insteadOf: Readonly<Record<string, string>> = {
  prompt: message,
  message,
  messages: message,
  input: message,
  task: message,
  instructions: prompts,
  system: prompts,
  systemPrompt: prompts,
  cron: schedule,
  expression: schedule,
  timezone: schedule,
  timeZone: schedule,
  tz: schedule,
  env: "environmentVariables has the variables of each run, and environmentId names the environment that it runs in",
  environment: "write environmentId, which takes a QoderEnvironment, its id, or what getEnvironment found",
  agentId: "write agent, which takes a QoderAgent, its id, or what getAgent found",
  vault: vaults,
  vaultId: vaults,
  vaults,
  file: 'write resources: [{ type: "file", fileId: ... }]',
  files: 'write resources: [{ type: "file", fileId: ... }]',
  memoryStores: 'write resources: [{ type: "memory_store", memoryStoreId: ... }]',
  repository: 'write resources: [{ type: "github_repository", url: "..." }]',
  maxCreditCost: 'write budget: { maxCreditCost: "12.50" }',
  creditsPerDay: "write limits: { creditsPerDay: 50 }",
  creditsPerMonth: "write limits: { creditsPerMonth: 1000 }",
  timeoutMs: "write casConfig: { timeoutMs: ... }",
  maxRetries: "write casConfig: { maxRetries: ... }",
  enabled: "write paused: true or paused: false",
  model: ofAgent,
  tools: ofAgent,
  skills: ofAgent,
  mcpServers: ofAgent,
};

/** "API reference: deployments". */
export const deploymentKind: ResourceKind<DeploymentArguments> = {
  ...deployments,
  references: "agent, environment, vaults and resources",
  reply: replyOf(fields, deploymentSchema.shape),
  fields,
  insteadOf,
  outputs,
  statusChange: pause,
  versionDifference,
  // "Archive a deployment": the archive renames the deployment "to free the original name".
  hasUniqueNames: true,
  advices: [casConfigAdvice],
  compared,
  changeRemarks: (change, now) => [
    ...scheduleRemarks(change, now),
    ...storeRemarks(change),
    ...repositoryRemarks(change),
  ],
  askedRemarks: limitRemarks,
  declaredRemarks,
  stateRemarks,
};
