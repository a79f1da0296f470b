import { createdKinds } from "../kinds";
import { originOf, SimulatedStack, textsOf, World } from "../support/world";

const named = createdKinds.filter(({ kind }) => kind.within === undefined);

describe.each(named)("two resources of one program that declare a $label with the same name", (kind) => {
  const world = World.ofTests(kind);

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

  const message = /"?evening"?.*has the same name at Qoder as the resource "morning" of this program: "/;

  if (kind.kind.naming?.isUnique) {
    test("cause an error in the preview and in `up`, before any request of the second one", async () => {
      const command = world.command();
      const stackOf = (name: string) => new SimulatedStack(() => command, originOf(kind.type, "dev", name));
      const args = { ...world.args(), name: "shared" };
      await stackOf("morning").up(args);
      world.sent();
      for (const run of ["preview", "up"] as const) {
        const failed = await stackOf("evening")
          [run](args)
          .then(() => [], textsOf);
        expect(failed.join()).toMatch(
          /name: has the same name at Qoder as the resource "morning" of this program: "shared"\. The service refuses .*: give one of them another name/,
        );
      }
      expect(world.sent()).toEqual([]);
    });
  } else {
    test("cause one message in the preview, which names both", async () => {
      const told = await previewed("morning", "evening");
      expect(told).toHaveLength(1);
      expect(told[0]).toMatch(message);
      expect(told[0]?.startsWith("warning: ")).toBe(!kind.kind.naming?.isFree);
    });
  }

  test("cause no message if the engine only checked one resource twice", async () => {
    expect(await previewed("morning", "morning")).toEqual([]);
  });
});
