import { type QoderApi, type QoderApiOptions, startQoderApi } from "../qoder-api";
import { SkippingClock } from "../support/skipping-clock";

/** The token of the account `mine`, and of the account `second`. */
export const token = "pt-mine-51c0";
export const secondToken = "pt-second-7a11";

type Members = Readonly<Record<string, unknown>>;

/** What a path answers from now on: an error, or the reply with other members, of the reply itself or of each object in its list. */
type Shown =
  | { readonly status: number }
  | { readonly members: object }
  | { readonly each: (object: Members) => object };

/** Accounts for the tests of a command, with objects by short words, and one clock of the service and the command. */
export abstract class CommandWorld {
  readonly clock = new SkippingClock();
  /** By how much the clock of the machine that runs the command is ahead of the service's. */
  machineAheadMs = 0;
  #api: QoderApi | undefined;
  #agent: string | undefined;
  #environmentId: string | undefined;

  start(): Promise<void> {
    return this.startApi();
  }

  async stop(): Promise<void> {
    jest.restoreAllMocks();
    await this.api.close();
  }

  get api(): QoderApi {
    if (this.#api === undefined) {
      throw new Error("the stand-in has not been started");
    }
    return this.#api;
  }

  protected async startApi(options: QoderApiOptions = {}): Promise<void> {
    this.machineAheadMs = 0;
    this.#agent = undefined;
    this.#environmentId = undefined;
    this.#api = await startQoderApi({
      tokens: { [token]: "mine", [secondToken]: "second" },
      clock: () => this.clock.date(),
      seed: 13,
      ...options,
      switches: { duplicateNames: "allow", ...options.switches },
    });
  }

  /** The agent of deployments that name no other. */
  get agent(): string {
    this.#agent ??= this.api.agents.create({ name: "reporter" }).id;
    return this.#agent;
  }

  /** The environment of deployments that name no other. */
  get environmentId(): string {
    this.#environmentId ??= this.api.environments.create({ name: "cloud" }).id;
    return this.#environmentId;
  }

  get environment() {
    return { QODER_PAT: token, QODER_BASE_URL: this.api.url };
  }

  /** Adds a deployment to the account, which runs at nine o'clock in Shanghai, and returns its id. */
  create(name: string, more: Members = {}): string {
    return this.api.deployments.create({
      name,
      agent: this.agent,
      environment_id: this.environmentId,
      initial_events: [{ type: "user.message", content: "hello" }],
      schedule: { type: "cron", expression: "0 9 * * *", timezone: "Asia/Shanghai" },
      ...more,
    }).id;
  }

  /** Starts a run now, and ends its session so if an ending is given; returns the session. */
  run(id: string, ending?: object): string {
    const session = String(this.api.deployments.runBySchedule(id).session_id);
    if (ending !== undefined) {
      this.api.sessions.end(session, ending);
    }
    return session;
  }

  /** Starts a run whose session waits for a user. */
  waiting(id: string): string {
    return this.run(id, { stop_reason: { type: "requires_action", event_ids: ["evt_1"] } });
  }

  statuses(...ids: readonly string[]): string[] {
    return ids.map((id) => this.api.deployments.get(id).status);
  }

  /** Sets the clock to a time, in milliseconds since the epoch or as a text. */
  at(time: number | string): void {
    this.clock.pass((typeof time === "string" ? Date.parse(time) : time) - this.clock.now());
  }

  /** Sets the clock to nine o'clock in Shanghai on this day of November, when the schedule is due. */
  day(day: number): void {
    this.at(Date.UTC(2026, 10, day, 1));
  }

  /** Lets the deployment run by its schedule on these days of November, until noon of the 25th. */
  runsOn(id: string, ...days: readonly number[]): void {
    for (const day of days) {
      this.day(day);
      this.run(id, {});
    }
    this.at(Date.UTC(2026, 10, 25, 4));
  }

  /** From now on each request for this path, or each GET, meets the fault. */
  fault(path: string | RegExp, shown: Shown): void {
    const always = { path, times: Number.POSITIVE_INFINITY };
    if ("status" in shown) {
      this.api.fault({ kind: "status", status: shown.status, ...always });
      return;
    }
    const changed = "each" in shown ? shown.each : (one: Members) => ({ ...one, ...shown.members });
    const transform = (reply: Members) =>
      "each" in shown ? { ...reply, data: [reply["data"]].flat().map((one) => changed(Object(one))) } : changed(reply);
    this.api.fault({ kind: "replace-body", method: "GET", transform, ...always });
  }

  /** Method, path and query of every request. */
  get requests(): string[] {
    return this.api.requests.map(({ method, path, query }) => {
      const text = new URLSearchParams(query).toString();
      return `${method} ${path}${text === "" ? "" : `?${text}`}`;
    });
  }

  /** Method and path of each request except GETs. */
  get writes(): string[] {
    return this.api.requests.filter(({ method }) => method !== "GET").map(({ method, path }) => `${method} ${path}`);
  }
}

/** The world, new before each test of a file. */
export function ofTests<World extends CommandWorld>(world: World): World {
  beforeEach(() => world.start());
  afterEach(() => world.stop());
  return world;
}
