import { managedKinds } from "../../kinds";
import { type KindWorld, World } from "../../support/world";

const minuteMs = 60_000;

describe.each(managedKinds)("$label", (kind) => {
  let world: KindWorld;
  beforeAll(async () => {
    world = await World.start(kind);
  });
  afterAll(() => world.stop());
  beforeEach(() => world.reset());

  test("an answer that is lost is fetched within the same command", async () => {
    world.api.fault({ kind: "reset-after", method: "POST", path: world.create });
    const stack = world.stack();
    await stack.up(world.args());
    const { id } = world.live;
    expect(stack.state?.id).toBe(id);
    // With no body it asks whether the service knows the key of the create.
    const ask = ["POST", world.create, {}];
    expect(world.sent()).toEqual([...world.creates, ["GET", world.create], ask, ["GET", world.path(id)]]);
    expect(await stack.preview(world.args())).toBe("same");
  });

  test("what a provider created that was killed then, the next up goes on with and says so", async () => {
    const stack = world.stack();
    const id = await world.interrupt(stack, world.args());
    world.passTime(5 * minuteMs);
    const next = world.again(stack);
    await next.up(world.args());
    expect(world.sent()).toEqual([...world.creates, ["GET", world.path(id)]]);
    expect(next.state?.id).toBe(id);
    expect(world.live.id).toBe(id);
    expect(world.output).toContainEqual(
      expect.stringMatching(`${kind.label} "daily": goes on with ${id}, created 5 minutes ago by an earlier up`),
    );
    expect(await next.preview(world.args())).toBe("same");
  });

  test("what was archived meanwhile is left, and a new one is created", async () => {
    const stack = world.stack();
    const id = await world.interrupt(stack, world.args());
    world.console.archive(id);
    // Deployments tell whole seconds of their creation.
    world.passTime(3_000);
    const next = world.again(stack);
    await next.up(world.args());
    expect(next.state?.id).toBe(world.live.id);
    expect(next.state?.id).not.toBe(id);
    expect(world.output.join()).not.toContain("goes on with");
  });

  test("what was created more than an hour ago is named and not taken", async () => {
    const stack = world.stack();
    const id = await world.interrupt(stack, world.args());
    world.passTime(61 * minuteMs);
    const next = world.again(stack);
    await expect(next.up(world.args())).rejects.toThrow(
      `${kind.label} "daily": create failed: the service answered the create with ${id}, which it created 1 hour ago`,
    );
    expect(next.state).toBeUndefined();
    const adopting = world.again(stack);
    await adopting.up(world.args({ adopt: id }));
    expect(adopting.state?.id).toBe(id);
    expect(world.live.id).toBe(id);
  });
});
