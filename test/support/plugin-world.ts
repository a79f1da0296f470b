import { messageText } from "../../provider/resource/engine/answer";
import { type QoderApi, startQoderApi } from "../qoder-api";
import { defaultSwitches } from "../qoder-api/switches";
import { InProcessProvider, type LoadedKind } from "./in-process-provider";
import type { KindRow } from "./kind-row";
import { onlyLive, takeRequests } from "./observed";
import type { Properties, Provider } from "./provider";
import { originOf, SimulatedStack } from "./simulated-stack";
import { SkippingClock } from "./skipping-clock";

const token = "pt-test";
const hourMs = 3_600_000;
/** The engine needs more than this to start the next command. */
const betweenCommandsMs = 1_500;

/** The stand-in API for one test file, a provider for each command, one clock for both, and fresh names for each test. */
export class PluginWorld {
  /** What the providers of all commands have printed. */
  readonly output: string[] = [];
  #stacks = 0;

  private constructor(
    readonly api: QoderApi,
    readonly clock: SkippingClock,
    readonly agent: string,
    readonly otherAgent: string,
    readonly environment: string,
    readonly otherEnvironment: string,
  ) {}

  static async start(): Promise<PluginWorld> {
    const clock = new SkippingClock();
    const api = await startQoderApi({
      tokens: { [token]: "default", "pt-other": "other" },
      clock: () => clock.date(),
    });
    const [agent, otherAgent] = [api.agents.create().id, api.agents.create().id];
    const [environment, otherEnvironment] = [api.environments.create().id, api.environments.create().id];
    return new PluginWorld(api, clock, agent, otherAgent, environment, otherEnvironment);
  }

  async stop(): Promise<void> {
    await this.api.close();
  }

  /** As if the service were new: no deployments, no faults, the switches as documented. */
  reset(): void {
    for (const { id } of this.api.deployments.all()) {
      this.api.deployments.remove(id);
    }
    this.api.clearFaults();
    this.api.clearRequests();
    Object.assign(this.api.switches, defaultSwitches());
    this.output.length = 0;
    this.clock.slept.length = 0;
    this.#stacks += 1;
  }

  /** As `reset`, and of agents and environments only its own. */
  resetAll(): void {
    const own = [this.agent, this.otherAgent, this.environment, this.otherEnvironment];
    for (const objects of [this.api.agents, this.api.environments]) {
      for (const { id } of objects.all().filter((object) => !own.includes(object.id))) {
        objects.remove(id);
      }
    }
    this.reset();
  }

  /** The provider as the engine starts it for one command. */
  command(more: Readonly<Record<string, string>> = {}, kind?: LoadedKind): Provider {
    this.passTime(betweenCommandsMs);
    const config = { "qoder:pat": token, "qoder:baseUrl": this.api.url, ...more };
    return new InProcessProvider({
      ...(kind === undefined ? {} : { kind }),
      config,
      clock: this.clock,
      environment: {},
      tell: async ({ severity, text }) => {
        this.output.push(messageText(severity, text));
      },
    });
  }

  /**
   * Each stack has another name, so that no key of an earlier test's create is used again. With a provider, all its
   * commands are one run of the engine.
   */
  stack(command?: Provider): SimulatedStack {
    this.#stacks += 1;
    return new SimulatedStack(
      () => command ?? this.command(),
      `urn:pulumi:dev${this.#stacks}::project::pulumi-nodejs:dynamic/qoder:Deployment::daily`,
    );
  }

  /** A stack with a resource of another kind. */
  stackOf(kind: LoadedKind & { readonly type: string }): SimulatedStack {
    this.#stacks += 1;
    return new SimulatedStack(() => this.command({}, kind), originOf(kind.type, `dev${this.#stacks}`));
  }

  /** A resource of another kind as an earlier `up` left it, without the requests of that and what it printed. */
  async existing(kind: KindRow, args: Properties): Promise<{ stack: SimulatedStack; id: string; path: string }> {
    const stack = this.stackOf(kind);
    await stack.up(args);
    const id = stack.state?.id ?? "";
    this.sent();
    this.output.length = 0;
    return { stack, id, path: `/${kind.collection}/${id}` };
  }

  /** The same declaration with nothing in its state, as after an `up` that was cut off. */
  again({ origin }: SimulatedStack, config: Readonly<Record<string, string>> = {}): SimulatedStack {
    return new SimulatedStack(() => this.command(config), origin);
  }

  /** For the service and for the providers. */
  passTime(milliseconds: number): void {
    this.clock.pass(milliseconds);
  }

  /** It is removed elsewhere, so long after its creation that a 404 is no sign of youth. */
  vanish(id: string): void {
    this.passTime(hourMs);
    this.api.deployments.remove(id);
  }

  /** The least a program can declare. */
  args(more: Properties = {}): Properties {
    return {
      agent: this.agent,
      environmentId: this.environment,
      initialEvents: [{ type: "user.message", content: "Generate today's status report" }],
      ...more,
    };
  }

  /** See `takeRequests`. */
  sent(): unknown[] {
    return takeRequests(this.api);
  }

  get live() {
    return onlyLive(this.api);
  }
}
