import { z } from "zod";
import { commonOutputRows, type OutputRows } from "../resource/outputs";
import type { DeploymentOutputs } from "./outputs";
import type { Deployment } from "./reply";

const text = z.string();

/** One row an output. */
export const outputRows: OutputRows<DeploymentOutputs> = {
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
};
