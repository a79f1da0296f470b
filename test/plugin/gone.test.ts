import type { SimulatedStack } from "../support/simulated-stack";
import { timeLimits } from "../support/time-limits";
import { World } from "../support/world";

const minuteMs = 60_000;

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

async function standing(): Promise<SimulatedStack> {
  const stack = world.stack();
  await stack.up(world.args());
  world.sent();
  return stack;
}

const commands = ["refresh", "destroy"] as const;
const always = { times: Number.POSITIVE_INFINITY };

describe.each(commands)("%s", (command) => {
  test.each<[string, string, unknown]>([
    ["a page of a web server", "text/html", "<html><center><h1>404 Not Found</h1></center>nginx</html>"],
    ["the word of a gateway", "application/json", { message: "no Route matched with those values" }],
    ["an envelope of another kind", "application/json", { error: { type: "route_error", message: "No such path" } }],
  ])("keeps the deployment on a 404 that is %s", async (_, contentType, body) => {
    const stack = await standing();
    world.passTime(60 * minuteMs);
    world.api.fault({ kind: "status", status: 404, contentType, body, ...always });
    await expect(stack[command]()).rejects.toThrow("was answered with 404");
    expect(stack.state?.id).toBe(world.live.id);
  });

  test("keeps the deployment on a single 404 of the API", async () => {
    const stack = await standing();
    world.passTime(60 * minuteMs);
    world.api.fault({ kind: "status", status: 404, path: /^\/deployments/, times: 1 });
    await stack[command]();
    const [deployment] = world.api.deployments.all();
    expect({ state: stack.state?.id, archived: deployment?.archived_at != null }).toEqual(
      command === "refresh" ? { state: deployment?.id, archived: false } : { state: undefined, archived: true },
    );
  });

  test("waits for a deployment that the service does not show yet", async () => {
    world.api.switches.hiddenForMs = 30_000;
    const stack = await standing();
    await stack[command]();
    const [deployment] = world.api.deployments.all();
    expect({ state: stack.state?.id, archived: deployment?.archived_at != null }).toEqual(
      command === "refresh" ? { state: deployment?.id, archived: false } : { state: undefined, archived: true },
    );
  });

  test("says that the deployment is not shown yet where the time limit ends the wait", async () => {
    world.api.switches.hiddenForMs = 30_000;
    const stack = world.stack();
    const limits = timeLimits(10);
    await stack.up(world.args(limits));
    await expect(stack[command]()).rejects.toThrow("is less than 1 minute old and may not be visible yet");
    expect(stack.state?.id).toBe(world.live.id);
  });

  test("of one that is gone looks at the agent and looks again", async () => {
    const stack = await standing();
    const { id } = world.live;
    world.vanish(id);
    await stack[command]();
    expect(stack.state).toBeUndefined();
    const looks = [
      ["GET", `/deployments/${id}`],
      ["GET", `/agents/${world.agent}`],
      ["GET", `/deployments/${id}`],
    ];
    const archive = ["POST", `/deployments/${id}/archive`];
    expect(world.sent()).toEqual(command === "refresh" ? looks : [archive, ...looks]);
  });
});

describe("a success of an archive", () => {
  const archive = { method: "POST", path: /\/archive$/ };

  test.each<[string, (reply: Readonly<Record<string, unknown>>) => unknown]>([
    ["another deployment", (reply) => ({ ...reply, id: "dep_019ec556114c78f8b60ee34fcb98bf59" })],
    ["no time of archiving", (reply) => ({ ...reply, archived_at: null })],
  ])("that tells of %s is looked at, and taken for what it is", async (_, transform) => {
    const done = await standing();
    world.api.fault({ kind: "replace-body", transform, ...archive });
    await done.destroy();
    expect(done.state).toBeUndefined();
    expect(world.api.deployments.live()).toEqual([]);

    const notDone = await standing();
    const body = transform({ ...world.live });
    world.api.fault({ kind: "status", status: 200, body, contentType: "application/json", ...archive, ...always });
    await expect(notDone.destroy()).rejects.toThrow("was answered with 200, but it");
    expect(notDone.state?.id).toBe(world.live.id);
  });
});

describe("a success that tells of another deployment", () => {
  const another = (reply: Readonly<Record<string, unknown>>) => ({
    ...reply,
    id: "dep_019ec556114c78f8b60ee34fcb98bf59",
  });

  test("is no refresh", async () => {
    const stack = await standing();
    const before = stack.state;
    world.api.fault({ kind: "replace-body", method: "GET", transform: another });
    await expect(stack.refresh()).rejects.toThrow('it tells of "dep_019ec556114c78f8b60ee34fcb98bf59"');
    expect(stack.state).toEqual(before);
  });

  test("is no update until a look shows it", async () => {
    const stack = await standing();
    const { id } = world.live;
    world.api.fault({ kind: "replace-body", method: "POST", transform: another });
    await stack.up(world.args({ description: "new" }));
    expect(world.sent()).toEqual([
      ["POST", `/deployments/${id}`, { description: "new" }],
      ["GET", `/deployments/${id}`],
    ]);
    expect(stack.state).toMatchObject({ id, outputs: { description: "new" } });
  });

  test("is an update of which nothing is known where a look does not show it", async () => {
    const stack = await standing();
    const body = another({ ...world.live });
    world.api.fault({ kind: "status", status: 200, body, method: "POST" });
    await expect(stack.up(world.args({ description: "new" }))).rejects.toThrow("it tells of");
    expect(stack.state?.id).toBe(world.live.id);
    await stack.up(world.args({ description: "new" }));
    expect(world.live.description).toBe("new");
  });

  test.each([
    ["pause", { paused: false }, { paused: true }, "paused"],
    ["unpause", { paused: true }, { paused: false }, "active"],
  ] as const)("is no %s until a look shows it", async (_, before, after, status) => {
    const stack = world.stack();
    await stack.up(world.args(before));
    world.api.fault({ kind: "replace-body", method: "POST", transform: another });
    await stack.up(world.args(after));
    expect(world.live.status).toBe(status);
    expect(stack.state?.outputs["status"]).toBe(status);
  });

  test("of another kind is no create: the one that was made is found", async () => {
    const transform = (reply: Readonly<Record<string, unknown>>) => ({ ...reply, id: "agent_1" });
    world.api.fault({ kind: "replace-body", method: "POST", transform });
    const stack = world.stack();
    await stack.up(world.args());
    expect(stack.state?.id).toBe(world.live.id);
  });
});
