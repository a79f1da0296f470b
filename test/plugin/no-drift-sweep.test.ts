import { ofOneCommand } from "../kinds/common";
import { rowOf } from "../kinds/deployment";
import type { Switches } from "../qoder-api";
import { argumentNames } from "../support/deployment";
import { World } from "../support/world";

let world: World;
beforeAll(async () => {
  world = await World.start();
});
afterAll(() => world.stop());
beforeEach(() => world.reset());

/** The forms that a service may give an argument without changing its meaning. */
const normalisations: { readonly [Name in keyof Switches]?: readonly Switches[Name][] } = {
  generation: [1, 2],
  blockContent: ["echo", "string"],
  fillDefaults: [false, true],
  descriptionUnset: ["", null],
  environmentVariables: ["verbatim", "canonical"],
  vaultOrder: ["keep", "sort"],
  casConfig: ["auto", "present"],
};

/** The columns of an orthogonal array of strength 3, so that any three switches meet in all combinations. */
const columns = [0b0001, 0b0010, 0b0100, 0b1000, 0b0111, 0b1011, 0b1101];
const combinations = Array.from({ length: 16 }, (_, row) =>
  Object.fromEntries(
    Object.entries(normalisations).map(([name, values], index) => [name, values[parity(row & (columns[index] ?? 0))]]),
  ),
);

function parity(bits: number): number {
  return [...bits.toString(2)].filter((bit) => bit === "1").length % 2;
}

test("the sweep has every combination of any three switches", () => {
  const names = Object.keys(normalisations);
  for (const one of names) {
    for (const two of names.filter((name) => name !== one)) {
      for (const three of names.filter((name) => name !== one && name !== two)) {
        const met = combinations.map((row) => JSON.stringify([row[one], row[two], row[three]]));
        expect(new Set(met).size).toBe(8);
      }
    }
  }
});

/** One deployment for each form of each argument, with the generations of the API that have the argument. */
const sweep = argumentNames.flatMap((name) => {
  // The sweep pauses by hand; adopt and acknowledge are no properties of a deployment.
  if (name === "paused" || ofOneCommand.includes(name)) {
    return [];
  }
  const { value, otherForms = {}, generations = [1, 2] } = rowOf(name);
  return Object.entries({ "as it is": value, ...otherForms }).map(([form, written]) => ({
    args: { name: `${name} ${form}`, [name]: written },
    generations,
  }));
});
sweep.push({ args: { name: "the least" }, generations: [1, 2] });

async function staysQuiet(args: Record<string, unknown>): Promise<void> {
  const declared = world.args(args);
  const stack = world.stack();
  await stack.up(declared);
  expect(await stack.preview(declared)).toBe("same");
  expect(await stack.refresh()).toBe("same");
  expect(await stack.preview(declared)).toBe("same");
  const id = stack.state?.id ?? "";
  world.api.deployments.pause(id);
  world.api.deployments.unpause(id);
  expect(await stack.refresh()).toBe("same");
  expect(await stack.preview(declared)).toBe("same");
  await stack.up(declared);
  expect(world.api.requests.filter(({ method, path }) => method === "POST" && path.endsWith(id))).toEqual([]);
}

test.each(combinations.map((combination) => [JSON.stringify(combination), combination] as const))(
  "previews and refreshes show no difference if the service shows the arguments as %s",
  async (_, combination) => {
    Object.assign(world.api.switches, combination);
    const rows = sweep.filter(({ generations }) => generations.includes(world.api.switches.generation));
    await Promise.all(rows.map(({ args }) => staysQuiet(args)));
    expect(world.api.deployments.live()).toHaveLength(rows.length);
  },
);
