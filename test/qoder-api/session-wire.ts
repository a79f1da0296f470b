import type { Budget, JsonObject } from "./wire";

/** Sessions and their events as the reference pages and the clients' types show them. */

export interface OutcomeEvaluation {
  outcome_id: string;
  type: "outcome_evaluation";
  description: string;
  /** `needs_revision` starts another iteration; `satisfied`, `failed`, `max_iterations_reached` and `interrupted` are final. */
  result: string;
  explanation: string;
  iteration: number;
  completed_at: string | null;
}

export interface Session {
  id: string;
  type: "session";
  /** Only some pages have the status `canceling`. */
  status: "idle" | "running" | "rescheduling" | "canceling" | "terminated";
  title: string | null;
  deployment_id: string | null;
  /** The agent as it was when the session started. */
  agent: JsonObject;
  environment_id: string;
  /** An object; the same member of a deployment is a text. */
  environment_variables: Record<string, string>;
  resources: JsonObject[];
  vault_ids: string[];
  metadata: JsonObject;
  budget?: Budget;
  outcome_evaluations: OutcomeEvaluation[];
  stats: { active_seconds: number; duration_seconds: number };
  usage: {
    total_credits?: number;
    model_credits?: number;
    sandbox_runtime_credits?: number;
    active_seconds?: number;
  };
  archived_at: string | null;
  created_at: string;
  updated_at: string;
}

/** An event of a session. Only events show errors and stop reasons. */
export interface SessionEvent {
  id: string;
  type: string;
  processed_at: string;
  [member: string]: unknown;
}
