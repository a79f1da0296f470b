/** Why a run has no session. */
export interface RunError {
  /** For example `agent_archived_error`. */
  readonly type: string;
  readonly message: string;
}
