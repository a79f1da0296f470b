import { createdKinds } from "../kinds";
import { file, fileOf } from "../kinds/file";
import { skill, skillOf } from "../kinds/skill";
import { skillMd } from "../support/skill-folder";
import { ShiftedClock } from "../support/skipping-clock";
import { doors, World } from "../support/world";

const hourMs = 3_600_000;
const halfHourMs = hourMs / 2;
const keysIgnored = { idempotencyKeysElsewhere: "ignore" } as const;

const throughBoth = createdKinds.flatMap((kind) => doors.map((door) => ({ label: kind.label, door, kind })));

describe.each(throughBoth)("$label through the door $door", ({ kind, door }) => {
  const world = World.ofTests(kind, door).pin(
    "late",
    "a Date of another hour lets a new object look old, and an old one that answers 404 is gone",
  );
  const all = () => world.console.all().map(({ id }) => id);
  /** A removal deletes the object: of an old one, nothing is visible. */
  const isOldGone = kind.end[0] === "DELETE";

  test.each([0, -2_000, -30_000, -hourMs, 30_000, hourMs])(
    "with a header Date that is %i ms ahead, an `up` right after each destroy creates another object, although the service repeats its answers",
    async (dateAheadMs) => {
      world.reset({ dateAheadMs });
      const stack = world.stack();
      const ids = new Set<string | undefined>();
      let last = stack;
      for (let life = 0; life < 3; life += 1) {
        last = life === 0 ? stack : world.again(stack);
        await last.up(world.args());
        ids.add(last.state?.id);
        expect(all()).toEqual([last.state?.id]);
        await last.destroy();
        for (const id of all()) {
          world.console.remove(id);
        }
      }
      expect(ids.size).toBe(3);
    },
  );

  test.each([-30_000, halfHourMs])("Date %i ms ahead: an `up` of a hidden object fails", async (dateAheadMs) => {
    world.reset({ dateAheadMs });
    world.api.fault({
      ...{ kind: "status", status: 404, method: "GET", path: /_\w+$/ },
      times: Number.POSITIVE_INFINITY,
    });
    const stack = world.stack();
    await expect(stack.up(world.args())).rejects.toThrow(/has answered 404 for both since\.|is taken by/);
    expect(stack.state).toBeUndefined();
    expect(all().length).toBeLessThanOrEqual(2);
  });

  test("with a header Date that is half an hour ahead, an `up` waits for an object that the service shows late", async () => {
    world.reset({ dateAheadMs: halfHourMs, hiddenForMs: 20_000, duplicateCredentials: "allow" });
    const stack = world.stack();
    await stack.up(world.args());
    expect(all()).toContain(stack.state?.id);
    expect(all().length).toBeLessThanOrEqual(isOldGone ? 2 : 1);
    expect(await stack.preview(world.args())).toBe("same");
  });
});

const uploaded = [
  { label: "QoderFile", kind: file, args: () => fileOf("# Words\n") },
  { label: "QoderSkill", kind: skill, args: () => skillOf({ "SKILL.md": skillMd("daily") }) },
];

describe.each(uploaded.flatMap((row) => doors.map((door) => ({ ...row, door }))))(
  "$label through the door $door",
  ({ kind, args, door }) => {
    const world = World.ofTests(kind, door);

    test.each([hourMs, -hourMs, 26 * hourMs])(
      "after a lost answer, an `up` on a machine whose clock is %i ms ahead names the one object that it has made",
      async (aheadMs) => {
        world.reset(keysIgnored);
        const stack = world.stack(world.command({ clock: new ShiftedClock(world.clock, aheadMs) }));
        world.api.fault({ kind: "reset-after", method: "POST", path: world.create });
        const failed = await stack.up(args()).then(() => "nothing failed", String);
        expect(failed).toMatch(
          new RegExp(`got no answer.* It may have made ${world.live.id}, created \\d seconds? ago`),
        );
      },
    );
  },
);
