import { type QoderApi, startQoderApi } from "../qoder-api";
import { defaultSwitches } from "../qoder-api/switches";
import { DynamicProvider, type Properties } from "./dynamic-provider";
import { onlyLive, takeRequests } from "./observed";
import { SimulatedStack } from "./simulated-stack";

const token = "pt-test";

/** The provider server and the stand-in API for one test file, and fresh names for each test. */
export class PluginWorld {
  private constructor(
    readonly api: QoderApi,
    readonly provider: DynamicProvider,
    readonly agent: string,
    readonly otherAgent: string,
    readonly environment: string,
    readonly otherEnvironment: string,
  ) {}

  static async start(): Promise<PluginWorld> {
    const api = await startQoderApi({ tokens: { [token]: "default", "pt-other": "other" } });
    const provider = await DynamicProvider.start({ config: { "qoder:pat": token, "qoder:baseUrl": api.url } });
    const [agent, otherAgent] = [api.agents.create().id, api.agents.create().id];
    const [environment, otherEnvironment] = [api.environments.create().id, api.environments.create().id];
    return new PluginWorld(api, provider, agent, otherAgent, environment, otherEnvironment);
  }

  async stop(): Promise<void> {
    await this.provider.stop();
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
    this.#stacks += 1;
  }
  #stacks = 0;

  /** Each stack has another name, so that no key of an earlier test's create is used again. */
  stack(): SimulatedStack {
    this.#stacks += 1;
    return new SimulatedStack(
      this.provider,
      `urn:pulumi:dev${this.#stacks}::project::pulumi-nodejs:dynamic/qoder:Deployment::daily`,
    );
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
