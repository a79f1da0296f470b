import { deployment } from "../kinds/deployment";
import { failedRemoval, isLive, namedKinds } from "../support/named-by-deployments";
import { SharedCommand } from "../support/shared-command";
import { World } from "../support/world";

const always = { times: Number.POSITIVE_INFINITY };
type Reply = Readonly<Record<string, unknown>>;

describe.each(namedKinds)("the removal of an $noun", (row) => {
  const { kind, argument } = row;
  const world = World.ofTests();

  test.each(["created", "updated", "moved to it"])(
    "fails after a live deployment was %s whose response names nothing",
    async (how) => {
      world.reset();
      const used = await world.existing(kind, kind.least);
      const args = world.args({ [argument]: used.id });
      const declared =
        how === "created" ? undefined : await world.existing(deployment, how === "updated" ? args : world.args());
      const command = new SharedCommand(world);
      const removed = command.resource(kind, used.stack);
      const unused = command.resource(kind, (await world.existing(kind, { ...kind.least, name: "unused" })).stack);
      // The command reads its list of deployments.
      await unused.destroy();
      const user = command.resource(deployment, declared?.stack ?? world.stackOf(deployment));
      const path = declared?.path ?? "/deployments";
      const transform = ({ agent: _, environment_id: __, ...shown }: Reply) => shown;
      world.api.fault({ kind: "replace-body", method: "POST", path, transform, ...always });
      await user.up({ ...args, description: "new" });
      world.api.clearFaults();
      expect(await failedRemoval(removed)).toContain("was not archived: a live deployment uses it");
      expect(isLive(world, row, used.id)).toBe(true);
    },
  );
});
