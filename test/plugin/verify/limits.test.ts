import { deployment } from "../../kinds/deployment";
import { doors, type Properties, type SimulatedStack, useDoor, World } from "../../support/world";

const world = World.ofTests();

const verifying = { "qoder:verify": "true" };
const zone = { timezone: "Asia/Shanghai" };
const daily = { expression: "0 9 * * *", ...zone };
const hourly = { expression: "0 * * * *", ...zone };

/** A deployment of an earlier `up` whose runs cost this many credits, the oldest first. */
async function existing(costs: readonly number[], more: Properties = {}) {
  const args = world.args({ schedule: daily, ...more });
  const { paused, ...active } = args;
  const { stack, id } = await world.existing(deployment, active);
  for (const model of costs) {
    world.passTime(60_000);
    world.api.sessions.end(String(world.api.deployments.runBySchedule(id).session_id), { credits: { model } });
  }
  await stack.up(paused === undefined ? active : args);
  world.api.clearRequests();
  world.output.length = 0;
  return { stack, id, args };
}

/** What the preview of these arguments says of limits, and the number of lists of sessions that it asks for. */
async function previewed(
  stack: SimulatedStack,
  args: Properties,
  config: Readonly<Record<string, string>> = verifying,
) {
  const provider = world.command({ config });
  const command = world.again(stack, provider);
  command.state = stack.state;
  await command.preview(args);
  await provider.end();
  expect(world.api.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  return {
    asked: world.api.requests.filter(({ path }) => path === "/sessions").length,
    told: world.output.filter((text) => text.includes("limits")),
  };
}

test.each(doors)("the %s door warns of a new schedule whose runs usually cost more than the limits", async (door) => {
  useDoor(door);
  const one = await existing([90, 1, 2, 3, 3, 3, 3, 3, 4, 5, 90]);
  const limits = { creditsPerDay: 71, creditsPerMonth: 2_231, runsPerDay: 23 };
  const { asked, told } = await previewed(one.stack, { ...one.args, schedule: hourly, limits });
  expect(asked).toBe(1);
  expect(told).toEqual([
    expect.stringContaining("limits.runsPerDay: 24 runs a day, above the limit of 23 [limits]"),
    expect.stringContaining(
      "limits.creditsPerDay: 24 runs a day at 3 credits, the median of the last 10, cost 72 credits, above the limit of 71 [limits]",
    ),
    expect.stringContaining(
      "limits.creditsPerMonth: 744 runs a month at 3 credits, the median of the last 10, cost 2232 credits, above the limit of 2231 [limits]",
    ),
  ]);
});

const limits = { creditsPerDay: 2 };

test.each([
  ["a limit that is new", {}, { limits }, [1, 1]],
  ["a limit that is lower", { limits: { creditsPerDay: 5 } }, { limits }, [1, 1]],
  ["a deployment that starts again", { limits, paused: true }, { limits, paused: false }, [1, 1]],
  ["a limit that is not reached", {}, { limits: { creditsPerDay: 3 } }, [1, 0]],
  ["a limit of a month that is not reached", {}, { limits: { creditsPerMonth: 93 } }, [1, 0]],
  ["a limit of runs that is not reached, and needs no costs", {}, { limits: { runsPerDay: 1 } }, [0, 0]],
  ["an unchanged schedule and limit", { limits }, { limits, description: "other" }, [0, 0]],
  ["a limit that leaves the program", { limits }, {}, [0, 0]],
  ["a limit without a schedule", {}, { limits, schedule: undefined }, [0, 0]],
  ["a deployment that is paused", {}, { limits, paused: true }, [0, 0]],
  ["a remark that is acknowledged", {}, { limits, acknowledge: ["limits"] }, [1, 0]],
] as const)("about %s the preview asks and warns so often: %j", async (_, before, after, [asks, warnings]) => {
  const { stack, args } = await existing([2, 3, 4], before);
  const { limits: __, ...others } = args as Properties & { limits?: unknown };
  const { asked, told } = await previewed(stack, { ...others, ...after });
  expect([asked, told.length]).toEqual([asks, warnings]);
  expect(told.every((text) => text.includes("limits.creditsPerDay: 1 run a day at 3 credits"))).toBe(true);
});

test("without qoder:verify, and in up, nothing is asked", async () => {
  const { stack, args } = await existing([2, 3, 4]);
  expect(await previewed(stack, { ...args, limits }, {})).toEqual({ asked: 0, told: [] });
  expect(await previewed(stack, { ...args, limits, __command: { isPreview: false, verify: true } }, {})).toEqual({
    asked: 0,
    told: [],
  });
});

test("a deployment that is taken over is asked about too, and a new one is not", async () => {
  const { id, args } = await existing([2, 3, 4]);
  const fresh = () => world.stack();
  expect(await previewed(fresh(), { ...args, limits, adopt: id })).toMatchObject({
    asked: 1,
    told: [expect.stringContaining("1 run a day at 3 credits")],
  });
  world.output.length = 0;
  world.api.clearRequests();
  expect(await previewed(fresh(), { ...args, name: "new", limits })).toEqual({ asked: 0, told: [] });
});

test("if the service does not answer, the preview warns that the costs are not verified", async () => {
  const { stack, args } = await existing([2, 3, 4]);
  world.api.fault({ kind: "status", status: 403, method: "GET", path: "/sessions", times: Number.POSITIVE_INFINITY });
  expect((await previewed(stack, { ...args, limits })).told).toEqual([
    expect.stringMatching(/limits: what runs usually cost is not verified: .*403.* \[verify\]$/s),
  ]);
});

test("a change of the limits is an update without a request, and a refresh keeps them", async () => {
  const { stack, args } = await existing([]);
  expect(await stack.up({ ...args, limits })).toBe("update");
  expect(await stack.up({ ...args, limits })).toBe("same");
  expect(await stack.up({ ...args, limits: { creditsPerDay: 5, creditsPerMonth: 50 } })).toBe("update");
  expect(world.sent().filter((request) => JSON.stringify(request).includes("limits"))).toEqual([]);
  expect(world.api.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  expect(await stack.refresh()).toBe("same");
  expect(stack.state?.outputs).toMatchObject({ limits: { creditsPerDay: 5, creditsPerMonth: 50 } });
  expect(await stack.up(args)).toBe("update");
  expect(stack.state?.outputs["limits"]).toBeNull();
});

test.each(["creditsPerDay", "creditsPerMonth"])("a preview refuses qoder:%s that is no number", async (key) => {
  const { stack, args } = await existing([]);
  await expect(previewed(stack, args, { [`qoder:${key}`]: "many" })).rejects.toThrow(
    `qoder:${key} must be a number of credits above 0, such as 500, not "many"`,
  );
});
