import { timeLimits } from "../support/time-limits";
import { type Provider, SimulatedStack, World } from "../support/world";

const world = World.ofTests();

/** Undefined for a success. */
function errorOf(action: Promise<unknown>): Promise<string | undefined> {
  return action.then(() => undefined, String);
}

describe("many requests at once stay within the recommended rate", () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `daily-${index}`);
  const stackOf = (run: Provider, stack: string, name: string) =>
    new SimulatedStack(() => run, `urn:pulumi:${stack}::project::type::${name}`);
  const createAll = (count: number, run = world.command()) =>
    Promise.all(
      names(count).map(async (name) => {
        const stack = stackOf(run, `many${count}`, name);
        await stack.up(world.args({ name }));
        return stack;
      }),
    );
  const liveNames = () => world.api.deployments.live().map(({ name }) => name);
  const refused = () => world.api.requests.filter(({ status }) => status === 429).length;

  test("500 creates are sent once each and none is refused, if the service allows 20 writes a second", async () => {
    world.api.switches.writeLimitPerSecond = 20;
    await createAll(500);
    expect(liveNames().sort()).toEqual(names(500).sort());
    expect(world.api.requests).toHaveLength(500 + refused());
    expect(refused()).toBe(0);
  });

  test("60 creates make 60 objects, if the service allows only 10 writes a second", async () => {
    world.api.switches.writeLimitPerSecond = 10;
    await createAll(60);
    expect(liveNames().sort()).toEqual(names(60).sort());
    expect(refused()).toBeGreaterThan(0);
  });

  test("three ups of 100 creates at once share 20 writes a second evenly, and make 300 objects", async () => {
    world.api.switches.writeLimitPerSecond = 20;
    const runs = ["one", "two", "three"].map((stack) => [stack, world.command()] as const);
    const begin = world.clock.now();
    const ends = await Promise.all(
      runs.map(async ([stack, run]) => {
        const own = names(100).map((name) => `${stack}-${name}`);
        await Promise.all(own.map((name) => stackOf(run, stack, name).up(world.args({ name }))));
        return world.clock.now() - begin;
      }),
    );
    expect(new Set(liveNames()).size).toBe(300);
    expect(world.api.deployments.live()).toHaveLength(300);
    expect(world.api.requests).toHaveLength(300 + refused());
    // Without slowing down, more requests are refused than one `up` has.
    expect(refused()).toBeLessThan(100);
    // One `up` alone takes 5 seconds, so three together need 15.
    expect(Math.max(...ends)).toBeLessThan(1.3 * 15_000);
    expect(Math.min(...ends)).toBeGreaterThan(0.75 * Math.max(...ends));
  });

  // At five a second, five start at once, and the other six a fifth of a second after each other.
  test.each([
    ["100", 100, 0],
    ["5", 11, 1_050 + 5 * 210],
  ])("with qoder:writesPerSecond %s, %d creates take %d ms", async (writesPerSecond, count, milliseconds) => {
    const run = world.command({ config: { "qoder:writesPerSecond": writesPerSecond } });
    const begin = world.clock.now();
    await createAll(count, run);
    expect(Math.round(world.clock.now() - begin)).toBe(milliseconds);
  });

  test("200 reads are sent and none is refused, if the service allows 50 reads a second", async () => {
    const [stack] = await createAll(1);
    const { id = "", outputs = {} } = stack?.state ?? {};
    world.api.clearRequests();
    world.api.switches.readLimitPerSecond = 50;
    const run = world.command();
    const read = await Promise.all(Array.from({ length: 200 }, () => run.read(id, outputs)));
    expect(new Set(read.map((state) => state?.id))).toEqual(new Set([id]));
    expect(refused()).toBe(0);
  });

  test("a request that waits for its turn until its time limit is not sent, and the next `up` creates the object", async () => {
    const run = world.command();
    const stacks = names(60).map((name) => stackOf(run, "queue", name));
    const upAll = (seconds: number) =>
      Promise.all(
        stacks.map((stack, index) => errorOf(stack.up(world.args({ name: `daily-${index}`, ...timeLimits(seconds) })))),
      );
    // The second 20 requests may start a second after the first 20.
    const failed = (await upAll(1)).filter((error) => error !== undefined);
    expect(failed.filter((error) => !error.includes("time limit"))).toEqual([]);
    expect(failed).toHaveLength(40);
    expect(world.sent()).toHaveLength(20);
    expect((await upAll(60)).filter((error) => error !== undefined)).toEqual([]);
    expect(liveNames().sort()).toEqual(names(60).sort());
  });
});
