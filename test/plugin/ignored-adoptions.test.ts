import { createdKinds } from "../kinds";
import { World } from "../support/world";

describe.each(createdKinds)("$label", (kind) => {
  const world = World.ofTests(kind);

  test("a preview ignores adopt of a resource that has an object, and warns if adopt names another object", async () => {
    const stack = world.stack();
    await stack.up(world.args());
    const { id } = world.live;
    const other = `${kind.idPrefix}other`;
    const ignored = () => world.output.filter((text) => text.includes("is ignored"));
    world.sent();
    expect(await stack.preview(world.args({ adopt: id }))).toBe("same");
    expect(ignored()).toEqual([]);
    const adopt = kind.kind.within === undefined ? other : `vault_other/${other}`;
    expect(await stack.preview(world.args({ adopt }))).toBe("same");
    expect(ignored()).toEqual([
      expect.stringContaining(`adopt: "${adopt}" is ignored, because this resource has ${stack.state?.id} already`),
    ]);
    expect(world.sent()).toEqual([]);
  });
});
