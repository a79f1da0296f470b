import { type QoderApi, startQoderApi } from "../qoder-api";
import type { Column, Expected, Row, Truth } from "./fault-columns";
import type { Place, Places } from "./fault-places";
import { InProcessProvider } from "./in-process-provider";
import type { Properties, State } from "./provider";
import { SimulatedStack } from "./simulated-stack";
import { SkippingClock } from "./skipping-clock";
import { timeLimits } from "./time-limits";

const hourMs = 3_600_000;
/** The engine needs more than this to start the next command. */
const betweenCommandsMs = 1_500;
/** In seconds. Five tries, with the pauses between them. */
const usualLimit = 10;
/** Of real time: what waits only does so by the clock that skips. */
const hangAfterMs = 20_000;

/** What a cell showed. */
export interface Observed {
  readonly sent: readonly string[];
  readonly error: string | undefined;
  readonly state: Expected["state"] | `wrong: ${string}`;
  /** Of the commands that follow when the fault is over: what is not as it must be. */
  readonly afterwards: readonly string[];
}

/** A service of its own, a provider for each command, and one clock for both. */
export class CellWorld {
  #cells = 0;

  private constructor(
    readonly api: QoderApi,
    private readonly clock: SkippingClock,
    private readonly places: Places,
    private readonly declared: { readonly agent: string; readonly environmentId: string },
  ) {}

  static async start(places: Places): Promise<CellWorld> {
    const clock = new SkippingClock();
    const api = await startQoderApi({ clock: () => clock.date() });
    const declared = { agent: api.agents.create().id, environmentId: api.environments.create().id };
    return new CellWorld(api, clock, places, declared);
  }

  async stop(): Promise<void> {
    await this.api.close();
  }

  /** Another one for each cell, so that no key of an earlier create is used again. */
  get #origin(): string {
    return `urn:pulumi:cell${this.#cells}::project::pulumi-nodejs:dynamic/qoder:Deployment::daily`;
  }

  async observe(row: Row, column: Column): Promise<Observed> {
    this.#clear();
    this.#cells += 1;
    // How often a request is repeated must not depend on the machine. What really waits for the service needs real time.
    if (row.limit === undefined) {
      this.clock.freeze();
    } else {
      this.clock.thaw();
    }
    const before = this.#stack();
    if (column.before !== undefined) {
      await before.up(this.#args(row, column.before));
    }
    this.#make(row.truth?.[column.name]);
    const stack = this.#stack(row.place, before);
    const id = before.state?.id ?? "";
    this.#strike(row, column, id);
    const error = await outcome(this.#run(stack, row, column));
    const sent = this.#sent();
    this.api.clearFaults();
    const state = stateOf(stack.state, before.state, column.wanted);
    const after = this.#stack(undefined, stack);
    const afterwards = (await outcome(this.#converge(after, row, column))) ?? "";
    return { sent, error, state, afterwards: [...afterwards.split("\n"), ...this.#orphans()].filter(Boolean) };
  }

  /** With a provider of its own for each command, and with the state of an earlier one. */
  #stack(place?: Place, from?: SimulatedStack): SimulatedStack {
    const baseUrl = place === undefined ? this.api.url : this.places.baseUrl(place);
    const config = { "qoder:pat": "pt-test", "qoder:baseUrl": baseUrl };
    const surroundings = { clock: this.clock, environment: {}, tell: async () => {} };
    const command = () => {
      this.clock.pass(betweenCommandsMs);
      return new InProcessProvider({ config, ...surroundings });
    };
    const stack = new SimulatedStack(command, this.#origin);
    stack.state = from?.state;
    stack.unfinished = from?.unfinished ?? false;
    return stack;
  }

  #args(row: Row, more: Properties): Properties {
    const { limit = usualLimit } = row;
    const limits = timeLimits(limit);
    return { ...this.declared, initialEvents: [{ type: "user.message", content: "Report" }], ...limits, ...more };
  }

  #strike({ fault }: Row, { struck }: Column, id: string): void {
    this.api.clearRequests();
    const [method = "", path = ""] = struck.replace("ID", id).split(" ");
    if (fault !== undefined) {
      this.api.fault({ times: Number.POSITIVE_INFINITY, ...fault, method, path });
    }
  }

  #run(stack: SimulatedStack, row: Row, { command, wanted }: Column): Promise<unknown> {
    return command === "up" ? stack.up(this.#args(row, wanted)) : stack[command]();
  }

  /** The commands that a person runs next. Throws what is not as it must be. */
  async #converge(stack: SimulatedStack, row: Row, column: Column): Promise<void> {
    const truth = row.truth?.[column.name];
    if (column.command === "destroy") {
      if (stack.state !== undefined) {
        await stack.destroy();
      }
      return;
    }
    if (truth === "name taken") {
      this.api.deployments.archive(this.#only());
    }
    if (stack.state !== undefined && (truth === "removed" || truth === "archived")) {
      await stack.refresh();
    }
    const args: Properties = { ...this.#args(row, column.wanted), __origin: this.#origin };
    await stack.up(args);
    const wrong = [
      difference("the live deployment", this.#only(), stack.state?.id),
      difference("its description", this.api.deployments.get(this.#only()).description, args["description"] ?? ""),
      difference("its status", this.api.deployments.get(this.#only()).status, args["paused"] ? "paused" : "active"),
      difference("preview", await stack.preview(args), "same"),
      difference("refresh", await stack.refresh(), "same"),
      difference("the origin after refresh", stack.state?.inputs["__origin"], args["__origin"]),
      difference("preview after refresh", await stack.preview(args), "same"),
    ].filter((line) => line !== undefined);
    await stack.destroy();
    if (wrong.length > 0) {
      throw new Error(wrong.join("\n"));
    }
  }

  #make(truth: Truth | undefined): void {
    const { deployments } = this.api;
    switch (truth) {
      case "name taken":
        deployments.create({
          name: "daily",
          agent: this.declared.agent,
          environment_id: this.declared.environmentId,
          initial_events: [{ type: "user.message", content: [{ type: "text", text: "Somebody else's" }] }],
        });
        return;
      case "removed":
        // So long after its creation that a 404 is no sign of youth.
        this.clock.pass(hourMs);
        deployments.remove(this.#only());
        return;
      case "archived":
        deployments.archive(this.#only());
        return;
      case "paused":
        deployments.pause(this.#only());
        return;
      case "active":
        deployments.unpause(this.#only());
        return;
    }
  }

  #only(): string {
    const [deployment, ...others] = this.api.deployments.live();
    if (deployment === undefined || others.length > 0) {
      throw new Error(`${this.api.deployments.live().length} deployments are live instead of one`);
    }
    return deployment.id;
  }

  #orphans(): string[] {
    return this.api.deployments.live().map(({ id }) => `${id} is live in the end`);
  }

  #sent(): string[] {
    return this.api.requests.map(({ method, path, body }) => {
      const shown = path.replace(/dep_\w+/, "ID").replace(/agent_\w+/, "AGENT");
      return `${method} ${shown}${JSON.stringify(body) === "{}" ? " {}" : ""}`;
    });
  }

  #clear(): void {
    for (const { id } of this.api.deployments.all()) {
      this.api.deployments.remove(id);
    }
  }
}

/** The error message; undefined for a success. */
async function outcome(command: Promise<unknown>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<string>((resolve) => {
    timer = setTimeout(() => resolve(`no answer within ${hangAfterMs / 1_000} s`), hangAfterMs);
  });
  const ended = command.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : `not an Error: ${String(error)}`),
  );
  return Promise.race([ended, hang]).finally(() => clearTimeout(timer));
}

function stateOf(after: State | undefined, before: State | undefined, wanted: Properties): Observed["state"] {
  if (after === undefined) {
    return "none";
  }
  if (JSON.stringify(after) === JSON.stringify(before)) {
    return "as before";
  }
  if (after.outputs["__open"] === true) {
    return "open";
  }
  // Nobody pauses an active deployment for a reason.
  const dropped = Object.keys(before?.outputs ?? {}).filter((key) => key !== "pausedReason" && !(key in after.outputs));
  if (dropped.length > 0) {
    return `wrong: dropped ${dropped.join(", ")}`;
  }
  const isWanted = Object.entries(wanted).every(([name, value]) => after.outputs[name] === value);
  return isWanted ? "as wanted" : "changed";
}

function difference(what: string, found: unknown, wanted: unknown): string | undefined {
  return found === wanted ? undefined : `${what} is ${String(found)} instead of ${String(wanted)}`;
}
