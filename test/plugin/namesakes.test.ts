import { createdKinds } from "../kinds";
import { originOf, SimulatedStack } from "../support/simulated-stack";
import { type KindWorld, World } from "../support/world";

const named = createdKinds.filter(({ kind }) => kind.within === undefined);

describe.each(named)("two resources of one program that declare a $label with the same name", (kind) => {
  let world: KindWorld;
  beforeAll(async () => {
    world = await World.start(kind);
  });
  afterAll(() => world.stop());
  beforeEach(() => world.reset());

  /** One preview that checks resources with these Pulumi names. */
  async function previewed(...names: readonly string[]): Promise<string[]> {
    const command = world.command();
    for (const name of names) {
      const stack = new SimulatedStack(() => command, originOf(kind.type, "dev", name), "name" in kind.fields);
      await stack.preview(world.args());
    }
    await command.end();
    return world.output.filter((text) => text.includes("has the same name at Qoder"));
  }

  test("cause one message in the preview, which names both", async () => {
    const told = await previewed("morning", "evening");
    expect(told).toHaveLength(1);
    expect(told[0]).toMatch(
      new RegExp(`${kind.label} "evening".*has the same name at Qoder as the resource "morning" of this program: "`),
    );
    expect(told[0]?.startsWith("warning: ")).toBe(!kind.hasFreeNames);
  });

  test("cause no message if the engine only checked one resource twice", async () => {
    expect(await previewed("morning", "morning")).toEqual([]);
  });
});
