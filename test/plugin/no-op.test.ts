import { z } from "zod";
import { kinds } from "../kinds";
import type { Switches } from "../qoder-api";
import { richest } from "../support/services";
import { doors, useDoor, World } from "../support/world";

describe.each(kinds)("$label", (kind) => {
  const world = World.ofTests(kind);

  const services: readonly Partial<Switches>[] = [{}, { ...richest, blockContent: "string" }];
  const alone = Object.entries(kind.arguments).flatMap(([name, { value, needs, under = [{}] }]) =>
    under.flatMap((one) =>
      services.map((form) => ({
        title: `${name} ${JSON.stringify({ ...one, ...form })}`,
        switches: { ...form, ...one },
        more: { ...needs, [name]: value },
      })),
    ),
  );
  const otherForms = Object.entries(kind.rows).flatMap(
    ([name, { otherForms: forms = {}, needs, generations = [2 as const] }]) =>
      Object.entries(forms).flatMap(([form, value]) =>
        generations.flatMap((generation) =>
          services.map((switches) => ({
            title: `${name} ${form} ${JSON.stringify(switches)} in generation ${generation}`,
            switches: { generation, ...switches },
            more: { ...needs, [name]: value },
          })),
        ),
      ),
  );
  const cases = [
    ...otherForms,
    { title: "the required arguments only", switches: {}, more: {} },
    ...(kind.secret === undefined
      ? []
      : [{ title: "a secret", switches: {}, more: kind.secret("correct-horse-battery") }]),
    ...alone,
  ];

  test.each(cases)("after an `up` with $title, no command shows a difference", async ({ switches, more }) => {
    world.reset(switches);
    const args = world.args(more);
    const stack = world.stack();
    await stack.up(args);
    const { id } = world.live;
    expect(world.sent()).toEqual(world.creates);
    // The provider needs the age of an object to judge a later 404.
    expect(stack.state?.outputs).toMatchObject({ createdAt: expect.any(String) });
    const made = [world.console.get(id), stack.state?.inputs];

    await stack.findsNoDifference(args);
    expect(world.sent()).toEqual([["GET", world.path(id)]]);
    expect([world.console.get(id), stack.state?.inputs]).toEqual(made);
  });

  test.each(doors)("door %s: an unchanged resource meets a stricter rule in the first preview", async (door) => {
    useDoor(door);
    const [{ switches, more } = { switches: {}, more: {} }] = alone;
    world.reset(switches);
    const args = world.args(more);
    const [ruled] = Object.entries(kind.kind.fields).filter(([name]) => args[name] !== undefined);
    if (ruled === undefined) {
      throw new Error("the resource has no arguments");
    }
    const [name, field] = ruled;
    const stack = world.stack();
    await stack.up(args);
    expect(await stack.preview(args)).toBe("same");
    world.sent();
    const refused = z.custom(() => false, "is not what the newer version takes");
    const rule = jest.replaceProperty(field, "schema", refused);
    await expect(stack.preview(args)).rejects.toThrow(`${name}: `);
    rule.restore();
    expect(await stack.preview(args)).toBe("same");
    expect(world.sent()).toEqual([]);
  });
});
