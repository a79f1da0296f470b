import { deployment } from "../kinds/deployment";
import type { KindRow } from "../kinds/kind-row";
import { shownLines } from "../support/shown-requests";
import { type Properties, type SimulatedStack, World } from "../support/world";

const world = World.ofTests();

/** Previews a replacement like the engine: `check`, `diff`, and `check` again without old inputs. */
async function previewed(stack: SimulatedStack, args: Properties, kind: KindRow = deployment) {
  const { id = "", inputs = {}, outputs = {} } = stack.state ?? {};
  const command = { __command: { isPreview: true, showRequests: true } };
  const declared = { name: "daily", __origin: stack.origin, ...args, ...command };
  world.output.length = 0;
  world.api.clearRequests();
  const run = world.command({ kind: kind });
  const planned = await run.check(declared, inputs);
  const difference = await run.diff(id, outputs, planned.inputs);
  const replacement = await run.check(declared);
  expect(world.api.requests).toEqual([]);
  return { run, difference, before: { id, inputs, outputs }, after: replacement.inputs, shown: shownLines(world) };
}

describe("a replacement", () => {
  test("because of replaceOnChanges is shown after the update that it takes the place of", async () => {
    const stack = world.stack();
    await stack.up(world.args({ schedule: { expression: "0 9 * * *", timezone: "UTC" } }));
    const { before, shown } = await previewed(stack, world.args());
    expect(shown).toEqual([
      `POST /deployments/${before.id} {"schedule":null}`,
      "is replaced, so in place of that update:",
      `POST /deployments/${before.id}/archive`,
      expect.stringMatching(/^POST \/deployments \{"name":"daily",/),
    ]);
  });

  test.each([
    ["the same object", (id: string) => id, ["POST archive", "POST create"]],
    ["another object", () => "dep_other", ["POST archive", "GET dep_other"]],
  ])("of a resource that adopts %s is shown with its archive and its next request", async (_, adopted, expected) => {
    const stack = world.stack();
    await stack.up(world.args());
    const { id } = world.live;
    const { shown } = await previewed(stack, world.args({ adopt: adopted(id) }));
    const requests = {
      "POST archive": `POST /deployments/${id}/archive`,
      "POST create": expect.stringMatching(/^POST \/deployments \{/),
      "GET dep_other": "GET /deployments/dep_other",
    };
    expect(shown.slice(0, 2)).toEqual(expected.map((name) => Object(requests)[name]));
  });
});
