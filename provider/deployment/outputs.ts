import { z } from "zod";
import { commonOutputRows, type OutputRows } from "../resource/outputs";
import type { DeploymentOutputs, QoderDeploymentArgs } from "./arguments";
import { settingsInMetadata } from "./cas-config";
import { pauseOf } from "./paused";
import type { Deployment } from "./reply";

const text = z.string();

/** The outputs that the service computes, each with its place in a reply. */
export const outputs = {
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

/** The outputs on which a comparison of arguments depends: without the times of runs, which change without a change of the deployment. */
export const compared = ({ agentVersion, effectiveMetadata, ...pause }: Partial<DeploymentOutputs>) => [
  agentVersion,
  pauseOf(pause),
  settingsInMetadata(effectiveMetadata),
];
