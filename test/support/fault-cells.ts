import type { Column, Expected, Row, Truth } from "./fault-columns";
import type { Place, Places } from "./fault-places";
import type { Properties, State } from "./provider";
import { SimulatedStack } from "./simulated-stack";
import { timeLimits } from "./time-limits";
import { World } from "./world";

/** The time limit in seconds: enough for five tries with their pauses. */
const usualLimit = 10;

/** The results of one cell. */
export interface Observed {
  readonly sent: readonly string[];
  readonly error: string | undefined;
  readonly state: Expected["state"] | `wrong: ${string}`;
  /** The mistakes in the commands that follow after the fault. */
  readonly afterwards: readonly string[];
}

/** A world for one cell at a time. */
export class CellWorld {
  private constructor(
    private readonly world: World,
    private readonly places: Places,
  ) {}

  static async start(places: Places): Promise<CellWorld> {
    return new CellWorld(await World.start(), places);
  }

  async stop(): Promise<void> {
    await this.world.stop();
  }

  async observe(row: Row, column: Column): Promise<Observed> {
    const { api } = this.world;
    this.world.reset();
    const before = await this.#status(row, column);
    this.#make(row.truth?.[column.name]);
    const stack = this.#resumed(before, row.place);
    const id = before.state?.id ?? "";
    this.#strike(row, column, id);
    const error = await outcome(this.#run(stack, row, column));
    const sent = this.#sent();
    api.clearFaults();
    const state = stateOf(stack.state, before.state, column.wanted);
    const after = this.#resumed(stack);
    const afterwards = (await outcome(this.#converge(after, row, column))) ?? "";
    return { sent, error, state, afterwards: [...afterwards.split("\n"), ...this.#orphans()].filter(Boolean) };
  }

  /** The stack after the earlier commands. They have the usual limit; the limit of the row counts from here on. */
  async #status({ limit }: Row, { before }: Column): Promise<SimulatedStack> {
    const stack = this.world.stack();
    if (before !== undefined) {
      await stack.up(this.world.args({ ...timeLimits(usualLimit), ...before }));
    }
    if (stack.state !== undefined && limit !== undefined) {
      const { inputs, outputs } = stack.state;
      const limits = timeLimits(limit);
      stack.state = { ...stack.state, inputs: { ...inputs, ...limits }, outputs: { ...outputs, ...limits } };
    }
    return stack;
  }

  #resumed(from: SimulatedStack, place?: Place): SimulatedStack {
    const config = place === undefined ? {} : { "qoder:baseUrl": this.places.baseUrl(place) };
    const stack = new SimulatedStack(() => this.world.command({ config }), from.origin);
    stack.state = from.state;
    stack.unfinished = from.unfinished;
    return stack;
  }

  #args({ limit = usualLimit }: Row, more: Properties): Properties {
    return this.world.args({ ...timeLimits(limit), ...more });
  }

  #strike({ fault }: Row, { struck }: Column, id: string): void {
    this.world.api.clearRequests();
    const [method = "", path = ""] = struck.replace("ID", id).split(" ");
    if (fault !== undefined) {
      this.world.api.fault({ times: Number.POSITIVE_INFINITY, ...fault, method, path });
    }
  }

  #run(stack: SimulatedStack, row: Row, { command, wanted }: Column): Promise<unknown> {
    return command === "up" ? stack.up(this.#args(row, wanted)) : stack[command]();
  }

  /** Runs the commands that a person runs next. Throws if a result is wrong. */
  async #converge(stack: SimulatedStack, row: Row, column: Column): Promise<void> {
    const truth = row.truth?.[column.name];
    if (column.command === "destroy") {
      if (stack.state !== undefined) {
        await stack.destroy();
      }
      return;
    }
    if (truth === "name taken") {
      this.world.api.deployments.archive(this.#only());
    }
    if (stack.state !== undefined && (truth === "removed" || truth === "archived")) {
      await stack.refresh();
    }
    // A service that removed the object answers the same create with it again, so the default limit counts: this create waits until no
    // new object is hidden any more.
    const args: Properties = { ...this.world.args(column.wanted), __origin: stack.origin };
    await stack.up(args);
    const wrong = [
      difference("the live deployment", this.#only(), stack.state?.id),
      difference(
        "its description",
        this.world.api.deployments.get(this.#only()).description,
        args["description"] ?? "",
      ),
      difference(
        "its status",
        this.world.api.deployments.get(this.#only()).status,
        args["paused"] ? "paused" : "active",
      ),
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
    const { deployments } = this.world.api;
    switch (truth) {
      case "name taken":
        deployments.create({
          name: "daily",
          agent: this.world.agent,
          environment_id: this.world.environment,
          initial_events: [{ type: "user.message", content: [{ type: "text", text: "Somebody else's" }] }],
        });
        return;
      case "removed":
        this.world.vanish(this.#only());
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
    return this.world.live.id;
  }

  #orphans(): string[] {
    return this.world.api.deployments.live().map(({ id }) => `${id} is live in the end`);
  }

  #sent(): string[] {
    return this.world.api.requests.map(({ method, path, body }) => {
      const shown = path.replace(/dep_\w+/, "ID").replace(/agent_\w+/, "AGENT");
      return `${method} ${shown}${JSON.stringify(body) === "{}" ? " {}" : ""}`;
    });
  }
}

/** The error message; undefined for a success. */
function outcome(command: Promise<unknown>): Promise<string | undefined> {
  return command.then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : `not an Error: ${String(error)}`),
  );
}

function stateOf(after: State | undefined, before: State | undefined, wanted: Properties): Observed["state"] {
  if (after === undefined) {
    return "none";
  }
  if (JSON.stringify(after) === JSON.stringify(before)) {
    return "as before";
  }
  if (after.outputs["__open"] !== undefined) {
    return "open";
  }
  // An active deployment has no reason of a pause.
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
