import type { QoderApi } from "./index";
import { SESSION_MILLISECONDS } from "./runs";
import { upcomingRuns } from "./schedule";
import type { SessionEnding } from "./session-life";
import type { Happening } from "./stand-in-types";
import type { Deployment } from "./wire";

/** How long a late grading comes after the end of the work. */
const LATE_MILLISECONDS = 20_000;

const FAILED: SessionEnding = {
  error: { type: "model_request_failed_error", message: "The model did not answer." },
  outcomes: [{ result: "failed", explanation: "There is nothing to grade." }],
};

/** How the work of a session ends. The grading counts only for a session with an outcome. */
const ENDINGS = {
  done: {},
  failed: FAILED,
  waiting: { stop_reason: { type: "requires_action", event_ids: [] }, outcomes: [] },
  budget: { stop_reason: { type: "budget_reached" }, outcomes: [] },
  "not-satisfied": { outcomes: [{ result: "max_iterations_reached", explanation: "The work lacks a part." }] },
  "paused-by-service": FAILED,
  silent: { message: null },
  "late-grading": { outcomes: [] },
} satisfies Readonly<Record<Exclude<Happening, "missed" | "never">, SessionEnding>>;

type Ending = keyof typeof ENDINGS | "never";

/** A clock that starts now, and goes `speed` times as fast as the real clock. */
export function fastClock(speed: number, realClock = () => Date.now()): () => Date {
  const start = realClock();
  return () => new Date(start + (realClock() - start) * speed);
}

interface FiringOptions {
  readonly schedules: boolean;
  /** They happen by turns. Empty: each session ends with success. */
  readonly happenings: readonly Happening[];
}

/** Does the work of the service itself: starts runs on schedule, and ends sessions. */
export class Firing {
  readonly #clock: () => Date;
  readonly #endings: readonly Ending[];
  #ungraded: readonly { readonly id: string; readonly dueAt: number }[] = [];
  #last: Date;
  readonly #endless = new Set<string>();
  #ended = 0;
  #due = 0;

  constructor(
    private readonly api: QoderApi,
    clock: () => Date,
    private readonly options: FiringOptions,
  ) {
    this.#clock = clock;
    const endings = options.happenings.filter((one) => one !== "missed");
    this.#endings = endings.length === 0 ? ["done"] : endings;
    this.#last = clock();
  }

  /** Does everything that is due since the last call, and returns a line for each event. */
  tick(): string[] {
    const now = this.#clock();
    const graded = this.#grade(now);
    const ended = this.#endSessions(now);
    const fired = this.options.schedules ? this.api.deployments.live().flatMap((one) => this.#fire(one, now)) : [];
    this.#last = now;
    return [...graded, ...ended, ...fired];
  }

  #fire({ id, status, schedule, created_at }: Deployment, now: Date): string[] {
    if (schedule === null || status !== "active") return [];
    const lines: string[] = [];
    let from = new Date(Math.max(this.#last.getTime(), Date.parse(created_at)));
    for (let due = upcomingRuns(schedule, from)[0]; due !== undefined; due = upcomingRuns(schedule, from)[0]) {
      from = new Date(due);
      if (from > now) break;
      this.#due += 1;
      if (this.options.happenings.includes("missed") && this.#due % 2 === 0) {
        lines.push(`${due} ${id} missed`);
        continue;
      }
      const { session_id, error } = this.api.deployments.runBySchedule(id, undefined, due);
      lines.push(`${due} ${id} fired: ${session_id ?? error?.type ?? "skipped"}`);
    }
    return lines;
  }

  #endSessions(now: Date): string[] {
    const due = this.api.sessions.live().filter(({ id, status }) => status === "running" && this.#isDue(id, now));
    return due.flatMap(({ id }) => {
      const ending = this.#endings[this.#ended % this.#endings.length] ?? "done";
      this.#ended += 1;
      this.#end(id, ending, now);
      return ending === "never" ? [] : [`${now.toISOString()} ${id} ${ending}`];
    });
  }

  #end(id: string, ending: Ending, now: Date): void {
    if (ending === "never") {
      this.#endless.add(id);
      return;
    }
    const { outcomes, ...others }: SessionEnding = ENDINGS[ending];
    const hasOutcome = this.api.sessions.events(id).some(({ type }) => type === "user.define_outcome");
    this.api.sessions.end(id, outcomes !== undefined && hasOutcome ? { ...others, outcomes } : others);
    if (ending === "late-grading" && hasOutcome) {
      this.#ungraded = [...this.#ungraded, { id, dueAt: now.getTime() + LATE_MILLISECONDS }];
    }
    const run = this.api.runs.all().find(({ session_id }) => session_id === id);
    if (ending === "paused-by-service" && run !== undefined) {
      this.api.deployments.pauseByError(run.deployment_id, "vault_not_found_error");
    }
  }

  #grade(now: Date): string[] {
    const due = this.#ungraded.filter(({ dueAt }) => dueAt <= now.getTime());
    this.#ungraded = this.#ungraded.filter((one) => !due.includes(one));
    return due.map(({ id }) => {
      this.api.sessions.evaluate(id, { result: "satisfied" });
      return `${now.toISOString()} ${id} graded`;
    });
  }

  /** True if the session has run long enough since it last began to run. */
  #isDue(id: string, now: Date): boolean {
    if (this.#endless.has(id)) return false;
    const begun = this.api.sessions.events(id).findLast(({ type }) => type === "session.status_running");
    return begun !== undefined && now.getTime() - Date.parse(begun.processed_at) >= SESSION_MILLISECONDS;
  }
}
