import * as pulumi from "@pulumi/pulumi";
import * as program from "../../provider";
import { resourceType } from "../../provider/kinds/table";
import type { KindRow, Shown } from "../kinds/kind-row";
import type { JsonObject } from "../qoder-api/wire";
import type { Door } from "./door";
import { type Properties, type State, textsOf } from "./provider";
import { mockEngine, registration } from "./registrations";
import { plain } from "./rpc-provider";
import type { SimulatedStack } from "./simulated-stack";
import { type KindWorld, World } from "./world";

/** Each life begins at the same time, so that values that depend on the clock are equal. */
const begin = Date.parse("2031-03-03T10:00:00Z");

/** The headers that differ between connections and processes. */
const ownOfConnection = ["host", "connection", "content-length"];

/** A resource of the dynamic provider or of the plugin, with all of its steps, requests, messages and states. */
export class Life {
  #seen: string[] = [];
  stack: SimulatedStack;

  private constructor(
    private readonly kind: KindRow<Shown>,
    readonly world: KindWorld,
  ) {
    this.stack = world.stack();
  }

  static async start(kind: KindRow<Shown>, door: Door): Promise<Life> {
    const world = await World.start(kind, door);
    world.passTime(begin - world.clock.now());
    world.reset({ scheduleNull: "accept" });
    return new Life(kind, world);
  }

  /** The record as lines, with equal names for the ids, keys and types, which differ in each life. */
  get seen(): readonly string[] {
    return namesInOrder(this.#seen);
  }

  async preview(more: Properties): Promise<void> {
    const args = await this.#declared(more, true);
    await this.#see("preview", () => this.stack.preview(args));
  }

  async up(more: Properties): Promise<void> {
    const args = await this.#declared(more, false);
    await this.#see("up", () => this.stack.up(args));
  }

  async refresh(): Promise<void> {
    await this.#see("refresh", () => this.stack.refresh());
  }

  async destroy(): Promise<void> {
    await this.#see("destroy", () => this.stack.destroy());
  }

  /** Checks a declaration that is not in the stack yet. */
  async check(more: Properties): Promise<void> {
    const args = await this.#declared(more, true);
    await this.#see("check", () => this.world.stack().preview(args));
  }

  /** Changes the object as a user of the console does. */
  edit(by: JsonObject): void {
    this.world.console.edit(this.world.live.id, by);
  }

  /** Removes the object as a user of the console does. */
  vanish(): void {
    this.world.vanish(this.world.live.id);
  }

  /** The inputs that the provider gets: the plugin gets the arguments unchanged, the dynamic provider gets them from the class. */
  async #declared(more: Properties, isPreview: boolean): Promise<Properties> {
    // Both doors get the name: a state tells a given name from a default one.
    const named = "name" in this.kind.fields ? { name: "daily" } : {};
    const { __timeouts: limits, ...args } = this.world.args({ ...named, ...more });
    const given = this.world.door === "plugin" ? args : await asRegistered(this.kind, args, isPreview);
    return limits === undefined ? given : { ...given, __timeouts: limits };
  }

  async #see(command: string, run: () => Promise<unknown>): Promise<void> {
    const { api, output } = this.world;
    const outcome = await run().then(String, (error) => textsOf(error).join("\n"));
    const requests = api.requests.map(({ method, path, query, headers, size, body }) => {
      const others = Object.entries(headers).filter(([name]) => !ownOfConnection.includes(name));
      return `request ${method} ${path} ${JSON.stringify([query, Object.fromEntries(others), size, body])}`;
    });
    const printed = output.splice(0).map((line) => `printed ${line}`);
    this.#seen.push(
      ...requests,
      ...printed,
      `${command}: ${outcome}`,
      `state ${sorted(this.#withoutUnset(this.stack.state))}`,
    );
    api.clearRequests();
  }

  /** The state without null for an argument that is not set, which only the plugin records. */
  #withoutUnset(state: State | undefined): State | undefined {
    const isUnset = (name: string, value: unknown) => value === null && name in this.kind.fields;
    const outputs = Object.entries(state?.outputs ?? {}).filter(([name, value]) => !isUnset(name, value));
    return state && { ...state, outputs: Object.fromEntries(outputs) };
  }
}

/** Runs the class of the kind. Files and skills are left out, because their own tests declare the contents; a toy has no class. */
async function asRegistered(
  { label, kind }: KindRow<Shown>,
  args: Properties,
  isPreview: boolean,
): Promise<Properties> {
  const constructed: unknown = Reflect.get(program, label);
  if (kind.upload !== undefined || typeof constructed !== "function") {
    return { ...args, __command: { ...Object(args["__command"]), isPreview } };
  }
  mockEngine(isPreview);
  const resource: unknown = Reflect.construct(constructed, ["daily", args]);
  if (!pulumi.CustomResource.isInstance(resource)) {
    throw new Error(`${label} is no resource`);
  }
  const { inputs } = await registration(resource);
  const { __provider: _, __origin: __, ...sent } = inputs;
  return Object.fromEntries(Object.entries(sent).map(([name, value]) => [name, plain(value)]));
}

/** The JSON with sorted members, because the order in a state depends on the engine. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
}

/** Replaces ids, idempotency keys and hashes of tokens by numbers in the order of appearance, and types of the plugin by those of the classes. */
function namesInOrder(lines: readonly string[]): string[] {
  const names = new Map<string, string>();
  const text = lines.join("\u0000").replaceAll("qoder:index:", resourceType(""));
  const named = text.replaceAll(
    /(?<=\b[a-z]+_)[0-9a-f]{16,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<="(?:idempotency-key|__maker)":")[^"]+/g,
    (name) => {
      names.set(name, names.get(name) ?? `#${names.size + 1}`);
      return names.get(name) ?? "";
    },
  );
  return named.split("\u0000");
}
