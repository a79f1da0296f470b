import { runCancel } from "../../../command/cancel/main";
import type { Streams } from "../../../command/printer";
import { runStatus } from "../../../command/status/main";
import type { SessionEnding } from "../../qoder-api/session-life";
import { ShiftedClock } from "../../support/skipping-clock";
import { CommandWorld, ofTests } from "../command-world";
import { type Ended, ended } from "../ended";
import { skipWaits } from "../system-clock";

export { token } from "../command-world";

/** What a run does before its end, and how it ends: with a message of its own unless another one is given. */
export interface Work extends SessionEnding {
  readonly minutes?: number;
  /** Artifacts with their sizes. */
  readonly gives?: Readonly<Record<string, number>>;
  /** The results of its tools: true for an error. */
  readonly calls?: readonly boolean[];
}

export const minute = 60_000;
export const hour = 60 * minute;
export const day = 24 * hour;
/** Nine o'clock in Shanghai, when the daily schedule is due. */
export const morning = Date.UTC(2026, 10, 20, 1);
export const unscheduled = { schedule: undefined };

/** An account with a clock that the test sets, and the status command in Shanghai, which skips its waits. */
class StatusWorld extends CommandWorld {
  override async start(): Promise<void> {
    skipWaits(this.clock);
    this.day(20);
    await this.startApi();
  }

  status(...args: string[]): Promise<Ended> {
    return this.statusWith(this.environment, ...args);
  }

  statusWith(environment: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> {
    return ended((streams) => this.#run(args, environment, streams));
  }

  /** Runs the command in a terminal with this number of columns. */
  statusIn(columns: number, ...args: string[]): Promise<Ended> {
    return ended((streams) => this.#run(args, this.environment, streams), columns);
  }

  /** Cancels what the arguments name. */
  async cancel(...args: string[]): Promise<void> {
    const surroundings = { clock: this.clock, ask: undefined };
    await ended((streams) => runCancel([...args, "--yes"], this.environment, streams, surroundings));
  }

  /** The deployments that --json prints. */
  async json(...args: string[]) {
    return JSON.parse((await this.status(...args, "--json")).stdout);
  }

  /** What the command prints, and what --json says of the first deployment. */
  async told(...args: string[]) {
    const ended = await this.status(...args);
    const [one] = ended.stdout === "" ? [] : await this.json(...args);
    return { ...ended, one, problems: (one?.problems ?? []) as string[] };
  }

  /** The problems that --json has of the first deployment. */
  async problems(...args: string[]): Promise<string[]> {
    const [one] = await this.json(...args);
    return one.problems;
  }

  /** A run by hand that starts at this time, and ends so; returns its session. */
  work(id: string, at: number, { minutes = 0, gives = {}, calls = [], ...ending }: Work = {}): string {
    const { deployments, sessions } = this.api;
    this.at(at);
    const session = String(deployments.run(id).session_id);
    this.at(at + minutes * minute);
    for (const is_error of calls) {
      sessions.addEvent(session, { type: "agent.tool_result", tool_use_id: "toolu_1", is_error });
    }
    for (const [original_filename, size] of Object.entries(gives)) {
      sessions.addEvent(session, { type: "agent.artifact_delivered", original_filename, size });
    }
    sessions.end(session, { message: `The work of ${session} is done.`, ...ending });
    return session;
  }

  /** Runs an hour apart until this time; returns their sessions. */
  hourly(id: string, end: number, ...works: readonly Work[]): string[] {
    const sessions = works.map((work, index) => this.work(id, end - (works.length - index) * hour, work));
    this.at(end);
    return sessions;
  }

  #run(args: readonly string[], environment: Readonly<Record<string, string>>, streams: Streams): Promise<number> {
    return runStatus(args, environment, streams, {
      timeZone: "Asia/Shanghai",
      clock: new ShiftedClock(this.clock, this.machineAheadMs),
    });
  }
}

/** The ids of deployments in a text, in their order. */
export const idsOf = (text: string) => [...text.matchAll(/dep_\w+/g)].map(([id]) => id);

export const notAsked = { status: 2, stdout: "" };
export const misused = { status: 64, stdout: "" };

export const useStatusWorld = () => ofTests(new StatusWorld());
