import { createdKinds } from "../kinds";
import type { Shown } from "../kinds/kind-row";
import { doors, useDoor } from "../support/door";
import type { SimulatedStack } from "../support/simulated-stack";
import { timeLimits } from "../support/time-limits";
import { type KindWorld, World } from "../support/world";

/** The ways in which an object gets the declared value before somebody changes it. */
const writes = ["a create", "a patch", "an adoption"] as const;

describe.each(createdKinds.filter((kind) => Object.keys(kind.arguments).length > 0))("$label", (kind) => {
  let world: KindWorld;
  beforeAll(async () => {
    world = await World.start(kind);
  });
  afterAll(() => world.stop());

  const rows = Object.entries(kind.arguments).flatMap(([name, row]) => writes.map((write) => ({ name, write, row })));
  test.each(rows)(
    "a foreign change of $name after $write is a difference, each time anew",
    async ({ name, write, row }) => {
      const { value, edit, edited, needs, under } = row;
      world.reset(under?.[0]);
      const args = world.args({ ...needs, [name]: value });
      let stack: SimulatedStack = world.stack();
      await stack.up(args);
      const { id = "" } = stack.state ?? {};
      const change = async () => {
        world.console.edit(id, edit);
        expect(await stack.refresh()).toBe("update");
        expect(stack.state?.outputs[name]).toEqual(edited);
        expect(await stack.preview(args)).toBe("update");
      };
      if (write === "a patch") {
        await change();
        await stack.up(args);
      } else if (write === "an adoption") {
        stack = world.stack();
        await stack.up({ ...args, adopt: id });
      }
      await change();
      await stack.up(args);
      expect(await stack.refresh()).toBe("same");
      expect(await stack.preview(args)).toBe("same");
    },
  );
});

const withCleared = createdKinds.flatMap((kind) => {
  const cleared = Object.entries(kind.arguments).filter(([, row]) => row.cleared !== undefined);
  return cleared.length === 0 ? [] : [{ label: kind.label, kind, cleared }];
});

describe.each(withCleared)("$label", ({ kind, cleared }) => {
  let world: KindWorld;
  beforeAll(async () => {
    world = await World.start(kind);
  });
  afterAll(() => world.stop());

  const rows = cleared.flatMap(([name, row]) =>
    ["two refreshes with other values", "an update that did not arrive"].map((after) => ({ name, row, after })),
  );
  test.each(rows)("`up` removes a foreign $name that the program leaves out, after $after", async ({ row, after }) => {
    const { edit, repair: otherEdit, cleared: removal, needs, under } = row;
    world.reset(under?.[0]);
    const args = { ...world.args(needs), ...timeLimits(10) };
    const stack = world.stack();
    await stack.up(args);
    const { id = "" } = stack.state ?? {};
    const edits = after === "an update that did not arrive" ? [edit] : [edit, otherEdit, edit];
    for (const body of edits) {
      world.console.edit(id, body);
      expect(await stack.refresh()).toBe("update");
    }
    if (after === "an update that did not arrive") {
      world.api.fault({ kind: "reset-before", method: "POST", times: Number.POSITIVE_INFINITY });
      await expect(stack.up(args)).rejects.toThrow("may have been done or not");
      world.api.clearFaults();
    }
    world.sent();
    await stack.up(args);
    expect(world.sent()).toContainEqual(["POST", world.path(id), expect.objectContaining(removal)]);
    expect(await stack.refresh()).toBe("same");
  });
});

describe.each(doors)("through the %s provider, an `up` with paused: false", (door) => {
  let world: World<Shown>;
  let paused: World;
  beforeAll(async () => {
    paused = await World.start(undefined, door);
    world = paused;
  });
  afterAll(() => world.stop());
  beforeEach(() => useDoor(door));

  type Steps = (stack: SimulatedStack) => Promise<void>;
  const unpausedByHand: Steps = async (stack) => {
    paused.api.deployments.unpause(paused.live.id);
    await stack.refresh();
  };
  const repaired: Steps = async (stack) => {
    await unpausedByHand(stack);
    await stack.up(paused.args({ paused: true }));
  };
  const adopted: Steps = async (stack) => {
    await stack.up(paused.args({ paused: false }));
  };
  const rows: readonly (readonly [string, Steps])[] = [
    ["an `up` has changed the status back", repaired],
    ["the program has taken over the foreign change, without a request", unpausedByHand],
    ["an `up` has changed the status", adopted],
  ];
  test.each(rows)("never unpauses what the service stopped, after %s", async (_, steps) => {
    paused.reset();
    const stack = paused.stack();
    await stack.up(paused.args({ paused: true }));
    await steps(stack);
    await stack.up(paused.args({ paused: false }));
    paused.api.deployments.pauseByError(paused.live.id, "agent_archived_error");
    expect(await stack.refresh()).toBe("same");
    expect(stack.state?.outputs["paused"]).toBe(false);
    paused.sent();
    await stack.up(paused.args({ paused: false }));
    expect(paused.sent()).toEqual([]);
    expect(paused.live).toMatchObject({ status: "paused" });
  });
});
