import { deploymentOf, failedRemoval, isLive, namedKinds } from "../support/named-by-deployments";
import { type Properties, World } from "../support/world";

const world = World.ofTests();

describe.each(namedKinds)("archiveInUse of an $noun", (row) => {
  const { kind } = row;
  const existing = (more: Properties = {}) => world.existing(kind, { ...kind.least, ...more });

  test("is shown in a preview, and recorded by an `up` that sends nothing; a destroy then archives without reading the deployments", async () => {
    const { stack, id, path } = await existing();
    deploymentOf(world, row, id, "report");
    const declared = { ...kind.least, archiveInUse: true };
    expect(await stack.preview(declared)).toBe("update");
    expect(world.sent()).toEqual([]);
    expect(await stack.up(declared)).toBe("update");
    expect(world.sent()).toEqual([]);
    await stack.findsNoDifference(declared);
    world.sent();
    await stack.destroy();
    expect(world.sent()).toEqual([["POST", `${path}/archive`]]);
  });

  test("has no effect any more after an `up` recorded that it left the program: a destroy fails again", async () => {
    const { stack, id } = await existing({ archiveInUse: true });
    deploymentOf(world, row, id, "report");
    expect(await stack.preview(kind.least)).toBe("update");
    expect(await stack.up(kind.least)).toBe("update");
    expect(world.sent()).toEqual([]);
    expect(await stack.preview(kind.least)).toBe("same");
    expect(await failedRemoval(stack)).toContain("a live deployment uses it");
    expect(isLive(world, row, id)).toBe(true);
  });

  test("is sent in no body", async () => {
    const stack = world.stackOf(kind);
    await stack.up({ ...kind.least, archiveInUse: true });
    await stack.up({ ...kind.least, description: "of all", archiveInUse: false });
    const bodies = world.api.requests.flatMap(({ method, body }) => (method === "POST" ? [Object(body)] : []));
    expect(bodies.map((body) => Object.keys(body).sort())).toEqual([
      ["name", ...Object.keys(kind.least)].sort(),
      ["description", ...(kind.isLocked ? ["version"] : [])],
    ]);
  });
});
