import { z } from "zod";
import { deployments } from "../program/named-kinds";
import { type ResourceKind, replyOf } from "../resource/kind";
import { commonOutputRows, type OutputRows } from "../resource/outputs";
import { planWarning } from "../resource/plan-remark";
import { agentIdOf } from "./agent";
import type { DeploymentOutputs, QoderDeploymentArgs } from "./arguments";
import { casConfigAdvice, settingsInMetadata } from "./cas-config";
import { type DeploymentArguments, fields } from "./fields";
import { insteadOf } from "./instead-of";
import { named } from "./named";
import { pause, pauseOf, servicePause } from "./paused";
import { type Deployment, deploymentSchema } from "./reply";
import { storeRemarks } from "./resources";
import { scheduleRemarks } from "./schedule-remarks";

const text = z.string();

/** The outputs, one row for each. */
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
  ...deployments,
  references: "agent, environment, vaults and resources",
  reply: replyOf(fields, deploymentSchema.shape),
  fields,
  insteadOf,
  outputs,
  statusChange: pause,
  named,
  // "Archive a deployment": the archive renames the deployment "to free the original name".
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
