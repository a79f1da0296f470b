import { runStatus } from "../../../command/status/main";
import type { Streams } from "../../../command/terminal";
import { ShiftedClock } from "../../support/shifted-clock";
import { CommandWorld } from "../command-world";
import { type Ended, ended } from "../ended";
import { skipWaits } from "../system-clock";

export const token = "pt-status-51c0";

/** An account with a clock that the test sets, and the status command in Shanghai, which skips its waits. */
export class StatusWorld extends CommandWorld {
  /** By how much the clock of the machine that runs the command is ahead of the service's. */
  machineAheadMs = 0;
  agent = "";
  environmentId = "";

  async start(): Promise<void> {
    skipWaits(this.clock);
    this.machineAheadMs = 0;
    this.day(20);
    await this.startApi({
      tokens: { [token]: "mine", "pt-second-7a11": "second" },
      clock: () => this.clock.date(),
      seed: 13,
      switches: { duplicateNames: "allow" },
    });
    this.agent = this.api.agents.create().id;
    this.environmentId = this.api.environments.create().id;
  }

  /** Sets the clock to nine o'clock in Shanghai on this day of November, when the schedule is due. */
  day(day: number): void {
    this.at(Date.UTC(2026, 10, day, 1));
  }

  /** Sets the clock, to a time in milliseconds since the epoch. */
  at(time: number): void {
    this.clock.pass(time - this.clock.now());
  }

  /** Adds a deployment to the account and returns its id. */
  create(name: string, more: Readonly<Record<string, unknown>> = {}): string {
    return this.api.deployments.create({
      name,
      agent: this.agent,
      environment_id: this.environmentId,
      initial_events: [{ type: "user.message", content: "hello" }],
      schedule: { type: "cron", expression: "0 9 * * *", timezone: "Asia/Shanghai" },
      ...more,
    }).id;
  }

  /** From now on each request for this path meets the fault. */
  fault(path: string | RegExp, fault: { readonly status: number } | { readonly members: object }): void {
    const times = Number.POSITIVE_INFINITY;
    this.api.fault(
      "status" in fault
        ? { kind: "status", status: fault.status, path, times }
        : { kind: "replace-body", transform: (reply) => ({ ...reply, ...fault.members }), path, times },
    );
  }

  get environment() {
    return { QODER_PAT: token, QODER_BASE_URL: this.api.url };
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

  /** The deployments that --json prints. */
  async json(...args: string[]) {
    return JSON.parse((await this.status(...args, "--json")).stdout);
  }

  #run(args: readonly string[], environment: Readonly<Record<string, string>>, streams: Streams): Promise<number> {
    return runStatus(args, environment, streams, {
      timeZone: "Asia/Shanghai",
      clock: new ShiftedClock(this.clock, this.machineAheadMs),
    });
  }

  /** Method, path and query of every request. */
  get requests(): string[] {
    return this.api.requests.map(({ method, path, query }) => {
      const text = new URLSearchParams(query).toString();
      return `${method} ${path}${text === "" ? "" : `?${text}`}`;
    });
  }
}

/** The ids of deployments in a text, in their order. */
export const idsOf = (text: string) => [...text.matchAll(/dep_\w+/g)].map(([id]) => id);

export const notAsked = { status: 2, stdout: "" };
export const misused = { status: 64, stdout: "" };

export function useStatusWorld(): StatusWorld {
  const world = new StatusWorld();
  beforeEach(() => world.start());
  afterEach(async () => {
    jest.restoreAllMocks();
    await world.api.close();
  });
  return world;
}
