/** The objects of the API as its reference pages show them. */

export type JsonObject = Record<string, unknown>;

/** The members of the objects that a person archives. */
export interface Archivable {
  id: string;
  metadata: JsonObject;
  archived_at: string | null;
  created_at: string;
  updated_at: string;
}

export interface AgentReference {
  id: string;
  type: "agent";
  version: number;
}

export interface Schedule {
  type: "cron";
  expression: string;
  timezone: string;
  upcoming_runs_at: string[];
  /** The key is absent until the first run. */
  last_run_at?: string;
}

export interface Budget {
  type: "limit";
  max_credit_cost: string;
}

export interface ErrorDetail {
  type: string;
  message: string;
}

type PausedReason = { type: "manual" } | { type: "error"; error: { type: string } };

export interface Deployment extends Archivable {
  type: "deployment";
  name: string;
  description: string | null;
  agent: AgentReference;
  environment_id: string;
  /** Null if the deployment has no schedule. */
  schedule: Schedule | null;
  initial_events: JsonObject[];
  resources: JsonObject[];
  vault_ids: string[];
  /** Texts by their keys; in generation 1 also the reserved object `cas_config`. */
  metadata: JsonObject;
  /** Absent in generation 1. */
  environment_variables?: string;
  budget?: Budget | null;
  status: "active" | "paused";
  paused_reason: PausedReason | null;
}

export type RunTrigger = { type: "manual" } | { type: "schedule"; scheduled_at: string };

export interface DeploymentRun {
  id: string;
  type: "deployment_run";
  deployment_id: string;
  agent: AgentReference;
  session_id: string | null;
  error: ErrorDetail | null;
  trigger_context: RunTrigger;
  created_at: string;
  /** The fields below belong to generation 1. */
  status?: "running" | "completed" | "failed" | "skipped";
  triggered_at?: string;
  completed_at?: string;
  duration_ms?: number;
  cas_run_extras?: { attempt: number; turn_id: string; started_at: string };
}

export interface Agent extends Archivable {
  type: "agent";
  name: string;
  description: string;
  model: string | JsonObject;
  system: string;
  tools: JsonObject[];
  mcp_servers: JsonObject[];
  skills: JsonObject[];
  multiagent: JsonObject | null;
  version: number;
}

export interface Environment extends Archivable {
  type: "environment";
  name: string;
  description: string;
  config: JsonObject;
  /** Only the types of the official clients have this member. */
  scope?: string;
}

export interface Vault extends Archivable {
  type: "vault";
  display_name: string;
}

export interface VaultCredential extends Archivable {
  type: "vault_credential";
  vault_id: string;
  auth: JsonObject;
  /** A create accepts a name, which no reply shows. */
  display_name: string | null;
}

export interface MemoryStore extends Archivable {
  type: "memory_store";
  name: string;
  description: string;
  status: "active" | "archived";
  /** Both numbers change by themselves when agents write. */
  entry_count: number;
  total_size: number;
}

export interface Skill {
  id: string;
  type: "skill";
  display_title: string;
  /** Absent in the newest types, which have it only on the version. */
  description?: string;
  source: "custom" | "qoder";
  /** Null if every version was deleted. */
  latest_version: string | null;
  metadata: JsonObject;
  created_at: string;
  updated_at: string;
}

export interface SkillVersion {
  id: string;
  type: "skill_version";
  skill_id: string;
  /** The time of the upload in microseconds. */
  version: string;
  name: string;
  description: string;
  directory: string;
  created_at: string;
  /** Only real replies have the fields below. */
  content_size?: number;
  content_sha256?: string;
  status?: "active";
  updated_at?: string;
}

export interface FileMetadata {
  id: string;
  type: "file";
  filename: string;
  mime_type: string;
  size_bytes: number;
  /** Both members change by themselves when sessions use and write files. */
  downloadable: boolean;
  scope: { id: string; type: "session" } | null;
  metadata: JsonObject;
  created_at: string;
  expires_at?: string | null;
}

export interface ModelInfo {
  id: string;
  type: "model";
  display_name: string;
  source: "system" | "user";
  is_enabled: boolean;
  is_new: boolean;
  price_factor?: number;
  efforts?: string[];
  default_effort?: string;
  max_input_tokens?: number;
  default_context_window?: number;
  available_context_windows?: number[];
}

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

export interface Session extends Archivable {
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
  budget?: Budget;
  outcome_evaluations: OutcomeEvaluation[];
  stats: { active_seconds: number; duration_seconds: number };
  usage: { total_credits?: number };
}

/** An event of a session. Only events show errors and stop reasons. */
export interface SessionEvent {
  id: string;
  type: string;
  processed_at: string;
  [member: string]: unknown;
}
