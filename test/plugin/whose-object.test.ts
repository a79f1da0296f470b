import { managedKinds } from "../kinds";
import type { Switches } from "../qoder-api";
import { honoured, honouredOnly, lose, losses, namesOnly, neither } from "../support/interruption";
import { type Provider, World } from "../support/world";

describe.each(managedKinds)("$label", (kind) => {
  const world = World.ofTests(kind);
  /** Two commands. */
  let runs: readonly [first: Provider, later: Provider];

  function begin(switches: Partial<Switches>): void {
    world.reset(switches);
    runs = [world.command(), world.command()];
  }

  const live = () => world.console.live().map(({ id }) => id);

  describe.each([honoured, namesOnly])("if it has $has", ({ switches }) => {
    beforeEach(() => begin(switches));

    test("the same program in another stack fails with the id of the existing object, and does not take it", async () => {
      const one = world.stack(runs[0]);
      await one.up(world.args());
      const other = world.stack(runs[1]);
      world.sent();
      await expect(other.up(world.args())).rejects.toThrow(`adopt: "${one.state?.id}"`);
      expect(other.state).toBeUndefined();
      expect(world.sent()).toEqual([...world.creates, ["GET", `/${kind.collection}`]]);
      expect(live()).toEqual([one.state?.id]);
    });
  });

  test.each(losses)("if only names are unique, the `up` after %s names the id, and `adopt` helps", async (loss) => {
    begin(namesOnly.switches);
    const { lost, next } = await lose(world, loss, runs);
    await expect(next.up(world.args())).rejects.toThrow(`adopt: "${lost}"`);
    expect(next.state).toBeUndefined();
    await next.up(world.args({ adopt: lost }));
    expect(live()).toEqual([lost]);
    expect(await next.preview(world.args())).toBe("same");
  });

  test.each([honouredOnly, neither])(
    "if names are not unique, another stack creates its own object: $has",
    async ({ switches }) => {
      begin(switches);
      const [one, other] = [world.stack(runs[0]), world.stack(runs[1])];
      await one.up(world.args());
      await other.up(world.args());
      expect(live().sort()).toEqual([one.state?.id, other.state?.id].sort());
      expect(await one.refresh()).toBe("same");
    },
  );

  test("a resource whose key leads to the object of another resource creates its own object", async () => {
    begin(honouredOnly.switches);
    const one = world.stack(runs[0]);
    await one.up(world.args());
    world.passTime(3_000);
    // This resource has the old name of a renamed resource, so it has the same key.
    const other = world.again(one, runs[0]);
    await other.up(world.args());
    expect(live().sort()).toEqual([one.state?.id, other.state?.id].sort());
  });
});
