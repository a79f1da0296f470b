import { z } from "zod";
import { agents, deployments, environments, files } from "../kinds/table";
import { type PlanRemark, planWarning } from "../resource/kind/diagnostics";
import { type ResourceKind, replyOf } from "../resource/kind/kind";
import { commonOutputRows, type OutputRows } from "../resource/kind/outputs";
import { containsUnknown, isObject, type Properties } from "../resource/kind/program-values";
import type { FindDeclaration } from "../resource/kind/references";
import { idAlone, movedVersion } from "./agent";
import { type DeploymentArguments, fields } from "./argument-rows";
import type { DeploymentOutputs, QoderDeploymentArgs } from "./arguments";
import { casConfigAdvice, settingsInMetadata } from "./cas-config";
import { likelyMistakes } from "./likely-mistakes";
import { limitRemarks } from "./limits";
import { expiryText, stayingText, unfitEnvironment, waitingToolTexts } from "./named-remarks";
import { pauseRequest } from "./pause-request";
import { pauseOf, stateRemarks } from "./paused";
import { type Deployment, deploymentSchema } from "./reply";
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

const text = z.string();

/** The outputs that the service computes, each with its place in a reply. */
const outputs = {
  status: { recorded: text, read: ({ status }: Deployment) => status },
  pausedReason: {
    recorded: z.object({ type: text, error: z.object({ type: text }).optional() }),
    read({ paused_reason: reason, status }: Deployment) {
      if (reason == null) {
        const isPaused = status === undefined || status === "paused";
        return isPaused ? reason : null;
      }
      return { type: reason.type, ...(reason.error == null ? {} : { error: { type: reason.error.type } }) };
    },
  },
  agentVersion: { recorded: z.number(), read: ({ agent }: Deployment) => agent?.version ?? undefined },
  upcomingRunsAt: {
    recorded: z.array(text),
    read: ({ schedule }: Deployment) => (schedule === null ? [] : schedule?.upcoming_runs_at),
  },
  // "Create a deployment": the key is absent until the first run.
  lastRunAt: {
    recorded: text,
    read: ({ schedule }: Deployment) => (schedule === undefined ? undefined : (schedule?.last_run_at ?? null)),
  },
  ...commonOutputRows,
} satisfies OutputRows<Omit<DeploymentOutputs, keyof QoderDeploymentArgs>>;

/** The outputs on which a comparison of arguments depends: without the times of runs, which change without a change of the deployment. */
const compared = ({ agentVersion, effectiveMetadata, ...pause }: Partial<DeploymentOutputs>) => [
  agentVersion,
  pauseOf(pause),
  settingsInMetadata(effectiveMetadata),
];

/** "API reference: deployments". */
export const deploymentKind: ResourceKind<DeploymentArguments> = {
  ...deployments,
  references: "agent, environment, vaults and resources",
  reply: replyOf(fields, deploymentSchema.shape),
  fields,
  insteadOf,
  outputs,
  ownRequest: pauseRequest,
  // "Archive a deployment": the archive renames the deployment "to free the original name".
  naming: { isUnique: true },
  advices: [casConfigAdvice],
  compared,
  remarks: {
    change: (change, now) => [
      ...scheduleRemarks(change, now),
      ...storeRemarks(change),
      ...repositoryRemarks(change),
      ...likelyMistakes(change),
    ],
    asked: async (asking, id, change, now) => [
      ...(await limitRemarks(asking.client, id, change, now)),
      ...(await movedVersion(asking, change)),
    ],
    declared: declaredRemarks,
    state: stateRemarks,
  },
};

/** The remarks about the objects that a deployment names. */
function declaredRemarks(inputs: Properties, find: FindDeclaration, exists: boolean): PlanRemark[] {
  const { agent, environmentId, environmentVariables, resources, schedule } = inputs;
  const [named, environment] = [find(agents, isObject(agent) ? agent["id"] : agent), find(environments, environmentId)];
  const { tools, mcpServers } = named?.inputs ?? {};
  const isSecret = named?.secrets.includes("tools") === true;
  const waiting = containsUnknown(tools) ? [] : waitingToolTexts(tools, isSecret);
  const { config } = environment?.inputs ?? {};
  const servers = containsUnknown(mcpServers) ? [] : mcpServers;
  const unfit =
    environment === undefined || containsUnknown(config)
      ? []
      : unfitEnvironment(config, { variables: environmentVariables, mounted: resources, servers });
  const mounted = schedule === undefined || !Array.isArray(resources) ? [] : resources;
  const isStaying = exists && idAlone(agent) !== undefined && !containsUnknown(agent) && named?.isChanging === true;
  return [
    ...(isStaying ? [planWarning("stays-behind", stayingText(named.name))] : []),
    ...waiting.map((text) => planWarning("waiting-tool", `its agent "${named?.name}" ${text}`)),
    ...unfit.map((text) => planWarning("environment", `its environment "${environment?.name}" ${text}`)),
    ...mounted.flatMap((one) => {
      const file = isObject(one) && one["type"] === files.noun ? find(files, one["fileId"]) : undefined;
      const text = expiryText(file?.inputs["expiresInSeconds"]);
      return text === undefined ? [] : [planWarning("expiring-file", `its file "${file?.name}" ${text}`)];
    }),
  ];
}
