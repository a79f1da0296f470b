import { runStatus } from "../../../provider/command/status/main";
import { type QoderApi, startQoderApi } from "../../qoder-api";
import { type Ended, ended } from "../ended";

export const token = "pt-status-51c0";

/** An account with a clock that the test sets, and the status command, run in the time zone of Shanghai. */
export class StatusWorld {
  #now = new Date();
  #api: QoderApi | undefined;
  agent = "";
  environmentId = "";

  get api(): QoderApi {
    if (this.#api === undefined) {
      throw new Error("the stand-in has not been started");
    }
    return this.#api;
  }

  async start(): Promise<void> {
    this.day(20);
    this.#api = await startQoderApi({
      tokens: { [token]: "mine", "pt-second-7a11": "second" },
      clock: () => this.#now,
      seed: 13,
      switches: { duplicateNames: "allow" },
    });
    this.agent = this.api.agents.create().id;
    this.environmentId = this.api.environments.create().id;
  }

  /** Sets the clock to nine o'clock in Shanghai on this day of November, when the schedule is due. */
  day(day: number): void {
    this.#now = new Date(Date.UTC(2026, 10, day, 1));
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

  status(...args: string[]): Promise<Ended> {
    return this.statusWith({ QODER_PAT: token, QODER_BASE_URL: this.api.url }, ...args);
  }

  statusWith(environment: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended> {
    const place = { timeZone: "Asia/Shanghai", now: this.#now.getTime() };
    return ended((streams) => runStatus(args, environment, streams, place));
  }

  /** Runs the command in a terminal with this number of columns. */
  statusIn(columns: number, ...args: string[]): Promise<Ended> {
    const environment = { QODER_PAT: token, QODER_BASE_URL: this.api.url };
    const place = { timeZone: "Asia/Shanghai", now: this.#now.getTime() };
    return ended(({ stdout, stderr }) =>
      runStatus(args, environment, { stdout: { write: (text) => stdout.write(text), columns }, stderr }, place),
    );
  }

  /** Method, path and query of every request. */
  get requests(): string[] {
    return this.api.requests.map(({ method, path, query }) => {
      const text = new URLSearchParams(query).toString();
      return `${method} ${path}${text === "" ? "" : `?${text}`}`;
    });
  }
}

export function useStatusWorld(): StatusWorld {
  const world = new StatusWorld();
  beforeEach(() => world.start());
  afterEach(() => world.api.close());
  return world;
}
