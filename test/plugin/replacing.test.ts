import { kinds } from "../kinds";
import { World } from "../support/world";

const cases = kinds.flatMap((kind) =>
  Object.entries(kind.replacing ?? {}).map(([name, row]) => ({ kind, name, row, label: kind.label })),
);

describe.each(cases)("$name of a $label", ({ kind, name, row }) => {
  const world = World.ofTests(kind);

  test.each(row.others.map((other) => [other]))("that becomes %j creates one new object, once", async (other) => {
    const stack = world.stack();
    await stack.up(world.args({ [name]: row.value }));
    const first = stack.state?.id;
    world.sent();
    const changed = world.args({ [name]: other });
    expect(await stack.preview(changed)).toBe("replace");
    expect(world.sent()).toEqual([]);
    expect(await stack.up(changed)).toBe("replace");
    expect(stack.state?.id).not.toBe(first);
    expect(world.console.live()).toHaveLength(kind.isStarted ? 2 : 1);
    world.sent();
    await stack.findsNoDifference(changed);
    expect(world.sent()).toEqual([["GET", expect.any(String)]]);
  });

  test.each((row.same ?? [row.value]).map((same) => [same]))("that becomes %j causes no difference", async (same) => {
    const stack = world.stack();
    await stack.up(world.args({ [name]: row.value }));
    world.sent();
    await stack.findsNoDifference(world.args({ [name]: same }));
    expect(world.sent()).toEqual([["GET", world.path(stack.state?.id ?? "")]]);
  });
});
