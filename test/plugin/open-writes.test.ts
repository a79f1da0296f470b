import { agent } from "../kinds/agent";
import { timeLimits } from "../support/time-limits";
import { doors, type Properties, type SimulatedStack, useDoor, World } from "../support/world";

const world = World.ofTests();

const always = { times: Number.POSITIVE_INFINITY };
const limits = timeLimits(30);

/**
 * An update that the service has done or not, without an answer until the time limit. Returns true if it succeeds: one look settles a change
 * of status that was done, if the tries leave the time for it.
 */
async function lose(stack: SimulatedStack, args: Properties, isDone: boolean): Promise<boolean> {
  world.api.fault({ kind: isDone ? "reset-after" : "reset-before", method: "POST", ...always });
  const said = await stack.up(world.args({ ...limits, ...args })).then(() => "done", String);
  const isSettled = said === "done" && isDone && "paused" in args;
  expect([said, isSettled]).toEqual([isSettled ? "done" : expect.stringContaining("got no answer"), isSettled]);
  world.api.clearFaults();
  world.sent();
  return isSettled;
}

const rows: readonly [string, Properties, Properties, (live: World["live"]) => unknown][] = [
  ["a description", { description: "old" }, { description: "new" }, ({ description }) => description],
  ["a description that the program adds", {}, { description: "new" }, ({ description }) => description],
  ["a key of metadata", { metadata: { a: "1" } }, { metadata: { a: "1", b: "2" } }, ({ metadata }) => metadata],
  ["a removed key", { metadata: { a: "1", b: "2" } }, { metadata: { a: "1" } }, ({ metadata }) => metadata],
  ["a budget", {}, { budget: { maxCreditCost: "12.50" } }, ({ budget }) => budget],
  ["vaults", { vaultIds: ["vault_1"] }, { vaultIds: ["vault_2"] }, ({ vault_ids }) => vault_ids],
  ["variables", { environmentVariables: { A: "1" } }, {}, ({ environment_variables }) => environment_variables],
  ["a pause", { paused: false }, { paused: true }, ({ status }) => status],
];

describe.each(rows)("after an update of %s without an answer", (_, before, after, shown) => {
  describe.each([true, false])("(done: %s)", (isDone) => {
    test.each(["up", "refresh and up"])("a program with the old value restores that value by %s", async (commands) => {
      const stack = world.stack();
      await stack.up(world.args({ ...limits, ...before }));
      const shownBefore = shown(world.live);
      await lose(stack, after, isDone);
      if (commands === "refresh and up") {
        await stack.refresh();
      }
      const back = world.args({ ...limits, ...before });
      await stack.up(back);
      expect(shown(world.live)).toEqual(shownBefore);
      world.sent();
      await stack.findsNoDifference(back);
    });

    test("a program with the new value sends what is open again, without a look, and the preview says so", async () => {
      const stack = world.stack();
      await stack.up(world.args({ ...limits, ...before }));
      const shownBefore = shown(world.live);
      const isSettled = await lose(stack, after, isDone);
      const isTold = () =>
        world.output.some((line) => /sends \w+ again: the outcome of the last update is unknown/.test(line));
      world.output.length = 0;
      await stack.preview(world.args({ ...limits, ...after }));
      expect(isTold()).toBe(!isSettled);
      world.sent();
      await stack.up(world.args({ ...limits, ...after }));
      expect(shown(world.live)).not.toEqual(shownBefore);
      const isMark = (body: unknown) => JSON.stringify(body ?? "").includes("pulumi-qoder-holds");
      const made = world.api.requests.filter(({ method, body }) => method === "POST" && !isMark(body));
      expect(made).toHaveLength(isSettled ? 0 : 1);
      await stack.findsNoDifference(world.args({ ...limits, ...after }));
    });
  });
});

test.each([true, false])(
  "an `up` of the old value restores it after somebody changed it, a refresh and an update without an answer (done: %s)",
  async (isDone) => {
    const stack = world.stack();
    const old = world.args({ ...limits, description: "old" });
    await stack.up(old);
    world.api.deployments.edit(world.live.id, { description: "theirs" });
    expect(await stack.refresh()).toBe("update");
    await lose(stack, { description: "new" }, isDone);
    await stack.up(old);
    expect(world.live.description).toBe("old");
    await stack.findsNoDifference(old);
  },
);

test("a refresh records a label that somebody changed beside the one of an update without an answer, and `up` sends both", async () => {
  const stack = world.stack();
  await stack.up(world.args({ ...limits, metadata: { team: "ours", tier: "1", kind: "daily" } }));
  const after = { metadata: { team: "ours", tier: "2", kind: "daily" } };
  await lose(stack, after, true);
  world.api.deployments.edit(world.live.id, { metadata: { team: "theirs" } });
  await stack.refresh();
  expect(stack.state?.outputs["metadata"]).toEqual({ team: "theirs", tier: "1", kind: "daily" });
  world.sent();
  await stack.up(world.args({ ...limits, ...after }));
  expect(world.sent()).toEqual([["POST", world.path(world.live.id), { metadata: { team: "ours", tier: "2" } }]]);
  expect(await stack.refresh()).toBe("same");
});

test("after a create whose pause got no answer, and whose look failed, the next `up` of paused: false unpauses the deployment", async () => {
  world.api.fault({ kind: "reset-after", method: "POST", path: /\/pause$/, ...always });
  world.api.fault({ kind: "status", status: 403, method: "GET", ...always });
  const stack = world.stack();
  await expect(stack.up(world.args({ ...limits, paused: true }))).rejects.toThrow("got no answer");
  world.api.clearFaults();
  expect(world.live.status).toBe("paused");
  await stack.up(world.args({ ...limits, paused: false }));
  expect(world.live.status).toBe("active");
  expect(await stack.preview(world.args({ ...limits, paused: false }))).toBe("same");
});

test("a description that was changed before its repetition was refused is restored by an `up` of the old value", async () => {
  const stack = world.stack();
  await stack.up(world.args({ ...limits, description: "old" }));
  world.api.fault({ kind: "reset-after", method: "POST" });
  world.api.fault({ kind: "status", status: 429, method: "POST", ...always });
  await expect(stack.up(world.args({ ...limits, description: "new" }))).rejects.toThrow("may have been done or not");
  world.api.clearFaults();
  expect(world.live.description).toBe("new");
  await stack.up(world.args({ ...limits, description: "old" }));
  expect(world.live.description).toBe("old");
});

test("if the GET after a short reply fails, an `up` of the old values restores all that the update carried", async () => {
  world.api.switches.scheduleNull = "accept";
  const schedule = { expression: "0 9 * * *", timezone: "UTC" };
  const stack = world.stack();
  await stack.up(world.args({ ...limits, schedule, description: "old" }));
  const transform = ({ description: _, ...reply }: Readonly<Record<string, unknown>>) => reply;
  world.api.fault({ kind: "replace-body", method: "POST", transform });
  world.api.fault({ kind: "status", status: 403, method: "GET", ...always });
  await expect(stack.up(world.args({ ...limits, description: "new" }))).rejects.toThrow("403");
  world.api.clearFaults();
  await stack.up(world.args({ ...limits, schedule, description: "old" }));
  expect(world.live).toMatchObject({ description: "old", schedule: { expression: "0 9 * * *" } });
});

test("an argument that an adoption may have set before its answer was lost is cleared when it leaves the program", async () => {
  const { id } = world.api.deployments.create({
    name: "daily",
    agent: world.agent,
    environment_id: world.environment,
    initial_events: [{ type: "user.message", content: [{ type: "text", text: "Generate today's status report" }] }],
  });
  const stack = world.stack();
  const set = { adopt: id, budget: { maxCreditCost: "5.00" }, metadata: { a: "1" } };
  await world.unanswered(stack, world.args({ ...limits, ...set }));
  await stack.up(world.args({ ...limits, adopt: id }));
  expect(world.live.budget ?? null).toBeNull();
  expect(world.live.metadata).toEqual({});
});

describe.each(doors)("door %s", (door) => {
  beforeEach(() => useDoor(door));
  const schedule = (expression: string, more: object = {}) => ({ schedule: { ...more, expression, timezone: "UTC" } });

  test.each([
    ["description", { description: "old" }, { description: "new" }, { description: "theirs" }],
    ["metadata.team", { metadata: { team: "old" } }, { metadata: { team: "new" } }, { metadata: { team: "theirs" } }],
    ["schedule.expression", schedule("0 1 * * *"), schedule("0 2 * * *"), schedule("0 3 * * *", { type: "cron" })],
    ["metadata", {}, { metadata: { team: "new" } }, { metadata: { team: "theirs" } }],
  ])(
    "what an update without an answer carried is not asked about again once ignoreChanges leaves %s to the console",
    async (path, before, after, theirs) => {
      const stack = world.stack();
      const args = world.args({ ...limits, ...before });
      await stack.up(args);
      await lose(stack, after, true);
      world.api.deployments.edit(world.live.id, theirs);
      stack.ignoreChanges = [path];
      world.output.length = 0;
      await stack.preview(args);
      await stack.up(args);
      expect(world.output).toEqual([]);
      expect(world.sent()).toEqual([]);
      expect(world.live).toMatchObject(theirs);
      expect(stack.state?.outputs["__open"]).toBeUndefined();
    },
  );

  test.each([
    ["description", { description: "old" }, { description: "theirs" }],
    ["metadata.team", { metadata: { team: "old", tier: "1" } }, { metadata: { team: "theirs" } }],
    ["schedule.expression", schedule("0 1 * * *"), schedule("0 3 * * *", { type: "cron" })],
  ])(
    "a refresh after an update without an answer lets `up` send nothing over what ignoreChanges leaves in %s to the console",
    async (path, before, theirs) => {
      const stack = world.stack();
      const args = world.args({ ...limits, ...before, budget: { maxCreditCost: "1.00" } });
      await stack.up(args);
      await lose(stack, { ...before, budget: { maxCreditCost: "2.00" } }, true);
      world.api.deployments.edit(world.live.id, theirs);
      await stack.refresh();
      stack.ignoreChanges = [path];
      await stack.up(args);
      expect(world.live).toMatchObject(theirs);
      await stack.findsNoDifference(args);
    },
  );

  const reporter = { ...agent.least, system: "old" };
  test.each([
    ["somebody else's change", { model: "efficient" }, 0, "somebody changed the agent"],
    ["a refusal", { system: "old" }, 1, "400"],
  ])(
    "an update whose first try got no answer, and whose repetition met a conflict and then %s, stays open",
    async (_, shown, refusals, error) => {
      const { stack, id, path } = await world.existing(agent, reporter);
      world.api.fault({ kind: "reset-after", method: "POST", path });
      world.api.fault({ kind: "replace-body", method: "GET", path, transform: (body) => ({ ...body, ...shown }) });
      world.api.fault({ kind: "status", status: 400, method: "POST", path, skip: 1, times: refusals });
      await expect(stack.up({ ...reporter, system: "new" })).rejects.toThrow(error);
      world.api.clearFaults();
      expect(world.api.agents.get(id).system).toBe("new");
      await stack.up(reporter);
      expect(world.api.agents.get(id).system).toBe("old");
      await stack.findsNoDifference(reporter);
    },
  );

  test("a refresh takes no version of an update whose answer was lost", async () => {
    const { stack } = await world.existing(agent, { ...reporter, ...limits });
    world.api.fault({ kind: "status", status: 403, method: "GET", ...always });
    await world.unanswered(stack, { ...reporter, ...limits, system: "new" });
    await stack.refresh();
    expect(stack.state?.outputs).toMatchObject({ system: "old", version: 1 });
  });
});
