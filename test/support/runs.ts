import type { Fault } from "../qoder-api";
import type { SessionEnding } from "../qoder-api/session-life";
import type { DeploymentRun, JsonObject } from "../qoder-api/wire";
import { endAtStart } from "./ended-runs";
import type { Properties } from "./provider";
import type { SimulatedStack } from "./simulated-stack";
import type { KindWorld } from "./world";

export const always = { times: Number.POSITIVE_INFINITY };

/** The purposes of the requests that start a run. */
export const start: readonly string[] = ["DEPLOYMENT", "LIST", "RUN"];

/** The runs of one deployment, in a world for tests of runs. */
export class Runs {
  readonly deploymentId = "dep_a";
  readonly ask = `/deployments/${this.deploymentId}/run`;
  readonly list = `/deployments/${this.deploymentId}/runs`;
  #deployments = 0;

  constructor(private readonly world: KindWorld) {}

  deployment(more: JsonObject = {}): string {
    this.#deployments += 1;
    return this.world.api.deployments.create({
      name: `deployment ${this.#deployments}`,
      agent: "agent_a",
      environment_id: "env_a",
      initial_events: [{ type: "user.message", content: [{ type: "text", text: "Go" }] }],
      ...more,
    }).id;
  }

  passMinutes(minutes: number): void {
    this.world.passTime(minutes * 60_000);
  }

  /** The runs of the deployment that got a session, oldest first. */
  get started(): readonly DeploymentRun[] {
    return this.world.api.runs
      .all()
      .filter(({ deployment_id: of, session_id: session }) => of === this.deploymentId && session !== null);
  }

  get startedIds(): readonly string[] {
    return this.started.map(({ id }) => id);
  }

  sessionOf({ state }: SimulatedStack): string {
    return String(state?.outputs["sessionId"]);
  }

  /** The purposes of the requests since the last call. */
  sent(): string[] {
    const names: Readonly<Record<string, string>> = {
      [`GET /deployments/${this.deploymentId}`]: "DEPLOYMENT",
      [`GET ${this.list}`]: "LIST",
      [`POST ${this.ask}`]: "RUN",
    };
    const lines = this.world.api.requests.map(({ method, path }) => names[`${method} ${path}`] ?? `${method} ${path}`);
    this.world.api.clearRequests();
    return lines;
  }

  /** Adds a fault for every request that starts a run. */
  strike(fault: Omit<Fault, "method" | "path">): void {
    this.world.api.fault({ ...always, ...fault, method: "POST", path: this.ask });
  }

  /** Lets the session of the next run end as soon as the run has started. */
  strikeWithEnd(ending: SessionEnding): void {
    endAtStart(this.world.api, () => ending, { path: this.ask, times: 1 });
  }

  /**
   * Runs an `up` whose provider dies at the request with this number, before or after the service acted. Returns the same
   * resource with the state that the engine still has.
   */
  async killed(
    stack: SimulatedStack,
    args: Properties,
    request: number,
    when: "before" | "after",
  ): Promise<SimulatedStack> {
    const skip = request - 1;
    this.world.api.fault({ kind: when === "before" ? "reset-before" : "reset-after", skip });
    this.world.api.fault({ kind: "reset-before", ...always, skip });
    const ended = this.world.ending(stack);
    await expect(ended.up(args)).rejects.toThrow("the process has ended");
    this.world.api.clearFaults();
    this.world.api.clearRequests();
    return this.world.later(ended);
  }
}
