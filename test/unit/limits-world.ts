import { runLimits } from "../../command/limits/main";
import type { WriteSurroundings } from "../../command/terminal";
import { ShiftedClock } from "../support/skipping-clock";
import { startAdvised } from "./advised-commands";
import { CommandWorld, ofTests } from "./command-world";
import { type Ended, ended } from "./ended";
import { deployment, useToldPulumi } from "./stack/told-stack";

/** A deployment of the stack. */
interface Member {
  readonly limits?: object;
  /** The credits of its runs, by their times, such as 19T13 for one o'clock in UTC on the 19th of November. */
  readonly costs?: Readonly<Record<string, number>>;
  readonly more?: Readonly<Record<string, unknown>>;
}

type Config = Readonly<Record<string, string>>;

/** A stack and what its deployments cost, on Friday, 20 November at ten in the morning in Shanghai. */
class LimitsWorld extends CommandWorld {
  readonly told = useToldPulumi();

  constructor(private readonly expression: string) {
    super();
  }

  override async start(): Promise<void> {
    await this.startApi();
    this.at("2026-09-01T02:00:00Z");
    this.create("the first");
    this.at("2026-11-20T02:00:00Z");
    this.api.deployments.remove(this.api.deployments.all()[0]?.id ?? "");
  }

  override create(name: string, more: Readonly<Record<string, unknown>> = {}): string {
    const schedule = { type: "cron", expression: this.expression, timezone: "Asia/Shanghai" };
    return super.create(name, { schedule, ...more });
  }

  /** A run at this time that costs this many credits and ends. */
  paid(id: string, time: string, model: number): string {
    const now = this.clock.now();
    this.at(/^\d\dT\d\d$/.test(time) ? `2026-11-${time}:00:00Z` : time);
    const session = this.run(id, { credits: { model } });
    this.at(now);
    return session;
  }

  /** Creates these deployments with what they cost, in one stack, and returns their ids. */
  fleet<Name extends string>(members: Readonly<Record<Name, Member>>, config: Config = {}): Record<Name, string> {
    const all = Object.entries<Member>(members);
    const ids = Object.fromEntries(all.map(([name, { more = {} }]) => [name, this.create(name, more)]));
    for (const [name, { costs = {} }] of all) {
      for (const [time, credits] of Object.entries(costs)) {
        this.paid(String(ids[name]), time, credits);
      }
    }
    this.stack(Object.fromEntries(all.map(([name, { limits }]) => [String(ids[name]), limits])), config);
    return ids as Record<Name, string>;
  }

  /** The stack of these deployments by their ids, each with its limits. */
  stack(limits: Readonly<Record<string, object | undefined>>, config: Config = {}, more: readonly object[] = []): void {
    const resources = Object.entries(limits).map(([id, one]) => {
      const { name } = this.api.deployments.get(id);
      return deployment(`${name}-resource`, id, "default", { inputs: { name, ...(one ? { limits: one } : {}) } });
    });
    this.told.pulumi.holds(this.api.url, [...resources, ...more], config);
    this.api.clearRequests();
  }

  limits(args: readonly string[] = ["--stack"], more: Partial<WriteSurroundings> = {}): Promise<Ended> {
    const environment = { ...this.environment, ...this.told.pulumi.environment };
    const clock = this.machineAheadMs === 0 ? this.clock : new ShiftedClock(this.clock, this.machineAheadMs);
    const surroundings = { clock, ask: undefined, timeZone: "Asia/Shanghai", ...more };
    return ended((streams) => runLimits(args, environment, streams, surroundings));
  }

  async json(...args: string[]) {
    return JSON.parse((await this.limits(["--stack", ...args, "--json"])).stdout);
  }

  pause = (...args: string[]) => startAdvised(this.clock, ["pause", ...args], this.environment);

  resume = (...args: string[]) => startAdvised(this.clock, ["resume", ...args], this.told.pulumi.environment);

  /** From now on these replies show sessions with these members. */
  sessions(path: string | RegExp, members: object): void {
    const shown = (session: unknown) => ({ ...Object(session), ...members });
    const transform = (reply: object) =>
      "data" in reply ? { ...reply, data: [reply.data].flat().map(shown) } : { ...shown(reply) };
    this.api.fault({ kind: "replace-body", path, transform, times: Number.POSITIVE_INFINITY });
  }
}

/** `expression`: when the deployments run, in Shanghai. */
export const useLimitsWorld = (expression: string) => ofTests(new LimitsWorld(expression));
