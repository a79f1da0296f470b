import { memoryStore } from "../kinds/memory-store";
import { World } from "../support/world";

const world = World.ofTests(memoryStore);

test.each([
  [true, 0, []],
  [true, 1, ["deletes 1 entry permanently, as of the last refresh"]],
  [true, 2, ["deletes 2 entries permanently, as of the last refresh"]],
  [false, 2, []],
])("a destroy with deleteOnDestroy: %s warns if it deletes %i entries", async (deleteOnDestroy, count, warnings) => {
  const stack = world.stack();
  await stack.up({ name: "notes", deleteOnDestroy });
  for (let entry = 1; entry <= count; entry += 1) {
    world.api.memoryStores.remember(world.live.id, `note ${entry}`);
  }
  await stack.refresh();
  world.output.length = 0;
  await stack.destroy();
  expect(world.output).toEqual(
    warnings.map((text) => expect.stringMatching(`^warning: QoderMemoryStore .*: ${text}$`)),
  );
});
