import type { SharedFields, StoredObject } from "./managed-objects";
import type { Session, SessionEvent } from "./session-wire";
import type { Budget, JsonObject } from "./wire";

/** What the service counts and what follows the clock is not kept. */
export type SessionFields = SharedFields &
  Omit<Session, "type" | "budget" | "stats" | "usage"> & { budget: Budget | null };

export interface StoredSession extends StoredObject {
  fields: SessionFields;
  readonly events: SessionEvent[];
  readonly createdAt: number;
  /** A fresh session is as idle as one that has done its work. */
  hasBegun: boolean;
  /** Undefined while it is idle, and once it has terminated. */
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

/** How a session ends: with its work done unless told otherwise. */
export interface SessionEnding {
  /** "idle" when left out. */
  status?: "idle" | "terminated";
  /** `end_turn` when left out, `retries_exhausted` with an error. Helpers of the clients also take a text, and none at all. */
  stop_reason?: JsonObject | string | null;
  /** Members of the error in its event. `retry_status` follows from the status when left out. */
  error?: JsonObject;
  /** What the turn took. */
  credits?: Credits;
  /** How long it ran, when that is not told by the clock. */
  activeSeconds?: number;
  /** What graders found before, in this order. */
  outcomes?: readonly Evaluation[];
  /** What the agent says at last; `null` when it says nothing. */
  message?: string | null;
}
