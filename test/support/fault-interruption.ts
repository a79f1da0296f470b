import { type QoderApi, startQoderApi } from "../qoder-api";
import { defaultSwitches, type Switches } from "../qoder-api/switches";
import { DynamicProvider } from "./dynamic-provider";
import { EndingClock } from "./ending-clock";
import { InProcessProvider } from "./in-process-provider";
import type { Properties, Provider } from "./provider";
import { SimulatedStack } from "./simulated-stack";
import { SkippingClock } from "./skipping-clock";
import { until } from "./until";

export type Service = Pick<Switches, "idempotencyKeys" | "duplicateNames">;

export const honoured: Service = { idempotencyKeys: "honour", duplicateNames: "conflict" };
export const honouredOnly: Service = { idempotencyKeys: "honour", duplicateNames: "allow" };
export const namesOnly: Service = { idempotencyKeys: "ignore", duplicateNames: "conflict" };
export const neither: Service = { idempotencyKeys: "ignore", duplicateNames: "allow" };

const hourMs = 3_600_000;

/** A service, and the providers of a run of the engine and of a later one. */
export class InterruptedWorld {
  #tests = 0;
  #runs: Readonly<Record<"first" | "later", Provider>>;

  private constructor(
    readonly api: QoderApi,
    private readonly clock: SkippingClock,
    readonly declared: Properties,
  ) {
    this.#runs = this.#newRuns();
  }

  static async start(): Promise<InterruptedWorld> {
    const clock = new SkippingClock();
    const api = await startQoderApi({ clock: () => clock.date() });
    const declared = {
      agent: api.agents.create().id,
      environmentId: api.environments.create().id,
      initialEvents: [{ type: "user.message", content: "Report" }],
    };
    return new InterruptedWorld(api, clock, declared);
  }

  async stop(): Promise<void> {
    await this.api.close();
  }

  /** Nothing of an earlier test is known to the service, nor to a provider. */
  reset(service: Partial<Service> = {}): void {
    this.#tests += 1;
    this.#runs = this.#newRuns();
    for (const { id } of this.api.deployments.all()) {
      this.api.deployments.remove(id);
    }
    this.api.clearFaults();
    this.api.clearRequests();
    Object.assign(this.api.switches, defaultSwitches(), service);
  }

  stack(run: "first" | "later" | Provider, stack = "dev", name = "daily"): SimulatedStack {
    const provider = typeof run === "string" ? this.#runs[run] : run;
    const origin = `urn:pulumi:${stack}${this.#tests}::project::pulumi-nodejs:dynamic/qoder:Deployment::${name}`;
    return new SimulatedStack(() => provider, origin);
  }

  /** For what only a process can show: its end in the middle of many creates. */
  newProcess(): Promise<DynamicProvider> {
    return DynamicProvider.start({ config: configOf(this.api) });
  }

  /** The time that an engine needs at least to start the next command. */
  passTime(milliseconds = 3_000): void {
    this.clock.pass(milliseconds);
  }

  /** It is removed elsewhere, so long after its creation that a 404 is no sign of youth. */
  vanish(id: string): void {
    this.passTime(hourMs);
    this.api.deployments.remove(id);
  }

  #newRuns(): Readonly<Record<"first" | "later", Provider>> {
    return { first: this.#begin(this.clock), later: this.#begin(this.clock) };
  }

  #begin(clock: SkippingClock): Provider {
    return new InProcessProvider({ config: configOf(this.api), clock, environment: {}, tell: async () => {} });
  }

  /** The requests since the last call. A body without members is shown, as it asks whether a key is known. */
  sent(): string[] {
    const lines = this.api.requests.map(({ method, path, body }) => {
      const question = JSON.stringify(body) === "{}" ? " {}" : "";
      return `${method} ${path.replace(/dep_\w+/, "ID")}${question}`;
    });
    this.api.clearRequests();
    return lines;
  }

  live(): string[] {
    return this.api.deployments.live().map(({ id }) => id);
  }

  /** The service acts and no answer arrives; the message of the command that failed. */
  async loseAnswer(args: Properties): Promise<string> {
    this.api.fault({ kind: "reset-after", method: "POST", path: "/deployments", times: Number.POSITIVE_INFINITY });
    const stack = this.stack("first");
    const message = await stack.up(args).then(
      () => "nothing failed",
      (error: unknown) => String(error),
    );
    expect(message).toContain("got no answer");
    expect(stack.state).toBeUndefined();
    this.#interrupted();
    return message;
  }

  /** The service acts, and before its answer the process ends. */
  async endProvider(args: Properties): Promise<string> {
    this.api.fault({ kind: "reset-after", method: "POST", path: "/deployments" });
    const ending = this.#begin(new EndingClock(this.clock));
    await expect(this.stack(ending).up(args)).rejects.toThrow("the process has ended");
    this.#interrupted();
    return "";
  }

  async haveLive(count: number): Promise<void> {
    await until(
      () => this.live().length >= count,
      () => `${count} deployments are live, and not ${this.live().length}`,
    );
  }

  #interrupted(): void {
    expect(this.live()).toHaveLength(1);
    this.api.clearFaults();
    this.api.clearRequests();
  }
}

function configOf(api: QoderApi): Readonly<Record<string, string>> {
  return { "qoder:pat": "pt-test", "qoder:baseUrl": api.url };
}
