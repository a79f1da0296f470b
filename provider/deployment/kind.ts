import { z } from "zod";
import { agents } from "../agent/kind";
import { files } from "../file/kind";
import { memoryStores } from "../memory-store/kind";
import { type ResourceKind, replyOf } from "../resource/kind";
import { each, type NamedKind, type NamingPlace } from "../resource/named";
import { commonOutputRows, type OutputRows } from "../resource/outputs";
import { planWarning } from "../resource/plan-remark";
import { vaults } from "../vault/kind";
import { agentIdOf } from "./agent";
import type { DeploymentOutputs, QoderDeploymentArgs } from "./arguments";
import { casConfigAdvice, settingsInMetadata } from "./cas-config";
import { type DeploymentArguments, fields } from "./fields";
import { pause, pauseOf, servicePause } from "./paused";
import { type Deployment, deploymentSchema } from "./reply";
import { storeRemarks } from "./resources";
import { scheduleRemarks } from "./schedule-remarks";

const environments: NamedKind = { noun: "environment", collection: "environments" };

/** Where the arguments of a deployment name other objects. One row a place: what a new argument names is a row here. */
const named: readonly NamingPlace[] = [
  { at: ["agent"], kind: agents, isNeeded: true },
  { at: ["environmentId"], kind: environments, isNeeded: true },
  { at: ["vaultIds", each], kind: vaults },
  { at: ["resources", each, "memoryStoreId"], kind: memoryStores },
  { at: ["resources", each, "fileId"], kind: files },
  { at: ["initialEvents", each, "content", each, "source", "fileId"], kind: files },
  { at: ["initialEvents", each, "rubric", "fileId"], kind: files },
];

const text = z.string();

/** One row an output. */
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
    read: ({ schedule }: Deployment) => (schedule === undefined ? undefined : (schedule?.upcoming_runs_at ?? [])),
  },
  // "Create a deployment": the key is absent until the first run.
  lastRunAt: {
    recorded: text,
    read: ({ schedule }: Deployment) => (schedule === undefined ? undefined : (schedule?.last_run_at ?? null)),
  },
  ...commonOutputRows,
} satisfies OutputRows<Omit<DeploymentOutputs, keyof QoderDeploymentArgs>>;

/** "API reference: deployments". */
export const deploymentKind: ResourceKind<DeploymentArguments> = {
  label: "QoderDeployment",
  noun: "deployment",
  references: "agent, environment, vaults and resources",
  collection: "deployments",
  idPrefix: "dep_",
  reply: replyOf(fields, deploymentSchema.shape),
  fields,
  outputs,
  statusChange: pause,
  named,
  // Archiving one renames it, "to free the original name".
  hasUniqueNames: true,
  advices: [casConfigAdvice],
  compared: (outputs: Partial<DeploymentOutputs>) => [
    outputs.agentVersion,
    pauseOf(outputs),
    settingsInMetadata(outputs.effectiveMetadata),
  ],
  witness({ agent }) {
    const id = agentIdOf(agent);
    return id === undefined ? undefined : { path: ["agents", id], called: "its agent" };
  },
  changeRemarks: (change, now) => [...scheduleRemarks(change, now), ...storeRemarks(change)],
  stateRemarks(outputs: Partial<DeploymentOutputs>) {
    const reason = servicePause(outputs);
    return reason === undefined
      ? []
      : [
          planWarning(
            "paused-by-service",
            `the service paused this deployment ${reason}; it does not run until somebody unpauses it`,
          ),
        ];
  },
};
