import { shownMetadata } from "./cas-config";
import { canonicalEnvironmentVariables } from "./environment-variables";
import { shownEvents } from "./initial-events";
import type { Owner } from "./owners";
import { shownResources } from "./resources";
import { upcomingRuns } from "./schedule";
import type { Switches } from "./switches";
import type { Budget, Deployment, Schedule } from "./wire";

/** The stored fields: those of the reply without the fields that follow the clock, and with the credentials. */
export type DeploymentFields = Omit<Deployment, "schedule" | "environment_variables" | "budget"> & {
  schedule: StoredSchedule | null;
  environment_variables: string;
  budget: Budget | null;
};

export type StoredSchedule = Pick<Schedule, "type" | "expression" | "timezone">;

export interface StoredDeployment {
  readonly id: string;
  readonly owner: Owner;
  fields: DeploymentFields;
  lastRunAt: string | undefined;
}

/** The Deployment object of a reply at this time. */
export function deploymentReply(stored: StoredDeployment, switches: Switches, now: Date): Deployment {
  const { schedule, environment_variables: variables, budget, ...fields } = stored.fields;
  const upcoming = schedule === null ? [] : upcomingRuns(schedule, now);
  return structuredClone({
    ...fields,
    description: fields.description || switches.descriptionUnset,
    initial_events: shownEvents(fields.initial_events, switches),
    resources: shownResources(fields.resources, switches),
    vault_ids: switches.vaultOrder === "sort" ? [...fields.vault_ids].sort() : fields.vault_ids,
    // "Archive a deployment" keeps the next trigger in the stats, and empties `upcoming_runs_at`.
    metadata: shownMetadata(fields.metadata, switches, upcoming[0]),
    schedule: schedule === null ? null : { ...schedule, ...runTimes(stored, upcoming) },
    ...(switches.generation === 1 ? {} : generationTwoFields(variables, budget, switches)),
  });
}

function runTimes(stored: StoredDeployment, upcoming: string[]) {
  return {
    upcoming_runs_at: stored.fields.archived_at === null ? upcoming : [],
    ...(stored.lastRunAt === undefined ? {} : { last_run_at: stored.lastRunAt }),
  };
}

/** No example shows `budget`, so a reply has the key only if a budget is set. */
function generationTwoFields(variables: string, budget: Deployment["budget"], switches: Switches) {
  return {
    environment_variables:
      switches.environmentVariables === "canonical" ? canonicalEnvironmentVariables(variables) : variables,
    ...(budget ? { budget } : {}),
  };
}
