import { create, look } from "../support/fault-columns";
import { honouredOnly, InterruptedWorld } from "../support/fault-interruption";

let world: InterruptedWorld;
beforeAll(async () => {
  world = await InterruptedWorld.start();
});
afterAll(() => world.stop());

describe("where neither names are unique nor an answer proves that its deployment is new", () => {
  beforeEach(() => {
    world.reset(honouredOnly);
    const transform = ({ created_at: _, ...reply }: Readonly<Record<string, unknown>>) => reply;
    world.api.fault({ kind: "replace-body", method: "POST", path: "/deployments", transform, times: 50 });
  });

  test("a create makes one deployment, also while reads do not know it yet", async () => {
    world.api.fault({ kind: "status", status: 404, method: "GET", times: 2 });
    const stack = world.stack("first");
    await stack.up(world.declared);
    expect(world.live()).toEqual([stack.state?.id]);
    expect(world.sent()).toEqual([create, look, look, look]);
  });

  test("a create makes one deployment, also when reads never show it", async () => {
    world.api.fault({ kind: "status", status: 404, method: "GET", times: Number.POSITIVE_INFINITY });
    const unseen = world.stack("first", "dev");
    await unseen.up(world.declared);
    expect(world.live()).toEqual([unseen.state?.id]);
    expect(world.sent().filter((request) => request !== look)).toEqual([create]);
  });

  test("what was renamed since is neither taken over nor made again, but named", async () => {
    const renamed = world.stack("first");
    await renamed.up(world.declared);
    world.api.deployments.edit(renamed.state?.id ?? "", { name: "renamed" });
    const next = world.stack("later");
    await expect(next.up(world.declared)).rejects.toThrow(
      `names ${renamed.state?.id}, which is called "renamed" now, and does not tell whether that one is new`,
    );
    expect(next.state).toBeUndefined();
    expect(world.live()).toEqual([renamed.state?.id]);
  });
});

test("a clock that runs ahead and reads that do not know a new deployment yet make no second one", async () => {
  world.reset(honouredOnly);
  const seconds = (text: unknown, add: number) => new Date(Date.parse(String(text)) + add * 1_000).toISOString();
  const transform = (reply: Readonly<Record<string, unknown>>) => ({
    ...reply,
    created_at: seconds(reply["created_at"], -2),
  });
  world.api.fault({ kind: "replace-body", method: "POST", path: "/deployments", transform });
  world.api.fault({ kind: "status", status: 404, method: "GET", times: 4 });
  const stack = world.stack("first");
  await stack.up(world.declared);
  expect(world.live()).toEqual([stack.state?.id]);
  expect(world.sent()).toEqual([create, look, look, look, look, look]);
});
