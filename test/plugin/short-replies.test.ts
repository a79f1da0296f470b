import { kindsWithRows } from "../kinds";
import { deployment } from "../kinds/deployment";
import type { Switches } from "../qoder-api/switches";
import { failedRemoval, isLive, namedKinds } from "../support/named-by-deployments";
import { SharedCommand } from "../support/shared-command";
import { timeLimits } from "../support/time-limits";
import { type KindWorld, World } from "../support/world";

const minuteMs = 60_000;
const always = { times: Number.POSITIVE_INFINITY };
const filled: Partial<Switches> = {
  ...{ toolSettings: "resolved", unrestrictedNetworking: "with-limits" },
  ...{ modelEcho: "resolved", skillVersions: "resolved" },
};
type Reply = Readonly<Record<string, unknown>>;
const withId = ({ id }: Reply): Reply => ({ id });

describe.each(kindsWithRows)("$label", (kind) => {
  let world: KindWorld;
  beforeAll(async () => {
    world = await World.start(kind);
  });
  afterAll(() => world.stop());

  const services = [
    ["repeats requests", {}],
    ["fills in defaults", filled],
  ] as const;
  const rows = services.flatMap(([service, more]) => kind.changes.map((change) => ({ ...change, service, more })));
  test.each(rows)(
    "a response to the change of $what with the id alone loses no output, and is no difference where the service $service",
    async ({ before, after, switches, more }) => {
      world.reset({ ...switches, ...more });
      const stack = world.stack();
      await stack.up(world.args(before));
      const { id = "", outputs = {} } = stack.state ?? {};
      const missing = { kind: "replace-body", method: "POST", transform: withId, ...always } as const;
      world.api.fault({ ...missing, path: world.path(id) });
      await stack.up(world.args(after)).catch(() => undefined);
      world.api.clearFaults();
      const computed = Object.keys(kind.kind.outputs);
      for (const name of computed) {
        expect({ name, value: stack.state?.outputs[name] == null }).toEqual({ name, value: outputs[name] == null });
      }
      if (stack.unfinished) {
        // No response proves a removal.
        await stack.up(world.args(after));
      }
      expect(await stack.preview(world.args(after))).toBe("same");
      expect(await stack.refresh()).toBe("same");
    },
  );

  test.each(kind.changes)(
    "after a response to the change of $what with the id alone, an update back that did not arrive leaves nothing to do",
    async ({ before, after, switches }) => {
      world.reset({ ...switches, addedMembers: "elements" });
      const stack = world.stack();
      const limits = timeLimits(10);
      const [older, newer] = [world.args({ ...before, ...limits }), world.args({ ...after, ...limits })];
      await stack.up(older);
      const path = world.path(stack.state?.id ?? "");
      world.api.fault({ kind: "replace-body", method: "POST", path, transform: withId });
      await stack.up(newer).catch(() => stack.up(newer));
      world.passTime(minuteMs);
      world.api.fault({ kind: "reset-before", method: "POST", path, ...always });
      await expect(stack.up(older)).rejects.toThrow("may have been done or not");
      world.api.clearFaults();
      await stack.up(newer);
      expect(await stack.refresh()).toBe("same");
      expect(await stack.preview(newer)).toBe("same");
    },
  );
});

describe.each(namedKinds)("the removal of an $noun", (row) => {
  const { kind, argument } = row;
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world.stop());

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
