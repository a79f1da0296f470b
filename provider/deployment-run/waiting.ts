import type { QoderClient } from "../api/client";
import { info } from "../api/remark";
import { creationTime, settlingMs } from "../resource/age";
import type { EndedRun } from "./result-outputs";
import { resultText } from "./verdict";

export const firstPauseMs = 2_000;
const longestPauseMs = 15_000;

/**
 * The next pause between two requests: short at first, for short sessions, and limited, so that `up` does not wait much
 * longer than the session.
 */
export function nextPauseMs(pauseMs: number): number {
  return Math.min(pauseMs * 1.5, longestPauseMs);
}

/** Whether another request may find another state, without any action of a person. */
export function isLookedAtAgain(
  { came_to: result, created_at: createdAt }: EndedRun,
  now: number,
  passedMs: number,
): boolean {
  const state = result?.state;
  if (state === undefined) {
    // The service may not show a new session yet.
    return Math.max(now - (creationTime(createdAt) ?? now), passedMs) < settlingMs;
  }
  return state === "running" || state === "not started yet";
}

const firstWordMs = 15_000;
const longestSilenceMs = 5 * 60_000;

/** Reports the progress to the person who waits: at each new state, and otherwise at growing intervals. */
export class Progress {
  #told: string | undefined;
  #nextMs = firstWordMs;

  constructor(private readonly client: QoderClient) {}

  async tell({ id, session_id: sessionId, came_to: result }: EndedRun, passedMs: number): Promise<void> {
    const state = resultText(result);
    const isNews = this.#told !== undefined && this.#told !== state;
    if (passedMs < this.#nextMs && !isNews) {
      return;
    }
    this.#told = state;
    this.#nextMs = Math.max(firstWordMs, passedMs + Math.min(passedMs, longestSilenceMs));
    const session = sessionId == null ? "" : ` (session ${sessionId})`;
    await this.client.remark(info(`waits for the end of ${id}${session}: ${state}, ${Math.round(passedMs / 1_000)} s`));
  }
}
