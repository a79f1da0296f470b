import { deployment } from "../kinds/deployment";
import { type Column, columns } from "../support/fault-columns";
import { timeLimits } from "../support/time-limits";
import { type Properties, type SimulatedStack, World } from "../support/world";

const world = World.ofTests();

const always = { times: Number.POSITIVE_INFINITY };
const limitMs = 500;
const limits = timeLimits(limitMs / 1_000);

/** A resource in the initial state of the column. `more` joins the state afterwards, so it limits no earlier step. */
async function prepared({ before }: Column, more: Properties = {}): Promise<SimulatedStack> {
  const stack = world.stack();
  const earlier = before(deployment);
  if (earlier !== undefined) {
    await stack.up(world.args(earlier));
  }
  if (stack.state !== undefined) {
    const { inputs, outputs } = stack.state;
    stack.state = { ...stack.state, inputs: { ...inputs, ...more }, outputs: { ...outputs, ...more } };
  }
  world.sent();
  return stack;
}

function run(stack: SimulatedStack, { command, wanted }: Column, more: Properties = {}): Promise<unknown> {
  return command === "up" ? stack.up(world.args({ ...wanted(deployment), ...more })) : stack[command]();
}

describe("customTimeouts limit an operation with all its requests and waits:", () => {
  const endsByLimit = async (action: Promise<unknown>) => {
    await expect(action).rejects.toThrow("time limit");
    const [first] = world.api.requests;
    expect(world.clock.now() - Number(first?.at)).toBe(limitMs);
  };

  test.each(columns)("$operation, if the service answers no request", async (column) => {
    const stack = await prepared(column, limits);
    world.api.fault({ kind: "silence", ...always });
    await endsByLimit(run(stack, column, limits));
    expect(world.sent()).toHaveLength(1);
  });

  test.each(columns.filter(({ operation }) => operation === "read" || operation === "delete"))(
    "$operation, if the deployment is gone and the service never answers the GET of its agent",
    async (column) => {
      const stack = await prepared(column, limits);
      world.vanish(world.live.id);
      world.api.fault({ kind: "silence", path: /^\/agents/, ...always });
      await endsByLimit(run(stack, column, limits));
      expect(stack.state).toBeDefined();
    },
  );

  test("create, if the service never answers the GET of the list after a lost answer", async () => {
    world.api.fault({ kind: "reset-after", method: "POST" });
    world.api.fault({ kind: "silence", method: "GET", ...always });
    const whole = world.stack().up(world.args(timeLimits(2)));
    await expect(whole).rejects.toThrow(/unknown whether the .* was created: .*time limit of 2 s/s);
  });

  test("adopt, if the service never answers the GET of the deployment", async () => {
    world.api.fault({ kind: "silence", method: "GET", ...always });
    await endsByLimit(world.stack().up(world.args({ ...limits, adopt: "dep_1" })));
  });

  test("update and pause, if both together take too long; the next `up` sends the pause", async () => {
    const stack = world.stack();
    const minutes = timeLimits(600);
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

  test.each([3_000_000, 1e12])("a limit of %d seconds, beyond setTimeout, lets a create succeed", async (seconds) => {
    world.api.fault({ kind: "delay", delayMs: 100 });
    await world.stack().up(world.args({ __timeouts: { create: seconds } }));
    expect(world.live.name).toBe("daily");
  });
});

describe("the pause before the next try", () => {
  const inHalfAMinute = () => new Date(world.clock.now() + 30_000).toUTCString();
  const rows: readonly [string, () => Record<string, string>, number, number][] = [
    ["is the retry-after in seconds", () => ({ "retry-after": "1" }), 1_000, 1_000],
    // A date has no milliseconds, and the wait begins when the reply arrives.
    ["ends at the date in retry-after", () => ({ "retry-after": inHalfAMinute() }), 20_000, 30_000],
    [
      "is the retry-after-ms, if the reply has both headers",
      () => ({ "retry-after-ms": "700", "retry-after": "60" }),
      700,
      700,
    ],
    ["is at most half a second, if the reply has no such header", () => ({}), 375, 500],
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

  test.each(columns)("makes $operation fail at once, if it would end after the time limit", async (column) => {
    const stack = await prepared(column, timeLimits(20));
    world.api.fault({ kind: "status", status: 429, headers: { "retry-after": "30" }, ...always });
    await expect(run(stack, column, timeLimits(20))).rejects.toThrow("429");
    expect(world.clock.slept).toEqual([]);
    expect(world.sent()).toHaveLength(1);
  });

  const advice: readonly [string, number, string, number][] = [
    ["does not follow a 500 with x-should-retry: false, which is final", 500, "false", 1],
    ["does not follow a 429 with x-should-retry: false, which is final", 429, "false", 1],
  ];
  test.each(advice)("%s", async (_, status, shouldRetry, requests) => {
    const stack = await prepared(columns[1] ?? fail());
    const headers = { "x-should-retry": shouldRetry, "retry-after-ms": "1" };
    world.api.fault({ kind: "status", status, headers, ...always });
    await expect(stack.refresh()).rejects.toThrow(String(status));
    expect(world.sent()).toHaveLength(requests);
  });
});

test("x-should-retry: true makes the provider repeat a request that was answered with 400", async () => {
  const stack = await prepared(columns[1] ?? fail());
  world.api.fault({ kind: "status", status: 400, headers: { "x-should-retry": "true" }, times: 2 });
  await stack.refresh();
  expect(world.sent()).toHaveLength(3);
});
