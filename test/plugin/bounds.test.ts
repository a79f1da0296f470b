import { setTimeout as sleep } from "node:timers/promises";
import { type Column, columns } from "../support/fault-columns";
import { PluginWorld } from "../support/plugin-world";
import type { Properties } from "../support/provider";
import { SimulatedStack } from "../support/simulated-stack";
import { until } from "../support/until";

let world: PluginWorld;
beforeAll(async () => {
  world = await PluginWorld.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

const always = { times: Number.POSITIVE_INFINITY };
/** Of real time, as a service that keeps silent does so really. */
const limitMs = 500;
const within = (seconds: number) => ({ __timeouts: { create: seconds, update: seconds, delete: seconds } });
const limits = within(limitMs / 1_000);

/** `more` is in its state from then on; what leads there has its time. */
async function standing({ before }: Column, more: Properties = {}): Promise<SimulatedStack> {
  const stack = world.stack();
  if (before !== undefined) {
    await stack.up(world.args(before));
  }
  if (stack.state !== undefined) {
    const { inputs, outputs } = stack.state;
    stack.state = { ...stack.state, inputs: { ...inputs, ...more }, outputs: { ...outputs, ...more } };
  }
  world.sent();
  return stack;
}

function run(stack: SimulatedStack, { command, wanted }: Column, more: Properties = {}): Promise<unknown> {
  return command === "up" ? stack.up(world.args({ ...wanted, ...more })) : stack[command]();
}

/** Undefined for a success. */
function errorOf(action: Promise<unknown>): Promise<string | undefined> {
  return action.then(
    () => undefined,
    (thrown: unknown) => String(thrown),
  );
}

describe("customTimeouts bound the whole operation, with all its requests and waits", () => {
  // Without a limit the call would outlast the test.
  const endsByLimit = async (action: Promise<unknown>) => {
    const start = performance.now();
    await expect(action).rejects.toThrow("time limit");
    expect(performance.now() - start).toBeGreaterThan(limitMs - 50);
  };

  test.each(columns)("$name, when nothing is ever answered", async (column) => {
    const stack = await standing(column, limits);
    world.api.fault({ kind: "silence", ...always });
    await endsByLimit(run(stack, column, limits));
    // None where the machine is so busy that the limit comes first.
    expect(world.sent().length).toBeLessThanOrEqual(1);
  });

  test.each(columns.filter(({ name }) => name === "read" || name === "delete"))(
    "$name, when the deployment is gone and the question for its agent is never answered",
    async (column) => {
      const stack = await standing(column, limits);
      world.vanish(world.live.id);
      world.api.fault({ kind: "silence", path: /^\/agents/, ...always });
      await endsByLimit(run(stack, column, limits));
      expect(stack.state).toBeDefined();
    },
  );

  test("create, when the list that follows a lost answer is never answered", async () => {
    world.api.fault({ kind: "reset-after", method: "POST" });
    world.api.fault({ kind: "silence", method: "GET", ...always });
    const whole = world.stack().up(world.args(within(2)));
    await expect(whole).rejects.toThrow(/looking for it failed too: .*time limit of 2 s/s);
  });

  test("adopt, when the deployment to adopt is never answered", async () => {
    world.api.fault({ kind: "silence", method: "GET", ...always });
    await endsByLimit(world.stack().up(world.args({ ...limits, adopt: "dep_1" })));
  });

  test("update with a pause, when the two together take too long; the next up does the rest", async () => {
    const stack = world.stack();
    const minutes = within(600);
    await stack.up(world.args(minutes));
    const slowly = (reply: object) => {
      world.passTime(598_000);
      return reply;
    };
    world.api.fault({ kind: "replace-body", method: "POST", transform: slowly });
    world.api.fault({ kind: "silence", method: "POST", path: /\/pause$/ });
    const wanted = world.args({ ...minutes, description: "new", paused: true });
    await expect(stack.up(wanted)).rejects.toThrow(/may have been done or not.*time limit/s);
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
  const inHalfAMinute = () => new Date(world.clock.now() + 30_000).toUTCString();
  const rows: readonly [string, () => Record<string, string>, number, number][] = [
    ["seconds", () => ({ "retry-after": "1" }), 1_000, 1_000],
    // Cut to seconds, and counted from when it arrives.
    ["a date", () => ({ "retry-after": inHalfAMinute() }), 20_000, 30_000],
    ["milliseconds", () => ({ "retry-after-ms": "700", "retry-after": "60" }), 700, 700],
    ["nothing", () => ({}), 375, 500],
  ];
  test.each(rows)("%s", async (_, headers, least, most) => {
    world.api.fault({ kind: "status", status: 429, method: "POST", path: "/deployments", headers: headers() });
    await world.stack().up(world.args());
    expect(world.sent()).toHaveLength(2);
    expect(world.clock.slept).toHaveLength(1);
    const [slept] = world.clock.slept;
    expect(slept).toBeGreaterThanOrEqual(least);
    expect(slept).toBeLessThanOrEqual(most);
  });

  test.each(columns)("$name fails at once when that is after its time limit", async (column) => {
    const stack = await standing(column, within(20));
    world.api.fault({ kind: "status", status: 429, headers: { "retry-after": "30" }, ...always });
    await expect(run(stack, column, within(20))).rejects.toThrow("429");
    expect(world.clock.slept).toEqual([]);
    expect(world.sent()).toHaveLength(1);
  });

  const advice: readonly [string, number, string, number][] = [
    ["an error that may be repeated is not, when the service says so", 500, "false", 1],
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

test("an error that may not be repeated is, when the service says so", async () => {
  const stack = await standing(columns[1] ?? fail());
  world.api.fault({ kind: "status", status: 400, headers: { "x-should-retry": "true" }, times: 2 });
  await stack.refresh();
  expect(world.sent()).toHaveLength(3);
});

describe("many at once stay within what the service advises", () => {
  beforeEach(() => world.clock.freeze());
  afterEach(() => world.clock.thaw());
  const names = (count: number) => Array.from({ length: count }, (_, index) => `daily-${index}`);
  const createAll = (count: number, run = world.command()) =>
    Promise.all(
      names(count).map(async (name) => {
        const stack = new SimulatedStack(() => run, `urn:pulumi:many${count}::project::type::${name}`);
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
    expect(refused()).toBe(0);
  });

  test("60 creates arrive once each where somebody else uses half of the limit", async () => {
    world.api.switches.writeLimitPerSecond = 10;
    await createAll(60);
    expect(liveNames().sort()).toEqual(names(60).sort());
    expect(refused()).toBeGreaterThan(0);
  });

  test("three ups of 100 at once arrive once each where more than 20 writes a second are refused, none long before the others", async () => {
    world.api.switches.writeLimitPerSecond = 20;
    const runs = ["one", "two", "three"].map((stack) => [stack, world.command()] as const);
    const begin = world.clock.now();
    const ends = await Promise.all(
      runs.map(async ([stack, run]) => {
        const create = async (name: string) => {
          const args = world.args({ name });
          await new SimulatedStack(() => run, `urn:pulumi:${stack}::project::type::${name}`).up(args);
        };
        await Promise.all(names(100).map((name) => create(`${stack}-${name}`)));
        return world.clock.now() - begin;
      }),
    );
    expect(new Set(liveNames()).size).toBe(300);
    expect(world.api.deployments.live()).toHaveLength(300);
    expect(world.api.requests).toHaveLength(300 + refused());
    // Where nobody slows down it is more than each of them.
    expect(refused()).toBeLessThan(100);
    // Each would take 5 seconds alone, and all of them need 15.
    expect(Math.max(...ends)).toBeLessThan(1.3 * 15_000);
    expect(Math.min(...ends)).toBeGreaterThan(0.75 * Math.max(...ends));
  });

  // With five: five at once, and six each a fifth of a second after the one before.
  test.each([
    ["100", 100, 0],
    ["5", 11, 1_050 + 5 * 210],
  ])("qoder:writesPerSecond %s is how many may start", async (writesPerSecond, count, milliseconds) => {
    const run = world.command({ "qoder:writesPerSecond": writesPerSecond });
    const begin = world.clock.now();
    await createAll(count, run);
    expect(Math.round(world.clock.now() - begin)).toBe(milliseconds);
  });

  test("200 reads arrive where more than 50 a second are refused", async () => {
    const [stack] = await createAll(1);
    const { id = "", outputs = {} } = stack?.state ?? {};
    world.api.clearRequests();
    world.api.switches.readLimitPerSecond = 50;
    const run = world.command();
    const read = await Promise.all(Array.from({ length: 200 }, () => run.read(id, outputs)));
    expect(new Set(read.map((state) => state?.id))).toEqual(new Set([id]));
    expect(refused()).toBe(0);
  });

  test("what still waits for its turn when its time is over is never sent, and the next up creates it", async () => {
    const run = world.command();
    const stacks = names(60).map((name) => new SimulatedStack(() => run, `urn:pulumi:queue::project::type::${name}`));
    const upAll = (seconds: number) =>
      Promise.all(
        stacks.map((stack, index) => errorOf(stack.up(world.args({ name: `daily-${index}`, ...within(seconds) })))),
      );
    // The second 20 may start a second after the first.
    const failed = (await upAll(1)).filter((error) => error !== undefined);
    expect(failed.filter((error) => !error.includes("time limit"))).toEqual([]);
    // How many come into that second the machine decides.
    expect(failed.length).toBeGreaterThan(0);
    expect(world.sent()).toHaveLength(60 - failed.length);
    expect((await upAll(60)).filter((error) => error !== undefined)).toEqual([]);
    expect(liveNames().sort()).toEqual(names(60).sort());
  });

  test("no more than 16 requests are in flight", async () => {
    const [stack] = await createAll(1);
    const { id = "", outputs = {} } = stack?.state ?? {};
    world.api.clearRequests();
    world.api.fault({ kind: "silence", ...always });
    const bounded = { ...outputs, ...within(2) };
    const run = world.command();
    world.clock.thaw();
    const reads = Array.from({ length: 40 }, () => errorOf(run.read(id, bounded)));
    const arrived = () => world.api.requests.length;
    await until(
      () => arrived() >= 16,
      () => `16 requests arrive, and not ${arrived()}`,
    );
    await sleep(100);
    expect(arrived()).toBe(16);
    const ended = await Promise.all(reads);
    expect(ended.filter((error) => error?.includes("time limit") !== true)).toEqual([]);
  });
});
