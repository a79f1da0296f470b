import type { Deployment } from "./api/schema";
import type { ServerOutputs } from "./deployment-outputs";

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

/**
 * What the deployment tells; what it does not tell stays as it was recorded. Null where there is none: the SDK takes an
 * output that is absent for unknown in every preview (pulumi/pulumi sdk/nodejs/runtime/rpc.ts, `resolveProperties`).
 */
export function serverOutputs(
  deployment: Deployment,
  recorded: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const outputs = Object.entries(readers).map(([name, read]) => {
    const told = read(deployment);
    return [name, (told === undefined ? recorded[name] : told) ?? null] as const;
  });
  return Object.fromEntries(outputs);
}
