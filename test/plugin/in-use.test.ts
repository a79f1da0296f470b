import { agent, environment } from "../support/kinds";
import { PluginWorld } from "../support/plugin-world";
import type { Properties } from "../support/provider";

let world: PluginWorld;
beforeAll(async () => {
  world = await PluginWorld.start();
});
afterAll(() => world.stop());
beforeEach(() => world.resetAll());

const event = { type: "user.message", content: [{ type: "text", text: "Go" }] };
const rows = [
  { kind: agent, args: { model: "ultimate" } },
  { kind: environment, args: { config: { type: "cloud", networking: { type: "unrestricted" } } } },
] as const;

/** Live deployments that name the object; somebody made them at the console. */
function users(noun: string, id: string, names: readonly string[]): string[] {
  const parts = {
    agent: noun === "agent" ? id : world.agent,
    environment_id: noun === "environment" ? id : world.environment,
  };
  return names.map((name) => world.api.deployments.create({ name, initial_events: [event], ...parts }).id);
}

describe.each(rows)("$kind.label", ({ kind, args }) => {
  const existing = (more: Properties = {}) => world.existing(kind, { ...args, ...more });
  const { noun } = kind;

  test("is not archived while live deployments name it, and the error names five of them", async () => {
    const { stack, id } = await existing();
    const [first] = users(noun, id, ["a", "b", "c", "d", "e", "f", "g"]);
    const removed = expect(stack.destroy()).rejects;
    await removed.toThrow(`${id} was not archived: 7 live deployments name it: `);
    await removed.toThrow(
      ` and 2 more. Archive them or name another ${noun} there first, then run the same command again`,
    );
    await removed.toThrow("retainOnDelete: true keeps the");
    await removed.toThrow(/archiveInUse: true archives it nevertheless/);
    expect(first).toBeDefined();
    const requests = world.api.requests.map(({ method, path, query }) => [method, path, query]);
    const query = kind === agent ? expect.objectContaining({ agent_id: id }) : expect.anything();
    expect(requests).toEqual([["GET", "/deployments", query]]);
    expect(stack.state?.id).toBe(id);
  });

  test("is archived when the deployments that named it are archived or name another one", async () => {
    const { stack, id, path } = await existing();
    const [archived = "", moved = ""] = users(noun, id, ["a", "b"]);
    world.api.deployments.archive(archived);
    const other = kind === agent ? { agent: world.otherAgent } : { environment_id: world.otherEnvironment };
    world.api.deployments.edit(moved, other);
    world.api.clearRequests();
    await stack.destroy();
    expect(world.sent()).toEqual([
      ["GET", "/deployments"],
      ["POST", `${path}/archive`],
    ]);
  });

  test("is archived without a look where archiveInUse was recorded before, and no body ever holds that argument", async () => {
    const { stack, id, path } = await existing();
    users(noun, id, ["a"]);
    world.api.clearRequests();
    const declared = { ...args, archiveInUse: true };
    expect(await stack.preview(declared)).toBe("update");
    expect(await stack.up(declared)).toBe("update");
    expect(world.sent()).toEqual([["GET", path]]);
    expect(await stack.preview(declared)).toBe("same");
    expect(await stack.refresh()).toBe("same");
    world.sent();
    await stack.destroy();
    expect(world.sent()).toEqual([["POST", `${path}/archive`]]);
  });

  test.each([403, 503])("is not archived where the list of deployments is answered with %i", async (status) => {
    const { stack, path } = await existing();
    world.api.fault({
      ...{ kind: "status", method: "GET", path: "/deployments", status, times: Number.POSITIVE_INFINITY },
      body: { type: "error", error: { type: "api_error", message: "no" } },
    });
    await expect(stack.destroy()).rejects.toThrow(String(status));
    expect(world.api.requests.map(({ path: sent }) => sent)).not.toContain(`${path}/archive`);
    world.api.clearFaults();
  });
});

test("a service that ignores the filter of the list shows other deployments, which do not count", async () => {
  const { stack, path } = await world.existing(agent, { model: "ultimate" });
  users("agent", world.agent, ["a"]);
  const transform = () => ({ data: world.api.deployments.live(), has_more: false });
  world.api.fault({ kind: "replace-body", method: "GET", path: "/deployments", transform });
  await stack.destroy();
  expect(world.sent()).toContainEqual(["POST", `${path}/archive`]);
});
