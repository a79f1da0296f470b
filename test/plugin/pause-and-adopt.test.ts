import type { JsonObject } from "../qoder-api/wire";
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

describe("adopt", () => {
  function existing(more: JsonObject = {}): string {
    return world.api.deployments.create({
      name: "daily",
      agent: world.agent,
      environment_id: world.environment,
      initial_events: [{ type: "user.message", content: [{ type: "text", text: "Generate today's status report" }] }],
      description: "made by hand",
      metadata: { foreign: "x" },
      ...more,
    }).id;
  }

  test("an existing deployment is taken over, and only what differs is sent", async () => {
    const id = existing();
    const stack = world.stack();
    await stack.up(world.args({ adopt: id, metadata: { team: "a" } }));
    expect(stack.state?.id).toBe(id);
    expect(world.sent()).toEqual([
      ["GET", `/deployments/${id}`],
      ["POST", `/deployments/${id}`, { description: "", metadata: { team: "a" } }],
    ]);
    expect(await stack.preview(world.args({ metadata: { team: "a" } }))).toBe("same");
  });

  test("one that is as declared is taken over without a write", async () => {
    const id = existing();
    await world.stack().up(world.args({ adopt: id, description: "made by hand" }));
    expect(world.sent()).toEqual([["GET", `/deployments/${id}`]]);
  });

  test("which token it holds nobody can tell, so ours is sent", async () => {
    const url = "https://github.com/acme/shop";
    const id = existing({ resources: [{ type: "github_repository", url, authorization_token: "ghp_theirs" }] });
    const resources = [{ type: "github_repository", url, authorizationToken: "ghp_ours" }];
    await world.stack().up(world.args({ adopt: id, description: "made by hand", resources }));
    expect(world.sent().slice(1)).toEqual([
      [
        "POST",
        `/deployments/${id}`,
        { resources: [{ type: "github_repository", url, authorization_token: "ghp_ours" }] },
      ],
    ]);
  });

  test("what the service does not tell of it is not taken for granted, but sent", async () => {
    const id = existing();
    const more = { budget: { maxCreditCost: "12.50" }, environmentVariables: { LEVEL: "info" } };
    const declared = { ...more, description: "made by hand" };
    world.api.fault({
      kind: "replace-body",
      method: "GET",
      transform: ({ environment_variables: _told, ...reply }) => reply,
    });
    const stack = world.stack();
    await stack.up(world.args({ ...declared, adopt: id }));
    expect(world.sent().slice(1)).toEqual([
      [
        "POST",
        `/deployments/${id}`,
        { environment_variables: "LEVEL=info", budget: { type: "limit", max_credit_cost: "12.50" } },
      ],
    ]);
    expect(await stack.refresh()).toBe("same");
  });

  test("when its update fails, nothing of it counts as sent, and the next up sends it", async () => {
    const url = "https://github.com/acme/shop";
    const id = existing({ resources: [{ type: "github_repository", url, authorization_token: "ghp_theirs" }] });
    const resources = [{ type: "github_repository", url, authorizationToken: "ghp_ours" }];
    const declared = world.args({ adopt: id, description: "ours", resources });
    world.api.fault({ kind: "status", method: "POST", path: `/deployments/${id}`, status: 401 });
    const stack = world.stack();
    await expect(stack.up(declared)).rejects.toThrow("was done in part");
    expect(stack.state).toMatchObject({ id, outputs: { description: "made by hand" } });
    expect(JSON.stringify(stack.state?.outputs)).not.toContain("ghp_ours");
    world.sent();
    await stack.up(declared);
    expect(world.sent()).toEqual([
      [
        "POST",
        `/deployments/${id}`,
        { description: "ours", resources: [{ type: "github_repository", url, authorization_token: "ghp_ours" }] },
      ],
    ]);
  });

  test("one that two resources of the stack manage is told in the preview", async () => {
    const run = world.command();
    const one = world.stack(run);
    await one.up(world.args());
    const { __entry: _, ...outputs } = one.state?.outputs ?? {};
    const __origin = `imported::${world.live.id}::weekly`;
    const other = world.stack(run);
    other.state = {
      id: world.live.id,
      outputs: { ...outputs, __origin },
      inputs: { ...one.state?.inputs, __origin },
    };
    await one.preview(world.args());
    await other.preview(world.args());
    expect(world.output.join()).toContain(`the resource "daily" of this stack manages ${world.live.id} too`);
  });

  test("one that this run archived is refused, and not made anew", async () => {
    const run = world.command();
    const holder = world.stack(run);
    await holder.up(world.args());
    const { id } = world.live;
    await holder.destroy();
    await expect(world.stack(run).up(world.args({ adopt: id }))).rejects.toThrow(`${id} was archived at`);
    expect(world.api.deployments.live()).toEqual([]);
  });

  test("a create that meets a taken name says which id to adopt", async () => {
    const id = existing();
    await expect(world.stack().up(world.args())).rejects.toThrow(`adopt: "${id}"`);
    expect(world.api.deployments.live()).toHaveLength(1);
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
