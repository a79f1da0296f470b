import { Clients } from "../../provider/account/settings";
import { messageText } from "../../provider/resource/engine/answer";
import { type QoderApi, startQoderApi } from "../qoder-api";
import { defaultSwitches, type Switches } from "../qoder-api/switches";
import type { JsonObject } from "../qoder-api/wire";
import { EndingClock } from "./ending-clock";
import { InProcessProvider } from "./in-process-provider";
import type { KindRow } from "./kind-row";
import { takeRequests } from "./observed";
import { type Properties, type Provider, ProviderError } from "./provider";
import { originOf, SimulatedStack } from "./simulated-stack";
import { SkippingClock } from "./skipping-clock";
import { ToyService } from "./toy-service";

const token = "pt-test";
const hourMs = 3_600_000;
/** The engine needs more than this to start the next command. */
const betweenCommandsMs = 1_500;

interface LookUp {
  readonly token: string;
  readonly workspaceId: string;
  readonly isSecret: boolean;
}

/** What a null clears, it clears; and a name counts for every kind as it does for deployments. */
const others: Partial<Switches> = { scheduleNull: "accept", duplicateNamesElsewhere: "conflict" };

/** The stand-in for one test file about one kind, a provider for each command, and one clock for both. */
export class KindWorld {
  /** What the providers of all commands have printed. */
  readonly output: string[] = [];
  readonly #toys: ToyService;
  #stacks = 0;

  private constructor(
    readonly kind: KindRow,
    readonly api: QoderApi,
    readonly clock: SkippingClock,
    toys: ToyService,
  ) {
    this.#toys = toys;
  }

  static async start(kind: KindRow): Promise<KindWorld> {
    const clock = new SkippingClock();
    const toys = new ToyService();
    const api = await startQoderApi({
      tokens: { [token]: "default", "pt-other": "other" },
      clock: () => clock.date(),
      moreRoutes: [toys.routes],
    });
    kind.prepare?.(api);
    return new KindWorld(kind, api, clock, toys);
  }

  async stop(): Promise<void> {
    await this.api.close();
  }

  /** As if the service were new: no objects of the kind, no faults. */
  reset(switches: Partial<Switches> = {}): void {
    for (const { id } of this.console.all()) {
      this.console.remove(id);
    }
    this.api.clearFaults();
    this.api.clearRequests();
    Object.assign(this.api.switches, defaultSwitches(), others, switches);
    this.output.length = 0;
    this.#stacks += 1;
  }

  get console() {
    return this.kind.console(this.api, this.#toys);
  }

  /** The provider as the engine starts it for one command. */
  command(clock = this.clock): Provider {
    this.clock.pass(betweenCommandsMs);
    return new InProcessProvider({
      kind: this.kind,
      config: { "qoder:pat": token, "qoder:baseUrl": this.api.url },
      clock,
      environment: {},
      tell: async ({ severity, text }) => {
        this.output.push(messageText(severity, text));
      },
    });
  }

  /** A look-up of the kind, as `get` would make it in a program. */
  async find(by: "id" | "name", value: string, given: Partial<LookUp> = {}): Promise<object> {
    const { token: pat = token, isSecret = false, workspaceId } = given;
    const configuration = { "qoder:pat": pat, "qoder:baseUrl": this.api.url, "qoder:workspaceId": workspaceId };
    const find = this.kind.finder(new Clients(this.clock, {}));
    return this.clock.during(() =>
      find({
        ...{ label: `get({ ${by}: "${value}" })`, isSecret },
        args: by === "id" ? { id: value } : { name: value },
        configuration: { get: (key) => new Map(Object.entries(configuration)).get(key) },
        tell: async (text, isWarning) => {
          this.output.push(isWarning ? `warning: ${text}` : text);
        },
      }),
    );
  }

  /** Declared in a stack of its own. With a provider, all its commands are one run of the engine. */
  stack(command?: Provider): SimulatedStack {
    this.#stacks += 1;
    return this.#stackAt(originOf(this.kind.type, `dev${this.#stacks}`), () => command ?? this.command());
  }

  /** The same declaration with nothing in its state, as after an `up` that was cut off. */
  again({ origin }: SimulatedStack, command?: Provider): SimulatedStack {
    return this.#stackAt(origin, () => command ?? this.command());
  }

  #stackAt(origin: string, begin: () => Provider): SimulatedStack {
    return new SimulatedStack(begin, origin, "name" in this.kind.fields);
  }

  args(more: Properties = {}): Properties {
    return { ...this.kind.least, ...more };
  }

  /** The service creates it, and the provider ends before it knows. */
  async interrupt(stack: SimulatedStack, args: Properties): Promise<string> {
    this.api.fault({ kind: "reset-after", method: "POST", path: `/${this.kind.collection}` });
    const ended = this.ending(stack);
    await expect(ended.up(args)).rejects.toThrow("the process has ended");
    expect(ended.state).toBeUndefined();
    this.sent();
    return this.live.id;
  }

  /** The same declaration and state, by a provider that ends where it would wait. */
  ending(stack: SimulatedStack): SimulatedStack {
    const ended = this.#stackAt(stack.origin, () => this.command(new EndingClock(this.clock)));
    ended.state = stack.state;
    ended.pendingReplacement = stack.pendingReplacement;
    return ended;
  }

  /** It is removed elsewhere, so long after its creation that a 404 is no sign of youth. */
  vanish(id: string): void {
    this.clock.pass(hourMs);
    this.console.remove(id);
  }

  /** The only live one. */
  get live() {
    const [object, ...others] = this.console.live();
    if (object === undefined || others.length > 0) {
      throw new Error(`expected one live ${this.kind.noun}, found ${object === undefined ? 0 : others.length + 1}`);
    }
    return object;
  }

  /** The body of an update that changes this, as things stand. */
  bodyOf(change: JsonObject): JsonObject {
    return { ...change, ...this.kind.beside?.(this.api, this.live.id) };
  }

  /** See `takeRequests`. */
  sent(): unknown[] {
    return takeRequests(this.api);
  }

  /** The path of the request that makes one. */
  get create(): string {
    return this.kind.creates?.at(-1)?.[1] ?? `/${this.kind.collection}`;
  }

  /** All requests of a create in which nothing goes wrong. */
  get creates(): readonly unknown[] {
    return this.kind.creates ?? [...this.kind.looks.beforeCreate, ["POST", this.create, expect.anything()]];
  }

  path(id: string, ...action: readonly string[]): string {
    return ["", this.kind.collection, id, ...action].join("/");
  }
}

/** All that a person can read of a failure: the message, and what the state keeps of it. */
export function textsOf(error: unknown): string[] {
  const reasons = error instanceof ProviderError ? (error.initFailure?.reasons ?? []) : [];
  return [error instanceof Error ? error.message : String(error), ...reasons];
}
