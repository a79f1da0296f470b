import { managedKinds } from "../../kinds";
import type { Properties } from "../../support/provider";
import { type KindWorld, World } from "../../support/world";

describe.each(managedKinds)("$label", (kind) => {
  let world: KindWorld;
  beforeAll(async () => {
    world = await World.start(kind);
  });
  afterAll(() => world.stop());
  beforeEach(() => world.reset());

  /** Made by another stack, which is as good as anybody. */
  async function existing(args: Properties): Promise<string> {
    await world.stack().up(args);
    world.sent();
    return world.live.id;
  }

  const cases = Object.entries(kind.arguments).map(([name, { under = [{}], ...row }]) => ({
    name,
    row,
    switches: under[0] ?? {},
  }));

  const ofEach = "of an existing one only $name is sent, where that differs";
  const eachOf = cases.length > 0 ? test.each(cases) : undefined;
  eachOf?.(ofEach, async ({ name, row, switches }) => {
    world.reset(switches);
    const id = await existing(world.args({ ...row.needs, [name]: row.edited }));
    const args = world.args({ ...row.needs, [name]: row.value });
    const repair = world.bodyOf(row.repair);
    const stack = world.stack();
    await stack.up({ ...args, adopt: id });
    expect(stack.state?.id).toBe(id);
    expect(world.sent()).toEqual([
      ["GET", world.path(id)],
      ["POST", world.path(id), kind.sendsWhenAdopted ? expect.anything() : repair],
    ]);
    expect(world.live.id).toBe(id);
    // It has done its work.
    expect(await stack.preview(args)).toBe("same");
    expect(await stack.refresh()).toBe("same");
  });

  test("one that is as declared is taken over without a write, but for secrets that no reply shows", async () => {
    const id = await existing(world.args());
    const stack = world.stack();
    await stack.up(world.args({ adopt: id }));
    const secrets = kind.sendsWhenAdopted ? [["POST", world.path(id), expect.anything()]] : [];
    expect(world.sent()).toEqual([["GET", world.path(id)], ...secrets]);
    expect(stack.state?.id).toBe(id);
  });

  test("one that is archived is refused", async () => {
    const id = await existing(world.args());
    world.console.archive(id);
    const stack = world.stack();
    await expect(stack.up(world.args({ adopt: id }))).rejects.toThrow(
      new RegExp(`${id} was archived at .*; leave out adopt to create a new ${kind.noun}`),
    );
    expect(world.sent()).toEqual([["GET", world.path(id)]]);
    expect(stack.state).toBeUndefined();
  });

  test("one that does not exist is an error that names it", async () => {
    const id = await existing(world.args());
    world.console.remove(id);
    await expect(world.stack().up(world.args({ adopt: id }))).rejects.toThrow(
      `there is no ${kind.noun} ${id} that this token can see; check adopt`,
    );
  });

  test("one that another resource of the run holds is refused", async () => {
    const run = world.command();
    await world.stack(run).up(world.args());
    const { id } = world.live;
    world.sent();
    await expect(world.stack(run).up(world.args({ adopt: id }))).rejects.toThrow(
      `${id} is already managed by the resource "daily" of this stack; it can belong to one resource only`,
    );
    expect(world.sent()).toEqual([]);
  });
});
