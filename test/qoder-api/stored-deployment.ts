import type { Owner } from "./owners";
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
