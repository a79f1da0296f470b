import { environment } from "../support/kinds";
import { PluginWorld } from "../support/plugin-world";

let world: PluginWorld;
beforeAll(async () => {
  world = await PluginWorld.start();
});
afterAll(() => world.stop());
beforeEach(() => world.resetAll());

const config = { type: "cloud" };
const named = () => world.api.environments.live().filter(({ name }) => name === "daily");

describe("a create whose answer is lost", () => {
  const lose = (kind: "reset-after" | "reset-before") =>
    world.api.fault({ kind, method: "POST", path: "/environments" });

  test.each(["allow", "conflict"] as const)(
    "makes one environment where keys are honoured and other objects of the name are met with %s",
    async (names) => {
      world.api.switches.duplicateNamesElsewhere = names;
      lose("reset-after");
      const stack = world.stackOf(environment);
      await stack.up({ config });
      expect(named().map(({ id }) => id)).toEqual([stack.state?.id]);
    },
  );

  test.each(["allow", "conflict"] as const)(
    "is an error that names what stands where keys are ignored and names are met with %s, and adopt goes on",
    async (names) => {
      Object.assign(world.api.switches, { duplicateNamesElsewhere: names, idempotencyKeysElsewhere: "ignore" });
      lose("reset-after");
      const stack = world.stackOf(environment);
      const failed = await stack.up({ config }).catch((error: unknown) => error);
      const [{ id } = { id: "" }, ...more] = named();
      expect(more).toEqual([]);
      expect(String(failed)).toContain(`An environment of this name stands, ${id}`);
      expect(String(failed)).toContain(`if it is this one, set adopt: "${id}"`);
      expect(stack.state).toBeUndefined();
      await stack.up({ config, adopt: id });
      expect(named().map((one) => one.id)).toEqual([stack.state?.id]);
    },
  );

  test("never takes over what another one made before, and makes no second one, where keys are ignored", async () => {
    world.api.switches.idempotencyKeysElsewhere = "ignore";
    const { id } = world.api.environments.create({ name: "daily" });
    lose("reset-before");
    const stack = world.stackOf(environment);
    await expect(stack.up({ config })).rejects.toThrow(`An environment of this name stands, ${id}`);
    expect(named()).toHaveLength(1);
    expect(stack.state).toBeUndefined();
  });

  test("is sent again where none of the name stands", async () => {
    world.api.switches.idempotencyKeysElsewhere = "ignore";
    lose("reset-before");
    await world.stackOf(environment).up({ config });
    expect(named()).toHaveLength(1);
  });
});
