import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

describe("pause", () => {
  test("a manual pause is drift where the program says paused: false, and nobody's business where it says nothing", async () => {
    const managed = world.stack();
    await managed.up(world.args({ paused: false }));
    world.api.deployments.pause(world.live.id);
    world.sent();
    expect(await managed.refresh()).toBe("update");
    expect(await managed.up(world.args({ paused: false }))).toBe("update");
    expect(world.sent().slice(1)).toEqual([["POST", `/deployments/${world.live.id}/unpause`]]);
    expect(await managed.preview(world.args({ paused: false }))).toBe("same");
    world.reset();

    const unmanaged = world.stack();
    await unmanaged.up(world.args());
    world.api.deployments.pause(world.live.id);
    expect(await unmanaged.refresh()).toBe("same");
    expect(await unmanaged.preview(world.args())).toBe("same");
    expect(unmanaged.state?.outputs).toMatchObject({ status: "paused", pausedReason: { type: "manual" } });
  });

  test("a pause by the service after an error is told in the preview and left alone", async () => {
    const stack = world.stack();
    await stack.up(world.args({ paused: false }));
    world.api.deployments.pauseByError(world.live.id, "agent_archived_error");
    expect(await stack.refresh()).toBe("same");
    world.sent();
    world.output.length = 0;
    expect(await stack.up(world.args({ paused: false }))).toBe("same");
    expect(world.sent()).toEqual([]);
    expect(world.output.join()).toContain(
      `(${world.live.id}): the service paused this deployment after a failed run (agent_archived_error)`,
    );
    expect(stack.state?.outputs["pausedReason"]).toEqual({ type: "error", error: { type: "agent_archived_error" } });
  });

  test("a reply that is active and tells no reason ends the reason of an earlier pause", async () => {
    const stack = world.stack();
    await stack.up(world.args());
    world.api.deployments.pause(world.live.id);
    await stack.refresh();
    expect(stack.state?.outputs["pausedReason"]).toEqual({ type: "manual" });
    world.api.deployments.unpause(world.live.id);
    world.api.fault({ kind: "replace-body", method: "GET", transform: ({ paused_reason: _, ...reply }) => reply });
    await stack.refresh();
    expect(stack.state?.outputs).toMatchObject({ status: "active", pausedReason: null });
  });

  test("a reply that tells no status leaves it to the next up to pause what could not be paused", async () => {
    const told = ({ status: _, paused_reason: __, ...reply }: Readonly<Record<string, unknown>>) => reply;
    world.api.fault({ kind: "replace-body", method: "POST", path: "/deployments", transform: told });
    world.api.fault({ kind: "status", method: "POST", path: /\/pause$/, status: 403 });
    const stack = world.stack();
    await expect(stack.up(world.args({ paused: true }))).rejects.toThrow("was done in part");
    world.sent();
    await stack.up(world.args({ paused: true }));
    expect(world.sent()).toEqual([["POST", `/deployments/${world.live.id}/pause`]]);

    await stack.up(world.args({ paused: false }));
    const changed = world.args({ paused: true, description: "new" });
    world.api.fault({ kind: "replace-body", method: "POST", path: `/deployments/${world.live.id}`, transform: told });
    world.api.fault({ kind: "status", method: "POST", path: /\/pause$/, status: 403 });
    await expect(stack.up(changed)).rejects.toThrow("was done in part");
    world.sent();
    await stack.up(changed);
    expect(world.sent()).toEqual([["POST", `/deployments/${world.live.id}/pause`]]);
    expect(world.live.status).toBe("paused");
  });

  test("409 on pause is believed only when the deployment is not paused", async () => {
    const stack = world.stack();
    await stack.up(world.args({ paused: false }));
    world.api.deployments.pause(world.live.id);
    world.sent();
    await stack.up(world.args({ paused: true }));
    expect(world.sent()).toEqual([
      ["POST", `/deployments/${world.live.id}/pause`],
      ["GET", `/deployments/${world.live.id}`],
    ]);
  });
});

test("409 on pause is not believed to be the wanted end when the deployment is archived", async () => {
  const stack = world.stack();
  await stack.up(world.args({ paused: false }));
  const { id } = world.live;
  world.api.deployments.pause(id);
  world.api.deployments.archive(id);
  await expect(stack.up(world.args({ paused: true }))).rejects.toThrow("409");
});

test("an unpause that failed after an update is done by the next up, also where the service paused it", async () => {
  const stack = world.stack();
  await stack.up(world.args({ paused: true }));
  const { id } = world.live;
  world.api.deployments.pauseByError(id, "vault_not_found_error");
  const changed = world.args({ paused: false, description: "new" });
  world.api.fault({ kind: "status", method: "POST", path: /\/unpause$/, status: 403 });
  await expect(stack.up(changed)).rejects.toThrow("was done in part");
  world.sent();
  await stack.up(changed);
  expect(world.sent()).toEqual([["POST", `/deployments/${id}/unpause`]]);
});

test.each([
  ["pause", { paused: false }, { paused: true }, "paused"],
  ["unpause", { paused: true }, { paused: false }, "active"],
] as const)(
  "a success that tells of another deployment is no %s until a look shows it",
  async (_, before, after, status) => {
    const stack = world.stack();
    await stack.up(world.args(before));
    world.api.fault({
      kind: "replace-body",
      method: "POST",
      transform: (reply) => ({ ...reply, id: "dep_019ec556114c78f8b60ee34fcb98bf59" }),
    });
    await stack.up(world.args(after));
    expect(world.live.status).toBe(status);
    expect(stack.state?.outputs["status"]).toBe(status);
  },
);
