import { type QoderApi, startQoderApi } from "../qoder-api";
import { defaultSwitches, type Switches } from "../qoder-api/switches";
import { DynamicProvider, type Properties } from "./dynamic-provider";
import { SimulatedStack } from "./simulated-stack";
import { until } from "./until";

export type Service = Pick<Switches, "idempotencyKeys" | "duplicateNames">;

export const honoured: Service = { idempotencyKeys: "honour", duplicateNames: "conflict" };
export const honouredOnly: Service = { idempotencyKeys: "honour", duplicateNames: "allow" };
export const namesOnly: Service = { idempotencyKeys: "ignore", duplicateNames: "conflict" };
export const neither: Service = { idempotencyKeys: "ignore", duplicateNames: "allow" };

/** A service, and provider processes as each command of the engine starts one. */
export class InterruptedWorld {
  #tests = 0;

  private constructor(
    readonly api: QoderApi,
    private readonly clock: { aheadMs: number },
    private readonly processes: Readonly<Record<"first" | "later", DynamicProvider>>,
    readonly declared: Properties,
  ) {}

  static async start(): Promise<InterruptedWorld> {
    const clock = { aheadMs: 0 };
    const api = await startQoderApi({ clock: () => new Date(Date.now() + clock.aheadMs) });
    const [first, later] = await Promise.all([newProcess(api), newProcess(api)]);
    const declared = {
      agent: api.agents.create().id,
      environmentId: api.environments.create().id,
      initialEvents: [{ type: "user.message", content: "Report" }],
    };
    return new InterruptedWorld(api, clock, { first, later }, declared);
  }

  async stop(): Promise<void> {
    await Promise.all([this.processes.first.stop(), this.processes.later.stop()]);
    await this.api.close();
  }

  /** Nothing of an earlier test is known to the service, nor meant by a process. */
  reset(service: Partial<Service> = {}): void {
    this.#tests += 1;
    for (const { id } of this.api.deployments.all()) {
      this.api.deployments.remove(id);
    }
    this.api.clearFaults();
    this.api.clearRequests();
    Object.assign(this.api.switches, defaultSwitches(), service);
  }

  stack(process: "first" | "later" | DynamicProvider, stack = "dev", name = "daily"): SimulatedStack {
    const provider = typeof process === "string" ? this.processes[process] : process;
    const origin = `urn:pulumi:${stack}${this.#tests}::project::pulumi-nodejs:dynamic/qoder:Deployment::${name}`;
    return new SimulatedStack(provider, origin);
  }

  newProcess(): Promise<DynamicProvider> {
    return newProcess(this.api);
  }

  /** The time that an engine needs at least to start the next command. */
  passTime(): void {
    this.clock.aheadMs += 1_500;
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

  /** The service acts, and before its answer the process dies. */
  async killProvider(args: Properties): Promise<string> {
    this.api.fault({ kind: "silence", method: "POST", path: "/deployments" });
    const provider = await this.newProcess();
    const up = expect(this.stack(provider).up(args)).rejects.toThrow();
    await this.haveLive(1);
    await provider.stop();
    await up;
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

function newProcess(api: QoderApi): Promise<DynamicProvider> {
  return DynamicProvider.start({ config: { "qoder:pat": "pt-test", "qoder:baseUrl": api.url } });
}
