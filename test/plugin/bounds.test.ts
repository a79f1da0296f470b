import { setTimeout as sleep } from "node:timers/promises";
import type { Properties } from "../support/dynamic-provider";
import { type Column, columns } from "../support/fault-columns";
import { PluginWorld } from "../support/plugin-world";
import { SimulatedStack } from "../support/simulated-stack";

let world: PluginWorld;
beforeAll(async () => {
  world = await PluginWorld.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

const always = { times: Number.POSITIVE_INFINITY };
const limitMs = 1_000;
const limits = { __timeouts: { create: 1, update: 1, delete: 1 } };
/** Beyond the limit: for the way through the process and for a machine that is busy. */
const graceMs = 3_000;

async function standing({ before }: Column, more: Properties = {}): Promise<SimulatedStack> {
  const stack = world.stack();
  if (before !== undefined) {
    await stack.up(world.args({ ...before, ...more }));
  }
  world.sent();
  return stack;
}

function run(stack: SimulatedStack, { command, wanted }: Column, more: Properties = {}): Promise<unknown> {
  return command === "up" ? stack.up(world.args({ ...wanted, ...more })) : stack[command]();
}

interface Ended {
  readonly elapsedMs: number;
  readonly error: string | undefined;
}

async function timed(action: Promise<unknown>): Promise<Ended> {
  const start = performance.now();
  const error = await action.then(
    () => undefined,
    (thrown: unknown) => String(thrown),
  );
  return { elapsedMs: performance.now() - start, error };
}

describe("customTimeouts bound the whole operation, with all its requests and waits", () => {
  const within = async (action: Promise<unknown>) => {
    const { elapsedMs, error } = await timed(action);
    expect(error).toContain("time limit");
    expect(elapsedMs).toBeGreaterThan(limitMs - 50);
    expect(elapsedMs).toBeLessThan(limitMs + graceMs);
  };

  test.each(columns)("$name, when nothing is ever answered", async (column) => {
    const stack = await standing(column, limits);
    world.api.fault({ kind: "silence", ...always });
    await within(run(stack, column, limits));
    expect(world.sent()).toHaveLength(1);
  });

  test.each(columns.filter(({ name }) => name === "read" || name === "delete"))(
    "$name, when the deployment is gone and the question for its agent is never answered",
    async (column) => {
      const stack = await standing(column, limits);
      world.api.deployments.remove(world.live.id);
      world.api.fault({ kind: "silence", path: /^\/agents/, ...always });
      await within(run(stack, column, limits));
      expect(stack.state).toBeDefined();
    },
  );

  test("create, when the list that follows a lost answer is never answered", async () => {
    world.api.fault({ kind: "reset-after", method: "POST" });
    world.api.fault({ kind: "silence", method: "GET", ...always });
    await within(world.stack().up(world.args(limits)));
  });

  test("adopt, when the deployment to adopt is never answered", async () => {
    world.api.fault({ kind: "silence", method: "GET", ...always });
    await within(world.stack().up(world.args({ ...limits, adopt: "dep_1" })));
  });

  test("update with a pause, when the two together take too long; the next up does the rest", async () => {
    const stack = world.stack();
    await stack.up(world.args(limits));
    world.api.fault({ kind: "delay", method: "POST", delayMs: 0.7 * limitMs, times: 2 });
    const wanted = world.args({ ...limits, description: "new", paused: true });
    const { elapsedMs, error } = await timed(stack.up(wanted));
    expect(error).toMatch(/was done in part.*time limit/s);
    expect(elapsedMs).toBeLessThan(limitMs + graceMs);
    expect(stack.state?.outputs).toMatchObject({ description: "new" });
    world.api.clearFaults();
    await stack.up(wanted);
    expect(world.live).toMatchObject({ description: "new", status: "paused" });
    expect(await stack.preview(wanted)).toBe("same");
  });

  test.each([3_000_000, 1e12])("a limit of %d seconds is no limit of a millisecond", async (seconds) => {
    world.api.fault({ kind: "delay", delayMs: 100 });
    await world.stack().up(world.args({ __timeouts: { create: seconds } }));
    expect(world.live.name).toBe("daily");
  });
});

describe("the service says when to come back", () => {
  const rows: readonly [string, () => Record<string, string>, number, number][] = [
    ["seconds", () => ({ "retry-after": "1" }), 1_000, 2_500],
    ["a date", () => ({ "retry-after": new Date(Date.now() + 2_000).toUTCString() }), 900, 3_500],
    ["milliseconds", () => ({ "retry-after-ms": "700", "retry-after": "60" }), 700, 2_200],
    ["nothing", () => ({}), 370, 2_000],
  ];
  test.each(rows)("%s", async (_, headers, least, most) => {
    world.api.fault({ kind: "status", status: 429, method: "POST", path: "/deployments", headers: headers() });
    const { elapsedMs, error } = await timed(world.stack().up(world.args()));
    expect(error).toBeUndefined();
    expect(world.sent()).toHaveLength(2);
    expect(elapsedMs).toBeGreaterThanOrEqual(least);
    expect(elapsedMs).toBeLessThan(most);
  });

  test.each(columns)("$name fails at once when that is after its time limit", async (column) => {
    const stack = await standing(column, limits);
    world.api.fault({ kind: "status", status: 429, headers: { "retry-after": "30" }, ...always });
    const { elapsedMs, error } = await timed(run(stack, column, limits));
    expect(error).toContain("429");
    expect(elapsedMs).toBeLessThan(graceMs);
    expect(world.sent()).toHaveLength(1);
  });

  const advice: readonly [string, number, string, number][] = [
    ["an error that may be repeated is not, when the service says so", 500, "false", 1],
    ["an error that may not be repeated is, when the service says so", 400, "true", 3],
    ["a refusal by the rate limit is final, when the service says so", 429, "false", 1],
  ];
  test.each(advice)("%s", async (_, status, shouldRetry, requests) => {
    const stack = await standing(columns[1] ?? fail());
    const headers = { "x-should-retry": shouldRetry, "retry-after-ms": "1" };
    world.api.fault({ kind: "status", status, headers, ...always });
    await expect(stack.refresh()).rejects.toThrow(String(status));
    expect(world.sent()).toHaveLength(requests);
  });
});

describe("many at once stay within what the service advises", () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `daily-${index}`);
  const createAll = (count: number) =>
    Promise.all(
      names(count).map(async (name) => {
        const stack = new SimulatedStack(world.provider, `urn:pulumi:many${count}::project::type::${name}`);
        await stack.up(world.args({ name }));
        return stack;
      }),
    );
  const liveNames = () => world.api.deployments.live().map(({ name }) => name);
  const refused = () => world.api.requests.filter(({ status }) => status === 429).length;

  test("500 creates arrive once each where more than 20 writes a second are refused", async () => {
    world.api.switches.writeLimitPerSecond = 20;
    await createAll(500);
    expect(liveNames().sort()).toEqual(names(500).sort());
    expect(world.api.requests).toHaveLength(500 + refused());
    // The client keeps to the limit by itself: refused is only what the way there pushed together.
    expect(refused()).toBeLessThan(100);
  });

  test("60 creates arrive once each where somebody else uses half of the limit", async () => {
    world.api.switches.writeLimitPerSecond = 10;
    await createAll(60);
    expect(liveNames().sort()).toEqual(names(60).sort());
    expect(refused()).toBeGreaterThan(0);
  });

  test("200 reads arrive where more than 50 a second are refused", async () => {
    const [stack] = await createAll(1);
    const { id = "", outputs = {} } = stack?.state ?? {};
    world.api.clearRequests();
    world.api.switches.readLimitPerSecond = 50;
    const read = await Promise.all(Array.from({ length: 200 }, () => world.provider.read(id, outputs)));
    expect(new Set(read.map((state) => state?.id))).toEqual(new Set([id]));
    expect(refused()).toBeLessThan(100);
  });

  test("what still waits for its turn when its time is over is never sent, and the next up creates it", async () => {
    const stacks = names(60).map(
      (name) => new SimulatedStack(world.provider, `urn:pulumi:queue::project::type::${name}`),
    );
    const upAll = (seconds: number) =>
      Promise.all(
        stacks.map((stack, index) =>
          timed(stack.up(world.args({ name: `daily-${index}`, __timeouts: { create: seconds } }))),
        ),
      );
    // The second 20 may start a second after the first.
    const ended = await upAll(0.8);
    const failed = ended.filter(({ error }) => error !== undefined);
    expect(failed).toHaveLength(40);
    expect(failed.filter(({ error }) => error?.includes("time limit") !== true)).toEqual([]);
    expect(failed.filter(({ elapsedMs }) => elapsedMs > 800 + graceMs)).toEqual([]);
    expect(world.sent()).toHaveLength(20);
    expect((await upAll(60)).filter(({ error }) => error !== undefined)).toEqual([]);
    expect(liveNames().sort()).toEqual(names(60).sort());
  });

  test("no more than 16 requests are in flight", async () => {
    const [stack] = await createAll(1);
    const { id = "", outputs = {} } = stack?.state ?? {};
    world.api.clearRequests();
    world.api.fault({ kind: "silence", ...always });
    const bounded = { ...outputs, ...limits };
    const reads = Array.from({ length: 40 }, () => timed(world.provider.read(id, bounded)));
    await sleep(limitMs / 2);
    expect(world.api.requests.length).toBeLessThanOrEqual(16);
    const ended = await Promise.all(reads);
    expect(ended.filter(({ error }) => error?.includes("time limit") !== true)).toEqual([]);
  });
});
