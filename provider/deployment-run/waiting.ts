import type { QoderClient } from "../api/client";
import { info } from "../api/remark";
import { creationTime } from "../resource/age";
import type { EndedRun } from "./result-outputs";
import { resultText } from "./verdict";

export const firstPauseMs = 2_000;
const longestPauseMs = 15_000;

/** Short while a short session may end, and never so long that somebody waits much longer than the session. */
export function nextPauseMs(pauseMs: number): number {
  return Math.min(pauseMs * 1.5, longestPauseMs);
}

// "Errors": shortly after it was made the API may not show an object yet; half a minute was seen at services of its kind.
const settlingMs = 60_000;

/** Whether another look may find something else, without anybody's doing. */
export function isLookedAtAgain(
  { came_to: result, created_at: createdAt }: EndedRun,
  now: number,
  passedMs: number,
): boolean {
  const state = result?.state;
  if (state === undefined) {
    // The session may be too young to be shown.
    return Math.max(now - (creationTime(createdAt) ?? now), passedMs) < settlingMs;
  }
  return state === "running" || state === "not started yet";
}

const firstWordMs = 15_000;
const longestSilenceMs = 5 * 60_000;

/** Tells the person who waits how it goes on: when that is another state, else at ever longer distances. */
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
