import { createdKinds } from "../kinds";
import { timeLimits } from "../support/time-limits";
import { World } from "../support/world";

/** The object without empty texts, and without the members that each update changes. */
const shown = (live: object): unknown =>
  JSON.parse(JSON.stringify({ ...live, updated_at: "", version: "" }, (_, member) => member || undefined));

describe.each(createdKinds.filter(({ changes }) => changes.length > 0))("$label", (kind) => {
  const world = World.ofTests(kind);

  const rows = Object.entries(kind.rows).filter(([, { sent }]) => Object.keys(sent).length > 0);
  test.each(rows)("a create sends %s, no other member, and without a wait", async (name, row) => {
    const [generation = 2] = row.generations ?? [];
    const bodyOf = async (args: object) => {
      world.reset({ generation });
      await world.stack().up(world.args({ ...row.needs, ...args }));
      return Object(world.sent().at(-1))[2];
    };
    const without = await bodyOf({});
    expect(await bodyOf({ [name]: row.value })).toEqual({ ...without, ...row.sent });
    expect(world.clock.slept).toEqual([]);
  });

  test.each(kind.changes)("`up` sends only a change of $what, and afterwards no difference is left", async (change) => {
    world.reset(change.switches);
    const [before, after] = [world.args(change.before), world.args(change.after)];
    const stack = world.stack();
    await stack.up(before);
    const { id } = world.live;
    // A GET comes first only if the body includes live values of others.
    const changed = Object.keys({ ...change.before, ...change.after });
    const isLooking = changed.some((name) => kind.fields[name]?.buildsOnLive);
    const looks = isLooking ? [["GET", world.path(id)]] : [];
    const body = world.bodyOf(change.sent);
    world.sent();
    expect(await stack.preview(after)).toBe("update");
    expect(world.sent()).toEqual([]);
    expect(await stack.up(after)).toBe("update");
    expect(world.sent()).toEqual([...looks, ["POST", world.path(id), body]]);
    await stack.findsNoDifference(after);
    expect(world.sent()).toEqual([["GET", world.path(id)]]);
  });

  test.each(kind.changes)(
    "after an update of $what without an answer, an `up` of the old program restores all that it changed",
    async (change) => {
      world.reset({ scheduleNull: "accept", ...change.switches });
      const [before, after] = [change.before, change.after].map((args) => world.args({ ...args, ...timeLimits(30) }));
      const stack = world.stack();
      await stack.up({ ...before });
      const shownBefore = shown(world.live);
      world.api.fault({ kind: "reset-after", method: "POST", times: Number.POSITIVE_INFINITY });
      await stack.up({ ...after }).catch(() => {});
      world.api.clearFaults();
      await stack.up({ ...before });
      expect(shown(world.live)).toEqual(shownBefore);
      await stack.findsNoDifference({ ...before });
    },
  );
});
