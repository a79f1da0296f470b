import { randomBytes } from "node:crypto";
import { Clients } from "../../provider/account/settings";
import { type Message, messageText } from "../../provider/resource/engine/answer";
import { Session } from "../../provider/resource/session/session";
import { deployment } from "../kinds/deployment";
import type { KindRow, Shown } from "../kinds/kind-row";
import { type QoderApi, startQoderApi } from "../qoder-api";
import type { Freedom } from "../qoder-api/freedoms";
import { defaultSwitches, type Switches } from "../qoder-api/switches";
import type { Deployment, JsonObject } from "../qoder-api/wire";
import { type Door, presentDoor } from "./door";
import { InProcessProvider } from "./in-process-provider";
import { beginLatitude } from "./latitude";
import { PluginServerProvider } from "./plugin-server-provider";
import type { Properties, Provider } from "./provider";
import { takeRequests } from "./requests";
import { originOf, SimulatedStack } from "./simulated-stack";
import { EndingClock, SkippingClock } from "./skipping-clock";
import { ToyService } from "./toy-service";

// What most tests of a world need besides it.
export { type Door, doors, useDoor } from "./door";
export { type DiffAnswer, type Properties, type Provider, ProviderError, type State, textsOf } from "./provider";
export { originOf, SimulatedStack } from "./simulated-stack";

const token = "pt-test";
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
/** The engine takes more time than this to start the next command. */
export const betweenCommandsMs = 1_500;

type CommandKind = Pick<KindRow, "source" | "begin" | "type" | "kind">;

/** The differences from the usual command, whose resources are of the world's kind and wait by its clock. */
interface Command {
  readonly config?: Readonly<Record<string, string>>;
  readonly kind?: CommandKind;
  readonly clock?: SkippingClock;
  readonly environment?: Readonly<Record<string, string>>;
}

interface LookUp {
  readonly token: string;
  readonly workspaceId: string;
  readonly isSecret: boolean;
}

export type KindWorld = World<Shown>;

/** Tests of other processes leave notes about their stacks on this machine, so the stacks of each test file have names of their own. */
const ownStacks = randomBytes(3).toString("hex");

/**
 * The stand-in API for one test file, a provider for each command of the engine, one clock for both, and a new name for each
 * stack, so that no key of an earlier create is used again. Members about one kind are about `kind`.
 */
export class World<Live extends Shown = Deployment> {
  readonly output: string[] = [];
  /** The objects that the deployments of `args` name, and others for changes. */
  readonly agent = "agent_b";
  readonly otherAgent = "agent_a";
  readonly environment = "env_a";
  readonly otherEnvironment = "env_b";
  #stacks = 0;
  readonly clock = new SkippingClock();
  readonly #toys = new ToyService();
  #api: QoderApi | undefined;
  readonly #pins = new Map<Freedom, string>();
  readonly #pinsOfTest = new Map<Freedom, string>();

  private constructor(
    private about: KindRow<Live>,
    private readonly own: Door | undefined,
  ) {}

  /** `door`: for all commands of this world, whatever door the test uses. */
  static start(kind?: undefined, door?: Door): Promise<World>;
  static start(kind: KindRow, door?: Door): Promise<KindWorld>;
  static async start(kind: KindRow = deployment, door?: Door): Promise<KindWorld> {
    const world = new World(kind, door);
    await world.#start();
    return world;
  }

  /** The world of a file or of a block of tests, which is empty before each of them. */
  static ofTests(kind?: undefined, door?: Door): World;
  static ofTests(kind: KindRow, door?: Door): KindWorld;
  static ofTests(kind: KindRow = deployment, door?: Door): KindWorld {
    const world = new World(kind, door);
    beforeAll(() => world.#start());
    afterAll(() => world.stop());
    beforeEach(() => {
      world.#pinsOfTest.clear();
      world.reset({}, kind);
    });
    return world;
  }

  async #start(): Promise<void> {
    this.#api = await startQoderApi({
      tokens: { [token]: "default", "pt-renewed": "default", "pt-other": "other" },
      clock: () => this.clock.date(),
      after: (milliseconds, action) => this.clock.after(milliseconds, action),
      moreRoutes: [this.#toys.routes],
    });
    this.#free();
    this.kind.prepare?.(this.api);
  }

  /** Closes a freedom of the service, for a test that needs an exact member; before the first test, for all tests of this world. */
  pin(freedom: Freedom, why: string): this {
    const pins = this.#api === undefined ? this.#pins : this.#pinsOfTest;
    pins.set(freedom, why);
    this.#api?.latitude.pin(freedom, why);
    return this;
  }

  #free(): void {
    beginLatitude(this.api.latitude);
    for (const [freedom, why] of [...this.#pins, ...this.#pinsOfTest]) {
      this.api.latitude.pin(freedom, why);
    }
  }

  get api(): QoderApi {
    if (this.#api === undefined) {
      throw new Error("the world starts before the first test");
    }
    return this.#api;
  }

  async stop(): Promise<void> {
    await this.api.close();
  }

  get door(): Door {
    return this.own ?? presentDoor();
  }

  get kind(): KindRow<Live> {
    return this.about;
  }

  /** Empties the service: no faults, and only the objects that the arguments of the kind name, which are a day old. */
  reset(switches: Partial<Switches> = {}, kind: KindRow<Live> = this.about): void {
    const { deployments, agents, environments } = this.api;
    for (const objects of [this.console, kind.console(this.api, this.#toys), deployments, agents, environments]) {
      for (const { id } of objects.all()) {
        objects.remove(id);
      }
    }
    this.api.clearFaults();
    this.#free();
    Object.assign(this.api.switches, defaultSwitches(), switches);
    this.about = kind;
    kind.prepare?.(this.api);
    this.passTime(dayMs);
    this.api.clearRequests();
    this.output.length = 0;
    this.clock.slept.length = 0;
    this.#stacks += 1;
  }

  get console() {
    return this.kind.console(this.api, this.#toys);
  }

  get live(): Live {
    const [object, ...others] = this.console.live();
    if (object === undefined || others.length > 0) {
      throw new Error(`expected one live ${this.kind.noun}, found ${object === undefined ? 0 : others.length + 1}`);
    }
    return object;
  }

  /** Lets time pass for the service and for the providers. */
  passTime(milliseconds: number): void {
    this.clock.pass(milliseconds);
  }

  /** Removes the object elsewhere, so long after its creation that a 404 proves that it is gone. */
  vanish(id: string): void {
    this.passTime(hourMs);
    this.console.remove(id);
  }

  /** The provider as the engine starts it for one command. */
  command({ kind = this.kind, ...more }: Command = {}): Provider {
    return this.together(more)(kind);
  }

  /** The providers of several kinds in one command. */
  together({
    config = {},
    clock = this.clock,
    environment = {},
  }: Omit<Command, "kind"> = {}): (kind: CommandKind) => Provider {
    this.passTime(betweenCommandsMs);
    const surroundings = {
      clock,
      environment,
      tell: async ({ severity, text }: Message) => {
        this.output.push(messageText(severity, text));
      },
    };
    const account = { "qoder:pat": token, "qoder:baseUrl": this.api.url, ...config };
    const options = { ...surroundings, config: account, session: new Session(surroundings) };
    return (kind) =>
      this.door === "plugin"
        ? new PluginServerProvider({ ...options, kind })
        : new InProcessProvider({ ...options, kind });
  }

  /** A resource in a stack of its own. With a provider, all its commands are one run of the engine. */
  stack(command?: Provider): SimulatedStack {
    return this.stackOf(this.kind, command);
  }

  stackOf(kind: KindRow, command?: Provider): SimulatedStack {
    this.#stacks += 1;
    const origin = originOf(kind.type, `dev${this.#stacks}-${ownStacks}`);
    const begin = () => command ?? this.command({ kind });
    return new SimulatedStack(begin, origin, "name" in kind.fields, command === undefined);
  }

  /** The same declaration without a state, as after an interrupted `up`. */
  again(stack: SimulatedStack, command?: Provider): SimulatedStack {
    return stack.in(() => command ?? this.command(), command === undefined);
  }

  /** The same declaration and state in another command. */
  later(stack: SimulatedStack, command?: Provider): SimulatedStack {
    return this.again(stack, command).after(stack);
  }

  /** The same declaration and state, with a provider that ends at its first wait. */
  ending(stack: SimulatedStack): SimulatedStack {
    const begin = () => this.command({ clock: new EndingClock(this.clock) });
    return stack.in(begin, true).after(stack);
  }

  /** A resource with the state of an earlier `up`. The requests and the output of that `up` are forgotten. */
  async existing(kind: KindRow, args: Properties): Promise<{ stack: SimulatedStack; id: string; path: string }> {
    const stack = this.stackOf(kind);
    await stack.up(args);
    const id = stack.state?.id ?? "";
    this.sent();
    this.output.length = 0;
    return { stack, id, path: pathIn(kind, id) };
  }

  /** As `existing`, for the only object of the kind, at a service with these switches. */
  async declared(kind: KindRow<Live>, more: Properties, switches: Partial<Switches> = {}) {
    this.reset(switches, kind);
    const args = this.args(more);
    return { args, ...(await this.existing(kind, args)) };
  }

  /** Runs a create in which the service acts and the provider ends before the answer. */
  async interrupt(stack: SimulatedStack, args: Properties): Promise<string> {
    this.api.fault({ kind: "reset-after", method: "POST", path: this.kind.place });
    const ended = this.ending(stack);
    await expect(ended.up(args)).rejects.toThrow("the process has ended");
    expect(ended.state).toBeUndefined();
    this.sent();
    return this.live.id;
  }

  /** Runs an `up` whose writes get no answer. The service does them, unless `fault` is "reset-before". */
  async unanswered(stack: SimulatedStack, args: Properties, fault: "reset-after" | "reset-before" = "reset-after") {
    this.api.fault({ kind: fault, method: "POST", times: Number.POSITIVE_INFINITY });
    await expect(stack.up(args)).rejects.toThrow("may have been done or not");
    this.api.clearFaults();
    this.sent();
  }

  /** A look-up of the kind, as `get` does it in a program. */
  async find(by: "id" | "name", value: string, given: Partial<LookUp> = {}): Promise<object> {
    const { token: pat = token, isSecret = false, workspaceId } = given;
    const configuration = { "qoder:pat": pat, "qoder:baseUrl": this.api.url, "qoder:workspaceId": workspaceId };
    this.passTime(betweenCommandsMs);
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

  args(more: Properties = {}): Properties {
    return { ...this.kind.least, ...more };
  }

  /** The body of an update with this change, in the present state of the object. */
  bodyOf(change: JsonObject): JsonObject {
    return { ...change, ...this.kind.beside?.(this.api, this.live.id) };
  }

  /** The path of the request that creates an object. */
  get create(): string {
    return this.kind.creates?.at(-1)?.[1] ?? this.kind.place;
  }

  /** All requests of a create in which nothing goes wrong. */
  get creates(): readonly unknown[] {
    return this.kind.creates ?? [["POST", this.create, expect.anything()]];
  }

  path(id: string, ...action: readonly string[]): string {
    return [pathIn(this.kind, id), ...action].join("/");
  }

  sent(): unknown[] {
    return takeRequests(this.api);
  }
}

/** The path of the object. In a state, the id of the holder precedes the object's own id. */
function pathIn({ place }: Pick<KindRow, "place">, id: string): string {
  return `${place}/${id.split("/").at(-1)}`;
}
