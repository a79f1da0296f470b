import type { SharedFields, StoredObject } from "./managed-objects";
import type { Session, SessionEvent } from "./session-wire";
import type { Budget, JsonObject } from "./wire";

/** The stored fields: the service computes the counters and the fields that follow the clock. */
export type SessionFields = SharedFields &
  Omit<Session, "type" | "budget" | "stats" | "usage"> & { budget: Budget | null };

export interface StoredSession extends StoredObject {
  fields: SessionFields;
  readonly events: SessionEvent[];
  readonly createdAt: number;
  /** True if the session has run: before and after its work, the status is the same. */
  hasBegun: boolean;
  /** The start of the present work; undefined while the session is idle, and after its end. */
  workingSince: number | undefined;
  activeMs: number;
  endedAt: number | undefined;
  cancelAt: number | undefined;
  credits: { model: number; sandbox: number } | undefined;
}

export interface Credits {
  model?: number;
  sandbox?: number;
}

export interface Evaluation {
  result: string;
  explanation?: string;
}

/** The end of a session; with success if nothing is set. */
export interface SessionEnding {
  /** "idle" if left out. */
  status?: "idle" | "terminated";
  /** `end_turn` if left out, or `retries_exhausted` with an error. Helpers of the clients also accept a text, and null. */
  stop_reason?: JsonObject | string | null;
  /** Members of the error in its event. If left out, `retry_status` follows from the status. */
  error?: JsonObject;
  /** The costs of the turn. */
  credits?: Credits;
  /** The duration of the work; absent if the clock gives it. */
  activeSeconds?: number;
  /** The evaluations before the end, in this order. */
  outcomes?: readonly Evaluation[];
  /** The last message of the agent; null for no message. */
  message?: string | null;
}
