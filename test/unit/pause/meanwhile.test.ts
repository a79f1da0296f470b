import { usePauseWorld } from "./pause-world";

const world = usePauseWorld();

/** Calls `act` when the service has done the first pause of this deployment, at most `times` times. */
function afterPauseOf(id: string, act: () => void, times = 1): void {
  const transform = (reply: object) => {
    act();
    return reply;
  };
  world.api.fault({ kind: "replace-body", method: "POST", path: `/deployments/${id}/pause`, transform, times });
}

test.each([[["--all"]], [["--all", "--cancel"]], [["--agent"]]])(
  "pause %j also pauses what is created or started while it works, and resume starts both",
  async ([by = "", ...more]) => {
    const [first, before] = [world.create("first"), world.create("before")];
    world.api.deployments.pause(before);
    const created: string[] = [];
    afterPauseOf(first, () => {
      created.push(world.create("created"));
      world.api.deployments.unpause(before);
      created.map((id) => world.run(id));
    });
    const args = by === "--agent" ? [by, world.agent] : [by, ...more];
    const { status, stdout } = await world.pause([...args, "--yes"]);
    expect([status, stdout]).toEqual([0, expect.stringContaining("3 deployments paused")]);
    const all = [first, before, ...created];
    expect(world.statuses(...all)).toEqual(["paused", "paused", "paused"]);
    const sessions = world.api.sessions.all().map((session) => session.status);
    expect(sessions).toEqual([more.length > 0 ? "idle" : "running"]);
    expect(await world.resume(["--all", "--yes"])).toMatchObject({ status: 0 });
    expect(world.statuses(...all)).toEqual(["active", "active", "active"]);
  },
);

test("pause by ids pauses a deployment again that somebody starts while it works", async () => {
  const id = world.create("daily");
  afterPauseOf(id, () => world.api.deployments.unpause(id));
  expect(await world.pause([id, "--yes"])).toMatchObject({ status: 0 });
  expect([world.status(id), (await world.resume([id, "--yes"])).stdout]).toEqual([
    "paused",
    expect.stringContaining("1 started"),
  ]);
});

test("pause lists at most three times more, then fails and says that more may start", async () => {
  const id = world.create("daily");
  afterPauseOf(id, () => world.api.deployments.unpause(id), Number.POSITIVE_INFINITY);
  expect(await world.pause(["--all", "--yes"])).toMatchObject({
    status: 1,
    stderr: expect.stringContaining(
      "Not all deployments were read: each of 3 lists after the pause showed another active deployment",
    ),
  });
  const pauses = world.writes.filter((write) => write.endsWith("/pause"));
  expect(pauses).toEqual(Array.from({ length: 4 }, () => `POST /deployments/${id}/pause`));
});

test("a service that shows a pause late changes neither the hold nor what pause says", async () => {
  const [id, held] = [world.create("daily"), world.create("held")];
  await world.pause([held, "--yes"]);
  const transform = (reply: object): object =>
    "data" in reply
      ? { ...reply, data: [reply.data].flat().map((one) => transform(Object(one))) }
      : { ...reply, status: "active", paused_reason: null };
  const paused = new RegExp(`^/deployments(/${id})?$`);
  world.api.fault({ kind: "replace-body", method: "GET", path: paused, transform, skip: 2, times: 4 });
  world.api.fault({ kind: "replace-body", method: "POST", path: `/deployments/${held}`, transform });
  const { status, stdout, stderr } = await world.pause(["--all", "--yes"]);
  expect([status, stderr]).toEqual([0, ""]);
  expect(stdout).toMatch(/\n1 deployment paused, and 1 paused one held too\. To start these again: /);
  expect([world.statuses(id, held), world.holds(id).length, world.holds(held).length]).toEqual([
    ["paused", "paused"],
    1,
    2,
  ]);
});

test("pause does not repeat a refused pause when it lists again", async () => {
  const [good, bad] = [world.create("good"), world.create("bad")];
  const times = Number.POSITIVE_INFINITY;
  world.api.fault({ kind: "status", status: 403, method: "POST", path: `/deployments/${bad}/pause`, times });
  expect(await world.pause(["--all", "--yes"])).toMatchObject({ status: 1 });
  const pauses = world.writes.filter((write) => write.endsWith("/pause"));
  expect(pauses.sort()).toEqual([good, bad].map((id) => `POST /deployments/${id}/pause`).sort());
});

test("pause fails if it cannot list the deployments again", async () => {
  const id = world.create("daily");
  const times = Number.POSITIVE_INFINITY;
  world.api.fault({ kind: "status", status: 403, method: "GET", path: "/deployments", skip: 1, times });
  expect(await world.pause(["--all", "--yes"])).toMatchObject({ status: 1, stderr: expect.stringContaining("403") });
  expect(world.status(id)).toBe("paused");
});

test.each([20_000, 50_000])(
  "--cancel ends a run that started before the pause and that the lists show %i ms later",
  async (lateMs) => {
    const id = world.create("daily");
    const session = world.run(id);
    const shown = world.clock.now() + lateMs;
    const transform = (page: object) => (world.clock.now() < shown ? { ...page, data: [], has_more: false } : page);
    const times = Number.POSITIVE_INFINITY;
    world.api.fault({ kind: "replace-body", method: "GET", path: "/sessions", transform, times });
    const { status, stdout } = await world.pause([id, "--cancel", "--yes"]);
    expect([status, stdout]).toEqual([0, expect.stringContaining("1 session ended")]);
    expect(world.api.sessions.get(session).status).toBe("idle");
  },
);

test("a page that fails in the first list and not in the later one leaves nothing to do", async () => {
  world.api.switches.duplicateNames = "allow";
  const ids = Array.from({ length: 101 }, () => world.create("daily"));
  world.api.fault({ kind: "status", status: 403, method: "GET", path: "/deployments", skip: 1 });
  expect(await world.pause(["--all", "--yes"])).toMatchObject({
    status: 0,
    stdout: expect.stringContaining("101 deployments paused"),
    stderr: expect.not.stringContaining("Not "),
  });
  expect(ids.filter((id) => world.status(id) === "active")).toEqual([]);
});
