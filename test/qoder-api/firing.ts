import type { QoderApi } from "./index";
import { upcomingRuns } from "./schedule";
import type { SessionEnding } from "./session-life";
import type { Deployment } from "./wire";

/** "mixed": every second session fails. "never": a session runs until somebody cancels it. */
export type Endings = "done" | "failed" | "mixed" | "never";

/** The duration of the run in the example of "List runs". */
const SESSION_MILLISECONDS = 17_268;

const FAILED: SessionEnding = {
  error: { type: "model_request_failed_error", message: "The model did not answer." },
  outcomes: [{ result: "failed", explanation: "There is nothing to grade." }],
};

/** A clock that starts now, and goes `speed` times as fast as the real clock. */
export function fastClock(speed: number, realClock = () => Date.now()): () => Date {
  const start = realClock();
  return () => new Date(start + (realClock() - start) * speed);
}

/** Does the work of the service itself: starts runs on schedule, and ends sessions. */
export class Firing {
  readonly #api: QoderApi;
  readonly #clock: () => Date;
  readonly #options: { schedules: boolean; endings: Endings };
  #last: Date;
  #ended = 0;

  constructor(api: QoderApi, clock: () => Date, options: { schedules: boolean; endings: Endings }) {
    this.#api = api;
    this.#clock = clock;
    this.#options = options;
    this.#last = clock();
  }

  /** Does everything that is due since the last call, and returns a line for each event. */
  tick(): string[] {
    const now = this.#clock();
    const ended = this.#options.endings === "never" ? [] : this.#endSessions(now);
    const fired = this.#options.schedules ? this.#api.deployments.live().flatMap((one) => this.#fire(one, now)) : [];
    this.#last = now;
    return [...ended, ...fired];
  }

  #fire({ id, status, schedule, created_at }: Deployment, now: Date): string[] {
    if (schedule === null || status !== "active") return [];
    const lines: string[] = [];
    let from = new Date(Math.max(this.#last.getTime(), Date.parse(created_at)));
    for (let due = upcomingRuns(schedule, from)[0]; due !== undefined; due = upcomingRuns(schedule, from)[0]) {
      from = new Date(due);
      if (from > now) break;
      const { session_id, error } = this.#api.deployments.runBySchedule(id, undefined, due);
      lines.push(`${due} ${id} fired: ${session_id ?? error?.type ?? "skipped"}`);
    }
    return lines;
  }

  #endSessions(now: Date): string[] {
    const due = this.#api.sessions.live().filter(({ id, status }) => status === "running" && this.#isDue(id, now));
    return due.map(({ id }) => {
      const { endings } = this.#options;
      const isFailed = endings === "failed" || (endings === "mixed" && this.#ended % 2 === 1);
      this.#ended += 1;
      this.#api.sessions.end(id, isFailed ? FAILED : {});
      return `${now.toISOString()} ${id} ${isFailed ? "failed" : "done"}`;
    });
  }

  /** True if the session has run long enough since it last began to run. */
  #isDue(id: string, now: Date): boolean {
    const begun = this.#api.sessions.events(id).findLast(({ type }) => type === "session.status_running");
    return begun !== undefined && now.getTime() - Date.parse(begun.processed_at) >= SESSION_MILLISECONDS;
  }
}
