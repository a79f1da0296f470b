import type { Deployment } from "./api/schema";

/** Why a deployment rests. */
export interface PausedReason {
  /** `manual`: somebody paused it, or `paused: true` did. `error`: the service did, after a run failed. */
  readonly type: string;
  /** With `error`: what failed, for example `agent_archived_error`. */
  readonly error?: { readonly type: string };
}

/** What the service computes. Outputs only: nothing here takes part in a diff. */
export interface ServerOutputs {
  readonly status: string;
  readonly pausedReason: PausedReason;
  readonly archivedAt: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly agentVersion: number;
  readonly upcomingRunsAt: readonly string[];
  readonly lastRunAt: string;
  readonly effectiveMetadata: Readonly<Record<string, unknown>>;
}

type Reader<Value> = (deployment: Deployment) => Value | null | undefined;

/** One row an output. Undefined: the reply does not tell. Null: there is none. */
const readers: { readonly [Name in keyof ServerOutputs]: Reader<ServerOutputs[Name]> } = {
  status: ({ status }) => status,
  pausedReason: ({ paused_reason: reason, status }) => {
    if (reason == null) {
      const isPaused = status === undefined || status === "paused";
      return isPaused ? reason : null;
    }
    return { type: reason.type, ...(reason.error == null ? {} : { error: { type: reason.error.type } }) };
  },
  archivedAt: (deployment) => deployment.archived_at,
  createdAt: (deployment) => deployment.created_at,
  updatedAt: (deployment) => deployment.updated_at,
  agentVersion: ({ agent }) => agent?.version ?? undefined,
  upcomingRunsAt: ({ schedule }) => (schedule === undefined ? undefined : (schedule?.upcoming_runs_at ?? [])),
  // "Create a deployment": the key is absent until the first run.
  lastRunAt: ({ schedule }) => (schedule === undefined ? undefined : (schedule?.last_run_at ?? null)),
  effectiveMetadata: ({ metadata }) => (metadata === null ? {} : metadata),
};

/** What the deployment tells; what it does not tell stays as it was recorded. */
export function serverOutputs(
  deployment: Deployment,
  recorded: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const outputs = Object.entries(readers).map(([name, read]) => {
    const told = read(deployment);
    return [name, told === undefined ? recorded[name] : told] as const;
  });
  return Object.fromEntries(outputs.filter(([, value]) => value != null));
}
