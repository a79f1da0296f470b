const message = 'write initialEvents: "..."';
const schedule = 'write schedule: { expression: "0 9 * * *", timezone: "Europe/Berlin" }';
const told = "system of the QoderAgent has what the agent is told, initialEvents what each run starts with";
const vaults = "write vaultIds: [...], which takes a QoderVault or its id";
const ofAgent = "it is an argument of a QoderAgent";

/** Wrong names that people try for arguments of a deployment, each with the text to write instead. */
export const insteadOf: Readonly<Record<string, string>> = {
  prompt: message,
  message,
  messages: message,
  input: message,
  task: message,
  instructions: told,
  system: told,
  systemPrompt: told,
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
  timeoutMs: "write casConfig: { timeoutMs: ... }",
  maxRetries: "write casConfig: { maxRetries: ... }",
  enabled: "write paused: true or paused: false",
  model: ofAgent,
  tools: ofAgent,
  skills: ofAgent,
  mcpServers: ofAgent,
};
