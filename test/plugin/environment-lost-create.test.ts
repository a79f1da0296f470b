import { z } from "zod";
import { environment } from "../kinds/environment";
import { SimulatedStack } from "../support/simulated-stack";
import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

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

  test("leaves alone what somebody else makes of the name in the meantime", async () => {
    world.api.switches.duplicateNamesElsewhere = "allow";
    lose("reset-after");
    let other: { readonly id: string } | undefined;
    world.api.fault({
      kind: "replace-body",
      method: "GET",
      path: "/environments",
      transform: (list) => {
        other = world.api.environments.create({ name: "daily", description: "of another" });
        return { ...list, data: [other, ...z.array(z.unknown()).parse(list["data"])] };
      },
    });
    const stack = world.stackOf(environment);
    await stack.up({ config, description: "ours" });
    expect(stack.state?.id).not.toBe(other?.id);
    expect(named().map(({ id, description }) => [id, description])).toEqual(
      expect.arrayContaining([
        [stack.state?.id, "ours"],
        [other?.id, "of another"],
      ]),
    );
  });

  test("leaves alone what another resource of the stack just made, where the list shows that one only", async () => {
    world.api.switches.duplicateNamesElsewhere = "allow";
    const provider = world.command({ kind: environment });
    const stackOf = (name: string) =>
      new SimulatedStack(() => provider, `${world.stackOf(environment).origin}-${name}`);
    const other = stackOf("other");
    await other.up({ name: "daily", config, description: "of another" });
    lose("reset-after");
    const showOther = (list: object) => ({ ...list, data: [{ id: other.state?.id, name: "daily" }] });
    world.api.fault({ kind: "replace-body", method: "GET", path: "/environments", transform: showOther });
    const stack = stackOf("ours");
    await stack.up({ name: "daily", config, description: "ours" });
    expect(stack.state?.id).not.toBe(other.state?.id);
    expect(named().map(({ description }) => description)).toEqual(expect.arrayContaining(["ours", "of another"]));
  });

  test("is sent again where none of the name stands", async () => {
    world.api.switches.idempotencyKeysElsewhere = "ignore";
    lose("reset-before");
    await world.stackOf(environment).up({ config });
    expect(named()).toHaveLength(1);
  });
});
