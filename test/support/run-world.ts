import type { Fault } from "../qoder-api";
import type { Switches } from "../qoder-api/switches";
import type { DeploymentRun, JsonObject } from "../qoder-api/wire";
import { KindWorld } from "./kind-world";
import { deploymentRun } from "./kinds";
import type { Properties, Provider } from "./provider";
import type { SimulatedStack } from "./simulated-stack";

const always = { times: Number.POSITIVE_INFINITY };

/** The stand-in with a deployment of its own for each test, and stacks that declare runs of it. */
export class RunWorld {
  deploymentId = "";
  #deployments = 0;

  private constructor(readonly world: KindWorld) {}

  static async start(): Promise<RunWorld> {
    return new RunWorld(await KindWorld.start(deploymentRun));
  }

  async stop(): Promise<void> {
    await this.world.stop();
  }

  /** As if the service were new, but for a deployment that has stood for a day. */
  reset(switches: Partial<Switches> = {}): void {
    this.world.reset(switches);
    this.deploymentId = this.deployment();
    this.world.clock.pass(24 * 3_600_000);
  }

  get api() {
    return this.world.api;
  }

  get output(): readonly string[] {
    return this.world.output;
  }

  deployment(more: JsonObject = {}): string {
    this.#deployments += 1;
    return this.api.deployments.create({
      name: `deployment ${this.#deployments}`,
      agent: "agent_a",
      environment_id: "env_a",
      initial_events: [{ type: "user.message", content: [{ type: "text", text: "Go" }] }],
      ...more,
    }).id;
  }

  args(more: Properties = {}): Properties {
    return { deploymentId: this.deploymentId, ...more };
  }

  stack(command?: Provider): SimulatedStack {
    return this.world.stack(command);
  }

  passMinutes(minutes: number): void {
    this.world.clock.pass(minutes * 60_000);
  }

  /** The runs of the deployment that got a session, oldest first. */
  get started(): readonly DeploymentRun[] {
    return this.api.runs
      .all()
      .filter(({ deployment_id: of, session_id: session }) => of === this.deploymentId && session !== null);
  }

  get startedIds(): readonly string[] {
    return this.started.map(({ id }) => id);
  }

  get ask(): string {
    return `/deployments/${this.deploymentId}/run`;
  }

  get list(): string {
    return `/deployments/${this.deploymentId}/runs`;
  }

  /** What the requests since the last call were for. */
  sent(): string[] {
    const names: Readonly<Record<string, string>> = {
      [`GET /deployments/${this.deploymentId}`]: "DEPLOYMENT",
      [`GET ${this.list}`]: "LIST",
      [`POST ${this.ask}`]: "RUN",
    };
    const lines = this.api.requests.map(({ method, path }) => names[`${method} ${path}`] ?? `${method} ${path}`);
    this.api.clearRequests();
    return lines;
  }

  /** Meets every request to start a run. */
  strike(fault: Omit<Fault, "method" | "path">): void {
    this.api.fault({ ...always, ...fault, method: "POST", path: this.ask });
  }

  /**
   * An `up` of which the provider dies at its request of this number, before or after the service acted on it. The same
   * resource with what the engine still knows of it.
   */
  async killed(
    stack: SimulatedStack,
    args: Properties,
    request: number,
    when: "before" | "after",
  ): Promise<SimulatedStack> {
    const skip = request - 1;
    this.api.fault({ kind: when === "before" ? "reset-before" : "reset-after", skip });
    this.api.fault({ kind: "reset-before", ...always, skip });
    const ended = this.world.ending(stack);
    await expect(ended.up(args)).rejects.toThrow("the process has ended");
    this.api.clearFaults();
    this.api.clearRequests();
    const next = this.world.again(stack);
    next.state = ended.state;
    next.pendingReplacement = ended.pendingReplacement;
    return next;
  }
}
