import { runStatus } from "../../../command/status/main";
import type { Streams } from "../../../command/terminal";
import { ShiftedClock } from "../../support/skipping-clock";
import { CommandWorld } from "../command-world";
import { type Ended, ended } from "../ended";
import { skipWaits } from "../system-clock";

export { token } from "../command-world";

/** An account with a clock that the test sets, and the status command in Shanghai, which skips its waits. */
export class StatusWorld extends CommandWorld {
  async start(): Promise<void> {
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
