import { managedKinds } from "../kinds";
import { replacing } from "../kinds/replacing";
import type { Provider } from "../support/provider";
import { doors, type Properties, useDoor, World } from "../support/world";

const config = { "qoder:protect": "true" };
const __command = { isPreview: true };

describe.each(doors)("through the door %s, qoder:protect", (door) => {
  const world = World.ofTests(undefined, door);
  beforeEach(() => useDoor(door));

  async function existing(kind: (typeof managedKinds)[number], args: Properties = {}) {
    world.reset({}, Object(kind));
    const { stack, id } = await world.existing(kind, world.args(args));
    const within = (environment: Record<string, string> = {}, more: Properties = config) => {
      const next = world.again(stack, world.command({ kind, config: Object(more), environment }));
      next.state = stack.state;
      return next;
    };
    return { id, within };
  }

  test.each(managedKinds)(
    "keeps a removed $label, and its error says how to allow and how to undo the removal",
    async (kind) => {
      const isDeleted = "deleteOnDestroy" in kind.fields;
      const { id, within } = await existing(kind, isDeleted ? { deleteOnDestroy: true } : {});
      await expect(within().destroy()).rejects.toThrow(
        new RegExp(
          `delete failed: qoder:protect is true, so ${id} was not ${isDeleted ? "deleted" : "archived"}\\.\\nTo remove this one: QODER_ALLOW_REMOVAL=${id} .* To keep the object: put the resource back into the program`,
        ),
      );
      expect(world.sent()).toEqual([]);
      await within({ QODER_ALLOW_REMOVAL: `other, ${id}` }).destroy();
      expect(world.sent()).not.toEqual([]);
    },
  );

  test.each(replacing.filter(({ kind }) => !kind.isStarted))(
    "refuses the replacement for $place of a $kind.label in the preview",
    async ({ kind, before, after }) => {
      const { id, within } = await existing(kind, before);
      const args = world.args({ ...after, __command });
      await expect(within().preview(args)).rejects.toThrow(
        `QODER_ALLOW_REMOVAL=${id} in the environment of the same command`,
      );
      expect(await within({ QODER_ALLOW_REMOVAL: id }).preview(args)).toBe("replace");
      expect(await within({}, { "qoder:protect": "false" }).preview(args)).toBe("replace");
    },
  );

  test.each(managedKinds.filter(({ isStarted }) => !isStarted))(
    "refuses to create a second $label in place of one that a diff or a refresh of the command has shown",
    async (kind) => {
      for (const does of ["diff", "refresh"] as const) {
        const { id, within } = await existing(kind);
        const command = (environment: Record<string, string> = {}) => world.command({ kind, config, environment });
        /** `--replace`, and `replaceOnChanges` through the plugin, call the diff as for an update or not at all, then a create. */
        const replace = async (provider: Provider) => {
          const { state, origin } = within();
          const { id: old = "", inputs = {}, outputs = {} } = state ?? {};
          const declared = { name: "daily", __origin: origin, ...world.args() };
          if (does === "diff") {
            await provider.check(declared, inputs);
            await provider.diff(old, outputs, inputs);
          } else {
            await provider.read(old, outputs);
          }
          world.sent();
          const { inputs: again } = await provider.check(declared);
          return provider.create(again);
        };
        await expect(replace(command())).rejects.toThrow(`To replace this one: QODER_ALLOW_REMOVAL=${id} `);
        expect(world.sent()).toEqual([]);
        await replace(command({ QODER_ALLOW_REMOVAL: id })).catch(() => {});
        expect(world.sent()).toContainEqual(expect.arrayContaining(["POST"]));
      }
    },
  );

  test("is true or false", async () => {
    world.reset();
    const stack = world.stack(world.command({ config: { "qoder:protect": "yes" } }));
    await expect(stack.preview(world.args())).rejects.toThrow("qoder:protect is neither true nor false");
  });
});
