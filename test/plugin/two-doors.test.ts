import * as pulumi from "@pulumi/pulumi";
import * as program from "../../provider";
import { resourceType } from "../../provider/kinds/table";
import { kinds } from "../kinds";
import { ofOneCommand } from "../kinds/common";
import type { KindRow, Shown } from "../kinds/kind-row";
import type { JsonObject } from "../qoder-api/wire";
import type { Door } from "../support/door";
import { type Properties, type State, textsOf } from "../support/provider";
import { mockEngine, registration } from "../support/registrations";
import { plain } from "../support/rpc-provider";
import type { SimulatedStack } from "../support/simulated-stack";
import { type KindWorld, World } from "../support/world";

/** Each life begins at the same time, so that values that depend on the clock are equal. */
const begin = Date.parse("2031-03-03T10:00:00Z");

/** The headers that differ between connections and processes. */
const ownOfConnection = ["host", "connection", "content-length"];

/** A resource of the dynamic provider or of the plugin, with all of its steps, requests, messages and states. */
class Life {
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

  edit(by: JsonObject): void {
    this.world.console.edit(this.world.live.id, by);
  }

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
    /(?<=\b[a-z]+_)[0-9A-Za-z]{12,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<="(?:idempotency-key|__maker)":")[^"]+/g,
    (name) => {
      names.set(name, names.get(name) ?? `#${names.size + 1}`);
      return names.get(name) ?? "";
    },
  );
  return named.split("\u0000");
}

// The wait before a retry is random.
beforeEach(() => jest.spyOn(Math, "random").mockReturnValue(0.5));
afterEach(() => {
  jest.restoreAllMocks();
});

/** The output and the requests through the dynamic provider, and through the plugin. */
async function seenByBoth(kind: KindRow, lead: (life: Life) => Promise<void>) {
  const seen = (door: Door) =>
    inDoor(door, kind, async (life) => {
      await lead(life);
      return life.seen;
    });
  return { dynamic: await seen("dynamic"), plugin: await seen("plugin") };
}

async function inDoor<Result>(door: Door, kind: KindRow, lead: (life: Life) => Promise<Result>): Promise<Result> {
  const life = await Life.start(kind, door);
  try {
    return await lead(life);
  } finally {
    await life.world.stop();
  }
}

describe.each(kinds)("$label", (kind) => {
  const isHere = (switches: { readonly generation?: 1 | 2 } | undefined) => switches?.generation !== 1;
  const lived = Object.entries(kind.arguments).filter(([, { under = [] }]) => under.every(isHere));
  /** The changes of a single argument are in the second test: there each `up` also removes the argument of the last one. */
  const changes = kind.changes.filter(
    ({ switches, what }) => isHere(switches) && !/ to (another|no) value$/.test(what),
  );

  test("dynamic provider and plugin send the same bytes in creates, changes of several arguments, replacements and destroys", async () => {
    const { dynamic, plugin } = await seenByBoth(kind, async (life) => {
      await life.up({});
      for (const { before, after } of changes) {
        await life.up(before);
        await life.preview(after);
        await life.up(after);
      }
      for (const [name, { value, others }] of Object.entries(kind.replacing ?? {})) {
        await life.up({ [name]: value });
        await life.preview({ [name]: others[0] });
        await life.up({ [name]: others[0] });
      }
      for (const value of kind.statusArgument === undefined ? [] : [true, false, undefined]) {
        await life.up({ [kind.statusArgument ?? ""]: value });
      }
      await life.up({});
      await life.destroy();
    });
    expect(plugin).toEqual(dynamic);
    const writes = dynamic.filter((line) => line.startsWith("request POST"));
    expect(writes.length).toBeGreaterThanOrEqual(changes.length);
  });

  test("dynamic provider and plugin show and repair changes with the same bytes, and create a vanished object again", async () => {
    const { dynamic, plugin } = await seenByBoth(kind, async (life) => {
      for (const [name, { value, edit, needs }] of lived) {
        const declared = { ...needs, [name]: value };
        await life.up(declared);
        life.edit(edit);
        await life.preview(declared);
        await life.refresh();
        await life.preview(declared);
        await life.up(declared);
      }
      await life.up({});
      life.vanish();
      await life.refresh();
      await life.up({});
      await life.destroy();
    });
    expect(plugin).toEqual(dynamic);
    expect(dynamic.filter((line) => line.startsWith("request GET")).length).toBeGreaterThan(lived.length);
  });

  test("dynamic provider and plugin refuse each wrong argument with the same words", async () => {
    const mistakes = Object.entries(kind.rows).flatMap(([name, row]) =>
      (row.mistakes ?? []).map(([given]) => ({ ...row.needs, [name]: given })),
    );
    const { dynamic, plugin } = await seenByBoth(kind, async (life) => {
      for (const mistake of [{ nonsense: true }, ...mistakes]) {
        await life.check(mistake);
      }
    });
    expect(plugin).toEqual(dynamic);
    // A few of these values are valid after the program's side has converted them.
    const refused = dynamic.filter((line) => /^check: (?!create$)/.test(line));
    expect(refused.length).toBeGreaterThanOrEqual(mistakes.length * 0.9);
  });

  test("dynamic provider and plugin print the same errors after refusals, repeated secrets and a time limit", async () => {
    const secret = "a-secret-of-the-program";
    const declared = { ...(kind.secret?.(secret) ?? {}) };
    const refused = (text: string) => ({
      ...({ kind: "status", status: 400, times: 1 } as const),
      body: { type: "error", error: { type: "invalid_request_error", message: text } },
    });
    const { dynamic, plugin } = await seenByBoth(kind, async (life) => {
      const { api } = life.world;
      api.fault({ ...refused(`no ${secret}`), method: "POST" });
      await life.up(declared);
      api.fault({ kind: "status", status: 429, times: 1_000 });
      await life.up({ ...declared, __timeouts: { create: 30 } });
      api.clearFaults();
      await life.up(declared);
      api.fault({ ...refused("not now"), method: "GET" });
      await life.refresh();
      api.fault({ kind: "status", status: 429, times: 1_000 });
      await life.refresh();
      await life.destroy();
      api.clearFaults();
      await life.destroy();
    });
    expect(plugin).toEqual(dynamic);
    const failed = dynamic.filter((line) => /^(up|refresh|destroy): .*was answered with/.test(line));
    expect(failed.length).toBeGreaterThanOrEqual(4);
    expect(failed.filter((line) => line.includes(secret))).toHaveLength(kind.secret === undefined ? 1 : 0);
  });

  test("for arguments that the program leaves out, the plugin records null, and the dynamic provider nothing", async () => {
    const names = Object.keys(kind.fields);
    const recorded = (door: Door) =>
      inDoor(door, kind, async (life) => {
        await life.up({});
        const created = life.stack.state?.outputs ?? {};
        await life.refresh();
        const refreshed = life.stack.state?.outputs ?? {};
        return [created, refreshed].map((outputs) => ({
          absent: names.filter((name) => !(name in outputs)),
          nothing: names.filter((name) => outputs[name] === null),
        }));
      });
    const [one, other] = [await recorded("dynamic"), await recorded("plugin")];
    const unset = one[0]?.absent ?? [];
    expect(unset).toEqual(expect.arrayContaining(names.filter((name) => ofOneCommand.includes(name))));
    expect(one).toEqual([1, 2].map(() => ({ absent: unset, nothing: [] })));
    expect(other).toEqual([1, 2].map(() => ({ absent: [], nothing: unset })));
  });
});
