const system = 'write system: "..."';
const ofDeployment = "it is an argument of a QoderDeployment";
const team = 'write multiagent: { type: "coordinator", agents: [...] }';

/** Wrong names that people try for arguments of an agent, each with the text to write instead. */
export const insteadOf: Readonly<Record<string, string>> = {
  prompt: system,
  instructions: system,
  systemPrompt: system,
  message: "initialEvents of a QoderDeployment has what a run starts with, system what the agent is told",
  messages: "initialEvents of a QoderDeployment has what a run starts with, system what the agent is told",
  agents: team,
  team,
  environment: "environmentId of a QoderDeployment names the environment that the agent runs in",
  environmentId: ofDeployment,
  env: "environmentVariables of a QoderDeployment has the variables of each run",
  environmentVariables: ofDeployment,
  schedule: ofDeployment,
  cron: "schedule of a QoderDeployment says when the agent runs",
  initialEvents: ofDeployment,
  budget: ofDeployment,
  vaultIds: ofDeployment,
  resources: ofDeployment,
};
